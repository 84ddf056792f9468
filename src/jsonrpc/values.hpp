// One AVP's data as JSON and back, by its type.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/avp.hpp"
#include "diamgw/diameter/message.hpp"
#include "diamgw/dictionary/types.hpp"
#include "jsonrpc/json_parser.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {

/// The header of an AVP about to be written.
struct avp_place {
  avp_code code;
  vendor_id vendor;
  std::uint8_t flags = 0;  // as they will be on the wire, V included
  const dictionary::avp_definition* definition = nullptr;  // null: unknown, an OctetString

  [[nodiscard]] dictionary::avp_type type() const noexcept {
    return definition != nullptr ? definition->type : dictionary::avp_type::octet_string;
  }
};

/// The same place, put together from its definition: a copy as a whole would wait for the small
/// writes that have just made `at`.
[[nodiscard]] inline avp_place copy_of(const avp_place& at) noexcept {
  return at.definition == nullptr
             ? at
             : avp_place{at.definition->code, at.definition->vendor, at.flags, at.definition};
}

/// The place of an AVP as its definition has it.
[[nodiscard]] inline avp_place default_place(
    const dictionary::avp_definition& definition) noexcept {
  return {definition.code, definition.vendor, definition.header_flags, &definition};
}

/// Appends AVPs with the headers that they are given, even one that no sender should write: V set
/// and vendor 0. What does not fit sets `overflowed()`, and is left out with all that follows.
class avp_writer {
 public:
  avp_writer() noexcept = default;
  /// Leaves 20 octets for the message header.
  explicit avp_writer(mutable_bytes out) noexcept : out_{out} {
    overflowed_ = out.size() < diameter::header_octets;
    used_ = overflowed_ ? 0 : diameter::header_octets;
  }

  /// `octets` octets of data for the caller to fill; null on overflow.
  [[nodiscard]] std::byte* reserve(const avp_place& at, std::size_t octets) noexcept {
    const bool vendor = (at.flags & diameter::avp_flags::vendor) != 0;
    const std::size_t header =
        vendor ? diameter::vendor_avp_header_octets : diameter::avp_header_octets;
    const std::size_t whole = diameter::padded(header + octets);
    if (overflowed_ || whole > out_.size() - used_ || whole > diameter::max_avp_octets) {
      overflowed_ = true;
      return nullptr;
    }
    std::byte* const p = out_.data() + used_;
    used_ += whole;
    store_be32(p + whole - 4, 0);  // the padding; what else lies there is written over
    store_be32(p, at.code.value);
    store_be32(p + 4,
               (std::uint32_t{at.flags} << 24U) | static_cast<std::uint32_t>(header + octets));
    if (vendor) {
      store_be32(p + 8, at.vendor.value);
    }
    return p + header;
  }
  void octets(const avp_place& at, bytes_view data) noexcept {
    std::byte* const room = reserve(at, data.size());
    if (room != nullptr && !data.empty()) {
      std::memcpy(room, data.data(), data.size());
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
  [[nodiscard]] std::size_t begin_group(const avp_place& at) noexcept {
    const std::size_t mark = used_;
    static_cast<void>(reserve(at, 0));
    return mark;
  }
  void end_group(std::size_t mark) noexcept {
    const std::size_t length = used_ - mark;
    if (overflowed_ || length > diameter::max_avp_octets) {
      overflowed_ = true;
      return;
    }
    store_be24(out_.data() + mark + 5, static_cast<std::uint32_t>(length));
  }
  /// Cuts back to a size that `size()` once gave. An overflow stays one.
  void rewind(std::size_t size) noexcept { used_ = size; }

  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

 private:
  mutable_bytes out_;
  std::size_t used_ = 0;
  bool overflowed_ = false;
};

/// Appends the AVP; empty, or what was expected where the value is not of the AVP's type.
[[nodiscard]] std::string_view write_avp(avp_writer& out, const avp_place& at,
                                         const scalar& value) noexcept;

/// The same from {"text": …} and {"hex": …}: the octets as they are, whatever the type.
void write_avp_text(avp_writer& out, const avp_place& at, std::string_view text) noexcept;
/// False where the digits are wrong.
[[nodiscard]] bool write_avp_hex(avp_writer& out, const avp_place& at,
                                 std::string_view digits) noexcept;

/// Appends the JSON of data that is no group, so that write_avp reads the same octets from it:
/// {"hex": …} where the data is not of its type.
void write_json(text_writer& out, const dictionary::avp_definition* definition,
                bytes_view data) noexcept;
void write_raw_json(text_writer& out, bytes_view data) noexcept;

}  // namespace diamgw::jsonrpc
