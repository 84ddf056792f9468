// Faults that the simulated server is told to have: late answers, wrong ones, none at all. What a
// client of it must survive can so be tried out.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/base/random_sequence.hpp"
#include "diamgw/base/result.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::sim {

struct fault {
  std::optional<command_code> command{};        // nothing: any
  std::optional<application_id> application{};  // likewise
  double chance = 1;                            // of the requests that fit; above 0
  std::uint32_t times = 0;                      // so often, then no more; 0: for ever
  std::chrono::milliseconds delay{};            // the answer is sent so much later
  std::uint32_t result_code = 0;                // of an answer in the server's place; 0: its own
  bool no_answer = false;
};

/// A fault as people write it: names and values, those of docs/operations.md.
using fault_fields = std::vector<std::pair<std::string, std::string>>;

/// errors: a sentence that says what is wrong and what is allowed
[[nodiscard]] result<fault, std::string> make_fault(const fault_fields& fields,
                                                    const dictionary::dictionary& names);
/// Of "command=CCR,chance=0.1,delay=2s"; a name alone ("no_answer") is true.
[[nodiscard]] result<fault, std::string> parse_fault(std::string_view text,
                                                     const dictionary::dictionary& names);
/// The other way round; what is at its default is left out.
[[nodiscard]] fault_fields fields_of(const fault& f);

/// Which fault meets which request. Not shared between threads.
class fault_list {
 public:
  /// More are refused by whoever reads them.
  static constexpr std::size_t max_faults = 64;

  struct entry {
    fault what;
    std::uint64_t applied = 0;
  };

  explicit fault_list(std::uint64_t seed) : seed_{seed}, random_{seed} {}

  /// In the place of all; chances begin anew, so that equal requests meet equal faults.
  void replace(std::vector<fault> all);
  /// The first that fits, is not used up, and whose chance comes up; counted as applied.
  [[nodiscard]] const fault* choose(application_id application, command_code command) noexcept;

  [[nodiscard]] std::span<const entry> entries() const noexcept { return entries_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

 private:
  std::uint64_t seed_;
  random_sequence random_;
  std::vector<entry> entries_;
};

}  // namespace diamgw::sim
