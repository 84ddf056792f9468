// Makes Diameter messages for tests, right ones and, octet by octet, wrong ones.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::test {

using octets = std::vector<std::byte>;

inline constexpr std::uint8_t m_bit = diameter::avp_flags::mandatory;

[[nodiscard]] inline octets to_octets(std::string_view text) {
  const bytes_view view = as_bytes(text);
  return {view.begin(), view.end()};
}

[[nodiscard]] inline octets be32_octets(std::uint32_t value) {
  octets out(4);
  store_be32(out.data(), value);
  return out;
}

/// A list of AVPs; independent of `writer`, so that it can be held against it.
class avp_builder {
 public:
  /// `wrong_length` replaces the AVP Length where it is not 0.
  avp_builder& avp(avp_code code, vendor_id vendor, std::uint8_t flags, bytes_view data,
                   std::uint32_t wrong_length = 0) {
    const bool has_vendor = vendor != ietf_vendor;
    const std::size_t header = has_vendor ? 12 : 8;
    const auto length = static_cast<std::uint32_t>(header + data.size());
    put(be32_octets(code.value));
    const std::uint32_t bits = flags | (has_vendor ? 0x80U : 0U);
    put(be32_octets((bits << 24U) | (wrong_length != 0 ? wrong_length : length)));
    if (has_vendor) {
      put(be32_octets(vendor.value));
    }
    put(data);
    out_.resize((out_.size() + 3) / 4 * 4);
    return *this;
  }
  avp_builder& avp(avp_code code, std::string_view text) {
    return avp(code, ietf_vendor, m_bit, as_bytes(text));
  }
  avp_builder& avp(avp_code code, std::uint32_t value) {
    return avp(code, ietf_vendor, m_bit, be32_octets(value));
  }
  avp_builder& group(avp_code code, const avp_builder& inside) {
    return avp(code, ietf_vendor, m_bit, inside.out_);
  }
  /// Octets as they are.
  avp_builder& raw(bytes_view data) {
    put(data);
    return *this;
  }

  [[nodiscard]] const octets& list() const { return out_; }

 protected:
  octets out_;

 private:
  void put(bytes_view data) { out_.insert(out_.end(), data.begin(), data.end()); }
};

/// A whole message: `message_builder{commands::credit_control,
/// application_id{4}}.avp(...).build()`.
class message_builder {
 public:
  explicit message_builder(command_code command, application_id application = base_application,
                           std::uint8_t flags = diameter::command_flags::request) {
    avps_.raw(be32_octets(0x01000000U));
    avps_.raw(be32_octets((std::uint32_t{flags} << 24U) | command.value));
    avps_.raw(be32_octets(application.value));
    avps_.raw(be32_octets(0x11223344U));
    avps_.raw(be32_octets(0x55667788U));
  }

  message_builder& avp(avp_code code, vendor_id vendor, std::uint8_t flags, bytes_view data,
                       std::uint32_t wrong_length = 0) {
    avps_.avp(code, vendor, flags, data, wrong_length);
    return *this;
  }
  message_builder& avp(avp_code code, std::string_view text) {
    avps_.avp(code, text);
    return *this;
  }
  message_builder& avp(avp_code code, std::uint32_t value) {
    avps_.avp(code, value);
    return *this;
  }
  message_builder& group(avp_code code, const avp_builder& inside) {
    avps_.group(code, inside);
    return *this;
  }
  message_builder& raw(bytes_view data) {
    avps_.raw(data);
    return *this;
  }

  [[nodiscard]] octets build() const {
    octets out = avps_.list();
    store_be24(out.data() + 1, static_cast<std::uint32_t>(out.size()));
    return out;
  }

 private:
  avp_builder avps_;
};

}  // namespace diamgw::test
