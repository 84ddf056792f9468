// CER, DWR and CCR written and read by hand: the floor of marshal_bench. Each function knows its
// one message, its AVPs and their order, and nothing else; lengths are checked as on the wire.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench {

struct cer_values {
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t ipv4 = 0;
  std::uint32_t vendor_id = 0;
  std::string_view product_name;
  std::uint32_t origin_state_id = 0;
  std::uint32_t auth_application_id = 0;
  std::uint32_t firmware_revision = 0;
};

struct dwr_values {
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t origin_state_id = 0;
};

struct ccr_values {
  std::string_view session_id;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::string_view destination_realm;
  std::uint32_t auth_application_id = 0;
  std::string_view service_context_id;
  std::uint32_t request_type = 0;
  std::uint32_t request_number = 0;
  std::uint32_t subscription_type = 0;
  std::string_view subscription_data;
  std::uint64_t total_octets = 0;
  std::uint32_t rating_group = 0;
};

namespace by_hand {

constexpr std::size_t padded(std::size_t n) noexcept {
  return (n + 3U) & ~std::size_t{3};
}
inline std::size_t text_octets(std::string_view text) noexcept {
  return 8 + padded(text.size());
}

inline std::byte* put_header(std::byte* p, std::uint32_t code, std::size_t length) noexcept {
  store_be32(p, code);
  store_be32(p + 4, 0x40000000U | static_cast<std::uint32_t>(length));
  return p + 8;
}
inline std::byte* put_u32(std::byte* p, std::uint32_t code, std::uint32_t v) noexcept {
  store_be32(put_header(p, code, 12), v);
  return p + 12;
}
inline std::byte* put_text(std::byte* p, std::uint32_t code, std::string_view text) noexcept {
  std::byte* const end = p + text_octets(text);
  store_be32(end - 4, 0);
  std::memcpy(put_header(p, code, 8 + text.size()), text.data(), text.size());
  return end;
}
inline std::byte* put_message(std::byte* p, std::size_t length, std::uint32_t flags_and_command,
                              std::uint32_t application) noexcept {
  store_be32(p, 0x01000000U | static_cast<std::uint32_t>(length));
  store_be32(p + 4, flags_and_command);
  store_be32(p + 8, application);
  store_be64(p + 12, 0x0000000700000008U);
  return p + 20;
}

inline std::size_t encode(const cer_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.origin_host) + text_octets(v.origin_realm) + 16 + 12 +
                           text_octets(v.product_name) + 12 + 12 + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x80000101U, 0);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  std::byte* const address = put_header(p, 257, 14);
  store_be16(address, 1);
  store_be32(address + 2, v.ipv4);
  store_be16(address + 6, 0);
  p = put_u32(p + 16, 266, v.vendor_id);
  p = put_text(p, 269, v.product_name);
  store_be32(p - padded(v.product_name.size()) - 4,
             static_cast<std::uint32_t>(8 + v.product_name.size()));  // M must not be set (§5.3.7)
  p = put_u32(p, 278, v.origin_state_id);
  p = put_u32(p, 258, v.auth_application_id);
  p = put_u32(p, 267, v.firmware_revision);
  store_be32(p - 8, 12);  // nor here (§5.3.4)
  return size;
}

inline std::size_t encode(const dwr_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.origin_host) + text_octets(v.origin_realm) + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x80000118U, 0);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  put_u32(p, 278, v.origin_state_id);
  return size;
}

inline std::size_t encode(const ccr_values& v, mutable_bytes out) noexcept {
  const std::size_t subscription = 8 + 12 + text_octets(v.subscription_data);
  const std::size_t size = 20 + text_octets(v.session_id) + text_octets(v.origin_host) +
                           text_octets(v.origin_realm) + text_octets(v.destination_realm) + 12 +
                           text_octets(v.service_context_id) + 12 + 12 + subscription + 8 + 24 + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0xc0000110U, 4);
  p = put_text(p, 263, v.session_id);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_text(p, 283, v.destination_realm);
  p = put_u32(p, 258, v.auth_application_id);
  p = put_text(p, 461, v.service_context_id);
  p = put_u32(p, 416, v.request_type);
  p = put_u32(p, 415, v.request_number);
  p = put_header(p, 443, subscription);
  p = put_u32(p, 450, v.subscription_type);
  p = put_text(p, 444, v.subscription_data);
  p = put_header(p, 456, 8 + 24 + 12);
  p = put_header(p, 437, 24);
  p = put_header(p, 421, 16);
  store_be64(p, v.total_octets);
  put_u32(p + 8, 432, v.rating_group);
  return size;
}

