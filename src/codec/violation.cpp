// What a violation tells the peer: Failed-AVP (RFC 6733 §7.5) and a sentence.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "codec/offender.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

/// Of a header that may be cut short: what it lacks is zero.
avp_head head_of(bytes_view avp) noexcept {
  std::array<std::byte, avp_header_octets> whole{};
  std::memcpy(whole.data(), avp.data(), std::min(whole.size(), avp.size()));
  return avp_head{whole.data()};
}

/// The vendor that a header names; nothing where that much of it did not come.
std::optional<vendor_id> vendor_of(bytes_view avp) noexcept {
  if (avp.size() < head_of(avp).header_octets()) {
    return std::nullopt;
  }
  return head_of(avp).has_vendor() ? vendor_id{load_be32(avp.data() + avp_header_octets)}
                                   : ietf_vendor;
}

std::size_t least_data(const dictionary::avp_definition* definition) noexcept {
  return definition == nullptr ? 0 : min_data_octets(definition->type);
}

/// §7.1.5, 5014: "the offending AVP header and a zero filled payload of the minimum required
/// length"; a header that is cut short is padded with zeros too.
void write_length_offender(writer& out, const violation& v) noexcept {
  std::array<std::byte, vendor_avp_header_octets + 8> avp{};
  const std::size_t header = head_of(v.offender).header_octets();
  const std::size_t length = header + least_data(v.definition);
  std::memcpy(avp.data(), v.offender.data(), std::min(header, v.offender.size()));
  store_be24(avp.data() + 5, static_cast<std::uint32_t>(length));
  out.encoded(bytes_view{avp}.first(padded(length)));
}

/// §7.1.5, 5005: "an example of the missing AVP complete with the Vendor-Id if applicable. The
/// value field of the missing AVP should be of correct minimum length and contain zeros."
void write_example(writer& out, const dictionary::avp_definition& definition) noexcept {
  const std::uint8_t flags =
      definition.mandatory == dictionary::flag_rule::must ? avp_flags::mandatory : std::uint8_t{0};
  const mutable_bytes data =
      out.reserve(definition.code, definition.vendor, flags, least_data(&definition));
  std::fill(data.begin(), data.end(), std::byte{0});
}

/// Appends to a fixed text and cuts what does not fit.
class text_writer {
 public:
  explicit text_writer(std::span<char> out) noexcept : out_{out} {}

  void put(std::string_view text) noexcept {
    const std::size_t n = std::min(text.size(), out_.size() - used_);
    std::copy_n(text.data(), n, out_.data() + used_);
    used_ += n;
  }
  void put(std::uint32_t number) noexcept {
    std::array<char, 10> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    put(std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  [[nodiscard]] std::string_view text() const noexcept { return {out_.data(), used_}; }

 private:
  std::span<char> out_;
  std::size_t used_ = 0;
};

}  // namespace

void write_failed_avp(writer& out, const violation& v) noexcept {
  if (!v.has_failed_avp()) {
    return;
  }
  std::array<std::size_t, max_group_depth> marks{};
  const std::size_t failed = out.begin_group(avps::failed_avp, ietf_vendor, avp_flags::mandatory);
  for (std::size_t i = 0; i < v.depth; ++i) {
    const avp_view group = *avp_range::iterator{v.groups[i]};
    marks[i] = out.begin_group(group.code, group.vendor, group.flags);
  }
  if (v.offender.empty()) {
    write_example(out, *v.definition);
  } else if (is_length_error(v.reason)) {
    write_length_offender(out, v);
  } else {
    out.copy(*avp_range::iterator{v.offender.data()});
  }
  for (std::size_t i = v.depth; i-- > 0;) {
    out.end_group(marks[i]);
  }
  out.end_group(failed);
}

violation make_length_violation(bytes_view rest, errc e,
                                const dictionary::dictionary* names) noexcept {
  violation v;
  v.reason = e;
  v.offender = rest.first(std::min(rest.size(), head_of(rest).header_octets()));
  const auto vendor = vendor_of(v.offender);
  if (names != nullptr && vendor) {
    v.definition = names->find_avp(avp_code{head_of(v.offender).code()}, *vendor);
  }
  return v;
}

violation to_violation(bytes_view message, const decode_error& error,
                       const dictionary::dictionary* names) noexcept {
  if (is_length_error(error.code) && error.offset >= header_octets &&
      error.offset < message.size()) {
    return make_length_violation(message.subspan(error.offset), error.code, names);
  }
  violation v;
  v.reason = error.code;
  return v;
}

std::string_view describe(const violation& v, std::span<char> out) noexcept {
  text_writer text{out};
  if (v.definition != nullptr) {
    text.put(v.definition->name);
    text.put(": ");
  } else if (v.offender.size() >= avp_header_octets) {
    const avp_head head = head_of(v.offender);
    text.put("AVP ");
    text.put(head.code());
    if (const auto vendor = vendor_of(v.offender); vendor && head.has_vendor()) {
      text.put(" of vendor ");
      text.put(vendor->value);
    }
    text.put(": ");
  }
  text.put(to_sentence(v.reason));
  return text.text();
}

}  // namespace diamgw::diameter
