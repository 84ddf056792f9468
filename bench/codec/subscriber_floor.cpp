#include "codec/subscriber_floor.hpp"

#include "codec/by_hand.hpp"

namespace diamgw::bench::by_hand {
namespace {

constexpr std::uint32_t vendor_3gpp = 10415;
constexpr std::size_t bandwidth_octets = 12 + 16 + 16;         // AMBR
constexpr std::size_t priority_octets = 12 + 16 + 16 + 16;     // with its header
constexpr std::size_t qos_octets = 12 + 16 + priority_octets;  // with its header

[[nodiscard]] std::byte* put_group(std::byte* p, std::uint32_t code, std::size_t whole,
                                   std::uint32_t flags = mandatory) noexcept {
  return put_vendor_header(p, code, vendor_3gpp, flags, whole - 12);
}
[[nodiscard]] std::byte* put_number(std::byte* p, std::uint32_t code, std::uint32_t v,
                                    std::uint32_t flags = mandatory) noexcept {
  return put_vendor_u32(p, code, vendor_3gpp, v, flags);
}

[[nodiscard]] std::byte* put_bandwidth(std::byte* p, const bandwidth_values& v) noexcept {
  p = put_group(p, 1435, bandwidth_octets);
  p = put_number(p, 516, v.uplink);
  return put_number(p, 515, v.downlink);
}

[[nodiscard]] std::size_t apn_octets(const apn_values& v) noexcept {
  return 12 + 16 + 16 + text_octets(v.name) + qos_octets + bandwidth_octets;
}
[[nodiscard]] std::byte* put_apn(std::byte* p, const apn_values& v) noexcept {
  p = put_group(p, 1430, apn_octets(v));
  p = put_number(p, 1423, v.context);
  p = put_number(p, 1456, v.pdn_type);
  p = put_text(p, 493, v.name);
  p = put_group(p, 1431, qos_octets);
  p = put_number(p, 1028, v.qos_class);
  p = put_group(p, 1034, priority_octets, optional);
  p = put_number(p, 1046, v.priority_level, optional);
  p = put_number(p, 1047, v.pre_emption_capability, optional);
  p = put_number(p, 1048, v.pre_emption_vulnerability, optional);
  return put_bandwidth(p, v.bandwidth);
}

[[nodiscard]] bool decode_bandwidth(bytes_view group, bandwidth_values& v) noexcept {
  seen_avps seen;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case tgpp | 516:
                    return seen.take(0, data, v.uplink);
                  case tgpp | 515:
                    return seen.take(1, data, v.downlink);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11);
}

[[nodiscard]] bool decode_priority(bytes_view group, apn_values& v) noexcept {
  seen_avps seen;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case tgpp | 1046:
                    return seen.take(0, data, v.priority_level);
                  case tgpp | 1047:
                    return seen.take(1, data, v.pre_emption_capability);
                  case tgpp | 1048:
                    return seen.take(2, data, v.pre_emption_vulnerability);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b1);
}

[[nodiscard]] bool decode_qos(bytes_view group, apn_values& v) noexcept {
  seen_avps seen;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case tgpp | 1028:
                    return seen.take(0, data, v.qos_class);
                  case tgpp | 1034:
                    return seen.first(1) && decode_priority(data, v);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11);
}

[[nodiscard]] bool decode_apn(bytes_view group, apn_values& v) noexcept {
  seen_avps seen;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case tgpp | 1423:
                    return seen.take(0, data, v.context);
                  case tgpp | 1456:
                    return seen.take(1, data, v.pdn_type);
                  case 493:
                    return seen.take(2, data, v.name);
                  case tgpp | 1431:
                    return seen.first(3) && decode_qos(data, v);
                  case tgpp | 1435:
                    return seen.first(4) && decode_bandwidth(data, v.bandwidth);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b111);
}

[[nodiscard]] bool decode_profile(bytes_view group, ula_values& v) noexcept {
  seen_avps seen;
  std::size_t apns = 0;
  return walk(group,
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case tgpp | 1423:
                    return seen.take(0, data, v.default_context);
                  case tgpp | 1428:
                    return seen.take(1, data, v.all_apns_included);
                  case tgpp | 1430:
                    return apns < v.apns.size() && decode_apn(data, v.apns[apns++]);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b11) && apns > 0;
}

[[nodiscard]] bool decode_subscription(bytes_view group, ula_values& v) noexcept {
  seen_avps seen;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    switch (id) {
      case tgpp | 1424:
        return seen.take(0, data, v.subscriber_status);
      case tgpp | 701:
        return seen.take(1, data, v.msisdn);
      case tgpp | 1417:
        return seen.take(2, data, v.network_access_mode);
      case tgpp | 1426:
        return seen.take(3, data, v.access_restriction_data);
      case tgpp | 1435:
        return seen.first(4) && decode_bandwidth(data, v.bandwidth);
      case tgpp | 1429:
        return seen.first(5) && decode_profile(data, v);
      default:
        return true;
    }
  });
}

}  // namespace

