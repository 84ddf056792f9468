#include "codec/base_floor.hpp"

#include "codec/by_hand.hpp"

namespace diamgw::bench::by_hand {
namespace {

/// Host-IP-Address of IPv4: 14 octets, padded to 16.
[[nodiscard]] std::byte* put_ipv4(std::byte* p, std::uint32_t address) noexcept {
  p = put_header(p, 257, mandatory, 6);
  store_be16(p, 1);
  store_be32(p + 2, address);
  store_be16(p + 6, 0);
  return p + 8;
}

}  // namespace

std::size_t encode(const cer_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.origin_host) + text_octets(v.origin_realm) + 16 + 12 +
                           text_octets(v.product_name) + 12 + 12 + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x80000101U, 0, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_ipv4(p, v.ipv4);
  p = put_u32(p, 266, v.vendor_id);
  p = put_text(p, 269, v.product_name, optional);
  p = put_u32(p, 278, v.origin_state_id);
  p = put_u32(p, 258, v.auth_application_id);
  static_cast<void>(put_u32(p, 267, v.firmware_revision, optional));
  return size;
}

std::size_t encode(const cea_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + 12 + text_octets(v.origin_host) + text_octets(v.origin_realm) + 16 +
                           12 + text_octets(v.product_name) + 12 + 12 + 12 + (8 + 12 + 12) + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x00000101U, 0, v.hop_by_hop, v.end_to_end);
  p = put_u32(p, 268, v.result_code);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_ipv4(p, v.ipv4);
  p = put_u32(p, 266, v.vendor_id);
  p = put_text(p, 269, v.product_name, optional);
  p = put_u32(p, 278, v.origin_state_id);
  p = put_u32(p, 265, v.supported_vendor_id);
  p = put_u32(p, 258, v.auth_application_id);
  p = put_header(p, 260, mandatory, 24);
  p = put_u32(p, 266, v.application_vendor_id);
  p = put_u32(p, 258, v.vendor_auth_application_id);
  static_cast<void>(put_u32(p, 267, v.firmware_revision, optional));
  return size;
}

std::size_t encode(const dwr_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.origin_host) + text_octets(v.origin_realm) + 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x80000118U, 0, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  static_cast<void>(put_u32(p, 278, v.origin_state_id));
  return size;
}

std::size_t encode(const acr_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.session_id) + text_octets(v.origin_host) +
                           text_octets(v.origin_realm) + text_octets(v.destination_realm) + 3 * 12 +
                           text_octets(v.user_name) + text_octets(v.destination_host) + 16 + 3 * 12;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0xc000010fU, 3, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 263, v.session_id);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_text(p, 283, v.destination_realm);
  p = put_u32(p, 480, v.record_type);
  p = put_u32(p, 485, v.record_number);
  p = put_u32(p, 259, v.acct_application_id);
  p = put_text(p, 1, v.user_name);
  p = put_text(p, 293, v.destination_host);
  p = put_u64(p, 287, v.sub_session_id);
  p = put_u32(p, 85, v.interim_interval);
  p = put_u32(p, 278, v.origin_state_id);
  static_cast<void>(put_u32(p, 55, v.event_timestamp));
  return size;
}

bool decode(bytes_view message, cer_values& v) noexcept {
  seen_avps seen;
  return is_message(message, 0x80000101U, v.hop_by_hop, v.end_to_end) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 264:
                    return seen.take(0, data, v.origin_host);
                  case 296:
                    return seen.take(1, data, v.origin_realm);
                  case 257:
                    return seen.first(2) && get_ipv4(data, v.ipv4);
                  case 266:
                    return seen.take(3, data, v.vendor_id);
                  case 269:
                    return seen.take(4, data, v.product_name);
                  case 278:
                    return seen.take(5, data, v.origin_state_id);
                  case 258:
                    return seen.take(6, data, v.auth_application_id);
                  case 267:
                    return seen.take(7, data, v.firmware_revision);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11111);
}

bool decode(bytes_view message, cea_values& v) noexcept {
  const auto decode_application = [&](bytes_view group) {
    seen_avps seen;
    return walk(group,
                [&](std::uint64_t id, bytes_view data) {
                  switch (id) {
                    case 266:
                      return seen.take(0, data, v.application_vendor_id);
                    case 258:
                      return seen.take(1, data, v.vendor_auth_application_id);
                    default:
                      return true;
                  }
                }) &&
           seen.all(0b1);
  };
  seen_avps seen;
  return is_message(message, 0x00000101U, v.hop_by_hop, v.end_to_end) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 268:
                    return seen.take(0, data, v.result_code);
                  case 264:
                    return seen.take(1, data, v.origin_host);
                  case 296:
                    return seen.take(2, data, v.origin_realm);
                  case 257:
                    return seen.first(3) && get_ipv4(data, v.ipv4);
                  case 266:
                    return seen.take(4, data, v.vendor_id);
                  case 269:
                    return seen.take(5, data, v.product_name);
                  case 278:
                    return seen.take(6, data, v.origin_state_id);
                  case 265:
                    return seen.take(7, data, v.supported_vendor_id);
                  case 258:
                    return seen.take(8, data, v.auth_application_id);
                  case 260:
                    return seen.first(9) && decode_application(data);
                  case 267:
                    return seen.take(10, data, v.firmware_revision);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b111111);
}

bool decode(bytes_view message, dwr_values& v) noexcept {
  seen_avps seen;
  return is_message(message, 0x80000118U, v.hop_by_hop, v.end_to_end) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 264:
                    return seen.take(0, data, v.origin_host);
                  case 296:
                    return seen.take(1, data, v.origin_realm);
                  case 278:
                    return seen.take(2, data, v.origin_state_id);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11);
}

bool decode(bytes_view message, acr_values& v) noexcept {
  seen_avps seen;
  return is_message(message, 0x8000010fU, v.hop_by_hop, v.end_to_end) &&
         begins_with_session_id(message) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 263:
                    return seen.take(0, data, v.session_id);
                  case 264:
                    return seen.take(1, data, v.origin_host);
                  case 296:
                    return seen.take(2, data, v.origin_realm);
                  case 283:
                    return seen.take(3, data, v.destination_realm);
                  case 480:
                    return seen.take(4, data, v.record_type);
                  case 485:
                    return seen.take(5, data, v.record_number);
                  case 259:
                    return seen.take(6, data, v.acct_application_id);
                  case 1:
                    return seen.take(7, data, v.user_name);
                  case 293:
                    return seen.take(8, data, v.destination_host);
                  case 287:
                    return seen.take(9, data, v.sub_session_id);
                  case 85:
                    return seen.take(10, data, v.interim_interval);
                  case 278:
                    return seen.take(11, data, v.origin_state_id);
                  case 55:
                    return seen.take(12, data, v.event_timestamp);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b111111);
}

}  // namespace diamgw::bench::by_hand
