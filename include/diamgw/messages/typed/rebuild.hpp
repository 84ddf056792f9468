// From views to structs: a message that was read, to be changed and written again.
#pragma once
#include <cstddef>
#include <memory_resource>
#include <optional>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/messages/typed/record.hpp"
#include "diamgw/messages/typed/view.hpp"

namespace diamgw::diameter::typed {

/// Fills the members of the struct `self` from AVPs; lists, groups and `kept` are of `memory`,
/// octets and texts point into `octets`. Groups are entered.
/// in:     `base` octets in front of the AVPs
/// errors: as `decode` of the record's view and of those of all groups in it; nested_too_deep.
///         Offsets count from the first of `octets`.
/// cost:   O(AVPs)
[[nodiscard]] std::optional<decode_error> read_members(const record& r, bytes_view octets,
                                                       std::size_t base, void* self,
                                                       std::pmr::memory_resource& memory);

/// Fills a struct that has no members yet: what `rebuild` does, where the struct is the caller's.
template <class View, std::size_t N>
[[nodiscard]] std::optional<decode_error> rebuild_in(typename View::rebuilt& out,
                                                     const message_fields<View, N>& view,
                                                     std::pmr::memory_resource& memory) {
  const message_view message = view.message();
  if constexpr (requires { out.command = message.command(); }) {
    out.command = message.command();
  }
  out.flags = message.flags();
  out.application = message.application();
  out.hop_by_hop = message.hop_by_hop();
  out.end_to_end = message.end_to_end();
  return read_members(View::rebuilt::record, message.octets(), header_octets, &out, memory);
}
template <class View, std::size_t N>
[[nodiscard]] std::optional<decode_error> rebuild_in(typename View::rebuilt& out,
                                                     const group_fields<View, N>& view,
                                                     std::pmr::memory_resource& memory) {
  return read_members(View::rebuilt::record, view.octets(), 0, &out, memory);
}

/// What a view reads as its struct, with AVPs outside the grammar; written again, it gives the same
/// octets. Every group in it is entered.
/// in:     lists and groups will be of `memory`; octets and texts stay where the view has them
/// errors: as `decode` of the view and of all groups in it; nested_too_deep
/// cost:   O(AVPs)
template <class View>
[[nodiscard]] decoded<typename View::rebuilt> rebuild(const View& view,
                                                      std::pmr::memory_resource& memory) {
  typename View::rebuilt out;
  if (const auto fault = rebuild_in(out, view, memory)) {
    return *fault;
  }
  return out;
}

}  // namespace diamgw::diameter::typed
