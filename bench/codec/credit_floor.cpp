#include "codec/credit_floor.hpp"

#include "codec/by_hand.hpp"

namespace diamgw::bench::by_hand {
namespace {

constexpr std::size_t units_octets = 8 + 16;                        // Requested-Service-Unit
constexpr std::size_t service_octets = 8 + units_octets + 12 + 12;  // with its header

[[nodiscard]] std::size_t subscription_octets(const subscription_values& v) noexcept {
  return 8 + 12 + text_octets(v.data);
}
[[nodiscard]] std::byte* put_subscription(std::byte* p, const subscription_values& v) noexcept {
  p = put_header(p, 443, mandatory, subscription_octets(v) - 8);
  p = put_u32(p, 450, v.type);
  return put_text(p, 444, v.data);
}
[[nodiscard]] std::byte* put_service(std::byte* p, const service_values& v) noexcept {
  p = put_header(p, 456, mandatory, service_octets - 8);
  p = put_header(p, 437, mandatory, units_octets - 8);
  p = put_u64(p, 421, v.requested_octets);
  p = put_u32(p, 439, v.service_identifier);
  return put_u32(p, 432, v.rating_group);
}

[[nodiscard]] bool decode_subscription(bytes_view group, subscription_values& v) noexcept {
  seen_avps seen;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 450:
                    return seen.take(0, data, v.type);
                  case 444:
                    return seen.take(1, data, v.data);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11);
}

[[nodiscard]] bool decode_units(bytes_view group, std::uint64_t& octets) noexcept {
  seen_avps seen;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    return id != 421 || seen.take(0, data, octets);
  });
}

[[nodiscard]] bool decode_service(bytes_view group, service_values& v) noexcept {
  seen_avps seen;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    switch (id) {
      case 437:
        return seen.first(0) && decode_units(data, v.requested_octets);
      case 439:
        return seen.take(1, data, v.service_identifier);
      case 432:
        return seen.take(2, data, v.rating_group);
      default:
        return true;
    }
  });
}

}  // namespace

std::size_t encode(const ccr_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.session_id) + text_octets(v.origin_host) +
                           text_octets(v.origin_realm) + text_octets(v.destination_realm) + 12 +
                           text_octets(v.service_context_id) + 12 + 12 +
                           text_octets(v.destination_host) + text_octets(v.user_name) + 12 + 12 +
                           subscription_octets(v.subscriptions[0]) +
                           subscription_octets(v.subscriptions[1]) + 12 + 2 * service_octets;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0xc0000110U, 4, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 263, v.session_id);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_text(p, 283, v.destination_realm);
  p = put_u32(p, 258, v.auth_application_id);
  p = put_text(p, 461, v.service_context_id);
  p = put_u32(p, 416, v.request_type);
  p = put_u32(p, 415, v.request_number);
  p = put_text(p, 293, v.destination_host);
  p = put_text(p, 1, v.user_name);
  p = put_u32(p, 278, v.origin_state_id);
  p = put_u32(p, 55, v.event_timestamp);
  p = put_subscription(p, v.subscriptions[0]);
  p = put_subscription(p, v.subscriptions[1]);
  p = put_u32(p, 455, v.multiple_services_indicator);
  p = put_service(p, v.services[0]);
  static_cast<void>(put_service(p, v.services[1]));
  return size;
}

bool decode(bytes_view message, ccr_values& v) noexcept {
  seen_avps seen;
  std::size_t subscriptions = 0;
  std::size_t services = 0;
  return is_message(message, 0x80000110U, v.hop_by_hop, v.end_to_end) &&
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
                  case 258:
                    return seen.take(4, data, v.auth_application_id);
                  case 461:
                    return seen.take(5, data, v.service_context_id);
                  case 416:
                    return seen.take(6, data, v.request_type);
                  case 415:
                    return seen.take(7, data, v.request_number);
                  case 293:
                    return seen.take(8, data, v.destination_host);
                  case 1:
                    return seen.take(9, data, v.user_name);
                  case 278:
                    return seen.take(10, data, v.origin_state_id);
                  case 55:
                    return seen.take(11, data, v.event_timestamp);
                  case 443:
                    return subscriptions < v.subscriptions.size() &&
                           decode_subscription(data, v.subscriptions[subscriptions++]);
                  case 455:
                    return seen.take(12, data, v.multiple_services_indicator);
                  case 456:
                    return services < v.services.size() &&
                           decode_service(data, v.services[services++]);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11111111);
}

}  // namespace diamgw::bench::by_hand
