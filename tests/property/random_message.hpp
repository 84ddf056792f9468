// Random messages that keep to their grammar, for tests of whatever reads or writes messages.
#pragma once
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::testing {

struct random_options {
  /// AVPs that the grammar does not name, unknown ones among them, stand between the others.
  bool strangers = true;
  /// All but the fixed AVPs stand in any order.
  bool shuffled = false;
  /// M where the definition says `may`.
  bool free_flags = true;
  /// OctetStrings hold what their AVP's specification says where other decoders look inside.
  bool plain = false;
  /// AVPs in all; near it, only what is required is added.
  std::size_t max_avps = 200;
};

/// The same seed makes the same messages, wherever it runs.
class random_message {
 public:
  random_message(const dictionary::dictionary& names, std::uint32_t seed,
                 const random_options& options = {})
      : names_{names}, options_{options}, random_{seed} {}

  /// A request or answer of `command`: in the order of its grammar, but for strangers.
  [[nodiscard]] std::vector<std::byte> make(const dictionary::command_definition& command,
                                            bool request);

 private:
  using octets = std::vector<std::byte>;

  [[nodiscard]] std::uint32_t below(std::uint32_t n);
  [[nodiscard]] bool chance(std::uint32_t percent) { return below(100) < percent; }
  [[nodiscard]] std::uint64_t edge_number();
  [[nodiscard]] octets avps(std::span<const dictionary::avp_rule> rules, std::size_t depth);
  [[nodiscard]] std::size_t count(const dictionary::avp_rule& rule, std::size_t depth);
  [[nodiscard]] octets avp(const dictionary::avp_definition& definition, std::size_t depth);
  [[nodiscard]] octets stranger(std::span<const dictionary::avp_rule> rules);
  [[nodiscard]] octets value(const dictionary::avp_definition& definition, std::size_t depth);
  [[nodiscard]] octets random_octets(std::size_t most);
  [[nodiscard]] octets address();
  [[nodiscard]] std::string text();
  [[nodiscard]] std::string identity();

  const dictionary::dictionary& names_;
  random_options options_;
  std::mt19937 random_;
  std::size_t avps_left_ = 0;
  std::uint32_t optional_percent_ = 0;
};

}  // namespace diamgw::testing
