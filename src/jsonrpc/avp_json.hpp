// Lists of AVPs as JSON, in both forms.
#pragma once
#include <cstddef>
#include <span>

#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {

/// Groups within groups that are written as such; deeper ones are hex, in either form.
inline constexpr std::size_t max_json_groups = 16;

/// Writes the levels of a message, one walk each where it can: nearly always each AVP has a name
/// and those of one name stand together ("runs"), so that a member is written when its first AVP
/// comes. Where that turns out wrong, the level is written again by names that were collected
/// before.
class avp_json {
 public:
  using rules_view = std::span<const dictionary::avp_rule>;

  avp_json(text_writer& out, const dictionary::dictionary& names) noexcept
      : out_{out}, names_{names} {}

  /// An object of them. `rules` tell which AVPs may repeat: those are arrays even when there is
  /// one.
  void object(diameter::avp_range avps, rules_view rules) noexcept;
  /// The same without braces, as further members of an object: each begins with a comma.
  void members(diameter::avp_range avps, rules_view rules) noexcept;
  /// The elements of an array without its brackets.
  void elements(diameter::avp_range avps, bool first, std::size_t depth = 0) noexcept;

 private:
  // What returns a place in the text, where it ends, takes the one where it begins, which is in a
  // register so. Null where something does not fit, which `out_` knows then.

  /// Null, too, where the octets are no list of AVPs, or the AVPs of one name do not stand
  /// together, or one has no name.
  [[nodiscard]] char* members_in_runs(char* p, bytes_view avps, rules_view rules,
                                      std::size_t depth) noexcept;
  /// Null, too, where its members cannot be written so, and where it is too deep.
  [[nodiscard]] char* group(char* p, const dictionary::avp_definition& definition, bytes_view data,
                            std::size_t depth) noexcept;
  /// Any value that could not be written at once.
  [[nodiscard]] char* other_value(char* p, const dictionary::avp_definition& definition,
                                  bytes_view data, std::size_t depth) noexcept;
  /// The members as an object: the first comma becomes its brace.
  [[nodiscard]] char* as_object(char* begin, char* members_end) noexcept;

  [[nodiscard]] bool may_try(bytes_view group) const noexcept;
  void note_failure(bytes_view group) noexcept;

  void members_in_any_order(diameter::avp_range avps, rules_view rules, std::size_t depth) noexcept;
  void value(const dictionary::avp_definition& definition, bytes_view data,
             std::size_t depth) noexcept;
  void element(const diameter::avp_view& avp, const dictionary::avp_definition* definition,
               std::size_t depth) noexcept;

  text_writer& out_;
  const dictionary::dictionary& names_;
  std::size_t rewritten_ = 0;  // octets of groups that were tried in vain
  // Octets of groups that are tried without a look: in more there might be too many AVPs.
  std::size_t most_unchecked_ = diameter::check_options{}.max_avps * diameter::avp_header_octets;
};

}  // namespace diamgw::jsonrpc
