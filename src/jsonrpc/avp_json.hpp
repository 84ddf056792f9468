// Lists of AVPs as JSON, in both forms.
#pragma once
#include <cstddef>
#include <span>

#include "diamgw/diameter/avp.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {

/// Groups within groups that are written as such; deeper ones are hex, in either form.
inline constexpr std::size_t max_json_groups = 16;

/// Different AVPs on one level that the object form names; the others are in its "AVP" list.
inline constexpr std::size_t max_json_names = 128;

class avp_json {
 public:
  avp_json(text_writer& out, const dictionary::dictionary& names) noexcept
      : out_{out}, names_{names} {}

  /// The members of an object without its braces. `rules` tell which AVPs may repeat: those are
  /// arrays even when there is one. `first`: nothing was written into the object yet.
  void members(diameter::avp_range avps, std::span<const dictionary::avp_rule> rules, bool first,
               std::size_t depth = 0) noexcept;
  /// The elements of an array without its brackets.
  void elements(diameter::avp_range avps, bool first, std::size_t depth = 0) noexcept;

 private:
  /// False, with a part written, where the AVPs of one name do not stand together, or have none.
  [[nodiscard]] bool members_in_runs(diameter::avp_range avps,
                                     std::span<const dictionary::avp_rule> rules, bool first,
                                     std::size_t depth) noexcept;
  void members_in_any_order(diameter::avp_range avps, std::span<const dictionary::avp_rule> rules,
                            bool first, std::size_t depth) noexcept;
  void object_value(const diameter::avp_view& avp, const dictionary::avp_definition& definition,
                    std::size_t depth) noexcept;
  void element(const diameter::avp_view& avp, const dictionary::avp_definition* definition,
               std::size_t depth) noexcept;

  text_writer& out_;
  const dictionary::dictionary& names_;
};

}  // namespace diamgw::jsonrpc