std::size_t encode(const ulr_values& v, mutable_bytes out) noexcept {
  const std::size_t size = 20 + text_octets(v.session_id) + 12 + text_octets(v.origin_host) +
                           text_octets(v.origin_realm) + text_octets(v.destination_host) +
                           text_octets(v.destination_realm) + text_octets(v.user_name) + 16 + 16 +
                           12 + padded(v.visited_plmn_id.size());
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0xc000013cU, 16777251, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 263, v.session_id);
  p = put_u32(p, 277, v.auth_session_state);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_text(p, 293, v.destination_host);
  p = put_text(p, 283, v.destination_realm);
  p = put_text(p, 1, v.user_name);
  p = put_number(p, 1032, v.rat_type, optional);
  p = put_number(p, 1405, v.ulr_flags);
  static_cast<void>(put_vendor_octets(p, 1407, vendor_3gpp, v.visited_plmn_id));
  return size;
}

std::size_t encode(const ula_values& v, mutable_bytes out) noexcept {
  std::size_t profile = 12 + 16 + 16;
  for (const apn_values& apn : v.apns) {
    profile += apn_octets(apn);
  }
  const std::size_t subscription =
      12 + 16 + 12 + padded(v.msisdn.size()) + 16 + 16 + bandwidth_octets + profile;
  const std::size_t size = 20 + text_octets(v.session_id) + 12 + 12 + text_octets(v.origin_host) +
                           text_octets(v.origin_realm) + 16 + subscription;
  if (size > out.size()) {
    return 0;
  }
  std::byte* p = put_message(out.data(), size, 0x4000013cU, 16777251, v.hop_by_hop, v.end_to_end);
  p = put_text(p, 263, v.session_id);
  p = put_u32(p, 268, v.result_code);
  p = put_u32(p, 277, v.auth_session_state);
  p = put_text(p, 264, v.origin_host);
  p = put_text(p, 296, v.origin_realm);
  p = put_number(p, 1406, v.ula_flags);
  p = put_group(p, 1400, subscription);
  p = put_number(p, 1424, v.subscriber_status);
  p = put_vendor_octets(p, 701, vendor_3gpp, v.msisdn);
  p = put_number(p, 1417, v.network_access_mode);
  p = put_number(p, 1426, v.access_restriction_data);
  p = put_bandwidth(p, v.bandwidth);
  p = put_group(p, 1429, profile);
  p = put_number(p, 1423, v.default_context);
  p = put_number(p, 1428, v.all_apns_included);
  for (const apn_values& apn : v.apns) {
    p = put_apn(p, apn);
  }
  return size;
}

bool decode(bytes_view message, ulr_values& v) noexcept {
  seen_avps seen;
  return is_message(message, 0x8000013cU, v.hop_by_hop, v.end_to_end) &&
         begins_with_session_id(message) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 263:
                    return seen.take(0, data, v.session_id);
                  case 277:
                    return seen.take(1, data, v.auth_session_state);
                  case 264:
                    return seen.take(2, data, v.origin_host);
                  case 296:
                    return seen.take(3, data, v.origin_realm);
                  case 283:
                    return seen.take(4, data, v.destination_realm);
                  case 1:
                    return seen.take(5, data, v.user_name);
                  case tgpp | 1032:
                    return seen.take(6, data, v.rat_type);
                  case tgpp | 1405:
                    return seen.take(7, data, v.ulr_flags);
                  case tgpp | 1407:
                    return seen.take(8, data, v.visited_plmn_id);
                  case 293:
                    return seen.take(9, data, v.destination_host);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b111111111);
}

bool decode(bytes_view message, ula_values& v) noexcept {
  seen_avps seen;
  return is_message(message, 0x0000013cU, v.hop_by_hop, v.end_to_end) &&
         begins_with_session_id(message) &&
         walk(message.subspan(20),
              [&](std::uint64_t id, bytes_view data) {
                switch (id) {
                  case 263:
                    return seen.take(0, data, v.session_id);
                  case 277:
                    return seen.take(1, data, v.auth_session_state);
                  case 264:
                    return seen.take(2, data, v.origin_host);
                  case 296:
                    return seen.take(3, data, v.origin_realm);
                  case 268:
                    return seen.take(4, data, v.result_code);
                  case tgpp | 1406:
                    return seen.take(5, data, v.ula_flags);
                  case tgpp | 1400:
                    return seen.first(6) && decode_subscription(data, v);
                  default:
                    return true;
                }
              }) &&
         seen.all(0b1111);
}

}  // namespace diamgw::bench::by_hand
