// The headers that AVPs from JSON get, and where they are appended.
#pragma once
#include <cstdint>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/short_copy.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::jsonrpc {

/// The header of an AVP about to be written.
struct avp_place {
  avp_code code;
  vendor_id vendor;
  std::uint32_t flags = 0;  // 8, as they will be on the wire, V included; a word, as it is read
  dictionary::avp_type type = dictionary::avp_type::octet_string;  // its definition's
  /// Given by its code alone: a text is hexadecimal, whatever the type. So it stays what it was
  /// when another dictionary gives that code a name.
  bool by_number = false;
  const dictionary::avp_definition* definition = nullptr;  // null: unknown
};

/// The place of an AVP as its definition has it, or with other flags.
[[nodiscard]] inline avp_place place_of(const dictionary::avp_definition& definition,
                                        std::uint32_t flags) noexcept {
  return {.code = definition.code,
          .vendor = definition.vendor,
          .flags = flags,
          .type = definition.type,
          .definition = &definition};
}
[[nodiscard]] inline avp_place default_place(
    const dictionary::avp_definition& definition) noexcept {
  return place_of(definition, definition.header_flags);
}

/// The same place, put together from its definition. A copy would read in one piece what has just
/// been written in several: the processor cannot forward such stores to the load, and waits some
/// ten cycles until they are in the cache.
[[nodiscard]] inline avp_place rebuilt(const avp_place& at) noexcept {
  return at.definition == nullptr || at.by_number ? at : place_of(*at.definition, at.flags);
}

/// A writer by places: AVPs get the headers that they are given, even one that no sender should
/// write, V set and vendor 0. Once something did not fit, what was written is worthless.
class avp_writer : diameter::writer {
 public:
  avp_writer() noexcept = default;
  /// Leaves 20 octets for the message header.
  explicit avp_writer(mutable_bytes out) noexcept : writer{out} { skip_header(); }

  /// `octets` octets of data for the caller to fill; null on overflow.
  [[nodiscard]] std::byte* reserve(const avp_place& at, std::size_t octets) noexcept {
    return reserve_as(at.code, at.vendor, at.flags, octets);
  }
  void octets(const avp_place& at, bytes_view data) noexcept {
    if (std::byte* const room = reserve(at, data.size()); room != nullptr) {
      copy_short(room, data.data(), data.size());
    }
  }
  void unsigned32(const avp_place& at, std::uint32_t v) noexcept {
    if (std::byte* const room = reserve(at, sizeof v); room != nullptr) {
      store_be32(room, v);
    }
  }
  void unsigned64(const avp_place& at, std::uint64_t v) noexcept {
    if (std::byte* const room = reserve(at, sizeof v); room != nullptr) {
      store_be64(room, v);
    }
  }
  /// What follows is inside the group until `end_group` with the same mark.
  [[nodiscard]] std::uint32_t begin_group(const avp_place& at) noexcept {
    const std::size_t mark = size();
    static_cast<void>(reserve(at, 0));
    return static_cast<std::uint32_t>(mark);
  }
  using writer::end_group;
  using writer::overflowed;
  using writer::rewind;
  using writer::size;
};

}  // namespace diamgw::jsonrpc