/// Calls `each(code, data)` per AVP; false where a length lies or `each` says so.
template <class Each>
[[nodiscard]] bool walk(bytes_view octets, Each each) noexcept {
  while (!octets.empty()) {
    if (octets.size() < 8) {
      return false;
    }
    const std::size_t length = load_be24(octets.data() + 5);
    if (length < 8 || padded(length) > octets.size() ||
        !each(load_be32(octets.data()), octets.subspan(8, length - 8))) {
      return false;
    }
    octets = octets.subspan(padded(length));
  }
  return true;
}
inline bool get(bytes_view data, std::uint32_t& v) noexcept {
  if (data.size() != 4) {
    return false;
  }
  v = load_be32(data.data());
  return true;
}
inline bool get(bytes_view data, std::uint64_t& v) noexcept {
  if (data.size() != 8) {
    return false;
  }
  v = load_be64(data.data());
  return true;
}
inline bool get(bytes_view data, std::string_view& v) noexcept {
  v = as_text(data);
  return true;
}

[[nodiscard]] inline bool header_is_sound(bytes_view message, std::uint32_t command) noexcept {
  return message.size() >= 20 && load_be32(message.data()) == (0x01000000U | message.size()) &&
         load_be24(message.data() + 5) == command;
}

[[nodiscard]] inline bool decode(bytes_view message, cer_values& v) noexcept {
  return header_is_sound(message, 257) &&
         walk(message.subspan(20), [&](std::uint32_t code, bytes_view data) {
           switch (code) {
             case 264:
               return get(data, v.origin_host);
             case 296:
               return get(data, v.origin_realm);
             case 257:
               return data.size() == 6 && get(data.subspan(2), v.ipv4);
             case 266:
               return get(data, v.vendor_id);
             case 269:
               return get(data, v.product_name);
             case 278:
               return get(data, v.origin_state_id);
             case 258:
               return get(data, v.auth_application_id);
             case 267:
               return get(data, v.firmware_revision);
             default:
               return true;
           }
         });
}

[[nodiscard]] inline bool decode(bytes_view message, dwr_values& v) noexcept {
  return header_is_sound(message, 280) &&
         walk(message.subspan(20), [&](std::uint32_t code, bytes_view data) {
           switch (code) {
             case 264:
               return get(data, v.origin_host);
             case 296:
               return get(data, v.origin_realm);
             case 278:
               return get(data, v.origin_state_id);
             default:
               return true;
           }
         });
}

[[nodiscard]] inline bool decode_service(bytes_view group, ccr_values& v) noexcept {
  return walk(group, [&](std::uint32_t code, bytes_view data) {
    if (code == 437) {
      return walk(data, [&](std::uint32_t unit, bytes_view value) {
        return unit != 421 || get(value, v.total_octets);
      });
    }
    return code != 432 || get(data, v.rating_group);
  });
}

[[nodiscard]] inline bool decode(bytes_view message, ccr_values& v) noexcept {
  return header_is_sound(message, 272) &&
         walk(message.subspan(20), [&](std::uint32_t code, bytes_view data) {
           switch (code) {
             case 263:
               return get(data, v.session_id);
             case 264:
               return get(data, v.origin_host);
             case 296:
               return get(data, v.origin_realm);
             case 283:
               return get(data, v.destination_realm);
             case 258:
               return get(data, v.auth_application_id);
             case 461:
               return get(data, v.service_context_id);
             case 416:
               return get(data, v.request_type);
             case 415:
               return get(data, v.request_number);
             case 443:
               return walk(data, [&](std::uint32_t part, bytes_view value) {
                 return part == 450   ? get(value, v.subscription_type)
                        : part == 444 ? get(value, v.subscription_data)
                                      : true;
               });
             case 456:
               return decode_service(data, v);
             default:
               return true;
           }
         });
}

}  // namespace by_hand
}  // namespace diamgw::bench
