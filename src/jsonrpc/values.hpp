// One AVP's data as JSON and back, by its type.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/writer.hpp"
#include "diamgw/dictionary/types.hpp"
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

/// The place of an AVP as its definition has it.
[[nodiscard]] avp_place default_place(const dictionary::avp_definition& definition) noexcept;

/// A writer that also writes the one header that diameter::writer would not: V set, vendor 0.
class avp_writer {
 public:
  avp_writer() noexcept : writer_{mutable_bytes{}} {}
  /// Leaves 20 octets for the message header.
  explicit avp_writer(mutable_bytes out) noexcept;

  [[nodiscard]] mutable_bytes reserve(const avp_place& at, std::size_t octets) noexcept;
  void octets(const avp_place& at, bytes_view data) noexcept;
  void unsigned32(const avp_place& at, std::uint32_t v) noexcept;
  void unsigned64(const avp_place& at, std::uint64_t v) noexcept;
  [[nodiscard]] std::size_t begin_group(const avp_place& at) noexcept;
  void end_group(std::size_t mark) noexcept { writer_.end_group(mark); }
  void rewind(std::size_t size) noexcept { writer_.rewind(size); }

  [[nodiscard]] std::size_t size() const noexcept { return writer_.size(); }
  [[nodiscard]] bool overflowed() const noexcept { return writer_.overflowed(); }

 private:
  mutable_bytes out_;
  diameter::writer writer_;
};

/// A JSON value that is no object or array.
struct scalar {
  enum class kind : std::uint8_t { string, integer, real, boolean, null };
  kind what = kind::null;
  std::string_view text;  // of a string: unescaped; of a number: the token
  bool truth = false;
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
