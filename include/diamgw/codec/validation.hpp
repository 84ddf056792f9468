// A message against its command's grammar (RFC 6733 §3.2, §4, §7.1.5).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::diameter {

/// Groups within groups, at most, whatever an option says.
inline constexpr std::size_t max_group_depth = 16;

/// What a message is refused for. Views into the message and pointers into the dictionary: valid
/// while both live.
struct violation {
  errc reason = errc::version;
  /// The AVP at fault as far as it is there; empty where it is missing or the header is at fault.
  bytes_view offender;
  /// What the dictionary knows of the AVP at fault; null where it is unknown.
  const dictionary::avp_definition* definition = nullptr;
  /// The headers of the groups around it, outermost first.
  std::array<const std::byte*, max_group_depth> groups{};
  std::size_t depth = 0;

  [[nodiscard]] result_code code() const noexcept { return to_result_code(reason); }
  [[nodiscard]] bool has_failed_avp() const noexcept {
    return !offender.empty() || definition != nullptr;
  }
};

/// Appends the Failed-AVP (§7.5): the offender inside its groups; for a missing AVP an example of
/// the least length; for 5014 its header and zeros of the least length of its type. Nothing where
/// no AVP is at fault.
void write_failed_avp(writer& out, const violation& v) noexcept;

/// The violation that a refused message amounts to; the dictionary gives the least length of the
/// AVP at fault, null will do.
[[nodiscard]] violation to_violation(bytes_view message, const decode_error& error,
                                     const dictionary::dictionary* names) noexcept;

/// Octets that hold any sentence of `describe` but those with very long names.
inline constexpr std::size_t max_sentence = 160;
/// One sentence for Error-Message, e.g. "Origin-Host: required AVP is missing". Cut to `out`.
[[nodiscard]] std::string_view describe(const violation& v, std::span<char> out) noexcept;

/// What is checked of the AVP flags (§4.1; 3009 where it fails).
enum class flag_check : std::uint8_t {
  ignore,         // nothing
  reserved_bits,  // the five unknown bits are clear
  definition,     // and M and P are as the definition has them
};
/// An Enumerated number without a name (§4.3.1; 5004): later releases of a dictionary add some.
enum class unknown_enumerated : std::uint8_t { accept, refuse };

struct validation_options {
  std::size_t max_depth =
      8;  // groups within groups; nested_too_deep above; max_group_depth caps it
  std::size_t max_avps = 65536;  // on one level; too_many_avps above
  flag_check flags = flag_check::definition;
  unknown_enumerated enumerated = unknown_enumerated::refuse;
};

/// What a node should hold other nodes to: flags and enumerations differ between releases, so what
/// can be read is let through.
[[nodiscard]] validation_options lenient_validation() noexcept;

/// Holds what a walk needs, so that none allocates. One thread; the dictionary outlives it.
class validator {
 public:
  using options = validation_options;

  explicit validator(const dictionary::dictionary& names, const options& o = {});
  [[nodiscard]] const dictionary::dictionary& names() const noexcept { return names_; }

  /// The first violation in the order of the message; missing AVPs of a level come last. Nothing
  /// where the message keeps to its grammar.
  /// in:     a message that check_message accepted; its application is taken for known
  /// rules:  unknown AVPs are refused with M (5001) and passed over without; AVPs that no rule
  ///         admits likewise (5008). An E-bit answer follows §7.2's grammar. An answer that
  ///         reports an error may leave out what its command requires. The inside of Failed-AVP
  ///         is not looked at.
  /// cost:   O(AVPs) look-ups in the dictionary, no allocation.
  [[nodiscard]] std::optional<violation> validate(const message_view& m) noexcept;
  /// The same where the caller has looked the command up.
  [[nodiscard]] std::optional<violation> validate(
      const message_view& m, const dictionary::command_definition& command) noexcept;
  /// Without the header: for commands that are never forwarded, whose P bit says nothing (§3).
  [[nodiscard]] std::optional<violation> validate_avps(
      const message_view& m, const dictionary::command_definition& command) noexcept;
  /// No more than what makes AVPs unusable, for a reader that has rules of its own for which of
  /// them must be there: an unknown AVP with M (5001), and lengths that the types do not have
  /// (5014), in groups too. Neither number and place of AVPs nor flags nor values; and that a group
  /// does not count its last padding in is forgiven.
  [[nodiscard]] std::optional<violation> validate_contents(const message_view& m) noexcept;

 private:
  struct level;
  [[nodiscard]] bool walk_contents(avp_range avps, std::size_t depth) noexcept;
  [[nodiscard]] bool walk_contents_of_group(const avp_view& group,
                                            const dictionary::avp_definition& definition,
                                            std::size_t depth) noexcept;
  [[nodiscard]] bool walk(avp_range avps, std::span<const dictionary::avp_rule> rules,
                          bool check_minimum, std::size_t depth) noexcept;
  [[nodiscard]] bool place(const avp_view& avp, const dictionary::avp_definition* definition,
                           level& l) noexcept;
  [[nodiscard]] bool check_avp(const avp_view& avp, const dictionary::avp_definition& definition,
                               std::size_t depth) noexcept;
  [[nodiscard]] bool enter_group(const avp_view& group,
                                 const dictionary::avp_definition& definition,
                                 std::size_t depth) noexcept;
  [[nodiscard]] std::optional<avp_range> open_group(const avp_view& group,
                                                    const dictionary::avp_definition& definition,
                                                    std::size_t depth) noexcept;
  [[nodiscard]] bool check_error_answer(const message_view& m) noexcept;
  bool refuse(errc reason, bytes_view offender, const dictionary::avp_definition* definition,
              std::size_t depth) noexcept;

  const dictionary::dictionary& names_;
  options options_;
  std::size_t stride_ = 0;             // the most rules that a grammar has
  std::vector<std::uint32_t> counts_;  // `stride_` for each depth
  violation found_;
};

}  // namespace diamgw::diameter
