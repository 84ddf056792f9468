// ULR and ULA as generated; in a header of their own, since few want so many others.
#pragma once
#include "codec/generated.hpp"
#include "codec/subscriber_floor.hpp"
#include "diamgw/messages/ts29_212.hpp"
#include "diamgw/messages/ts29_272.hpp"

namespace diamgw::bench {

template <>
struct generated<ulr_values> : generated_message<messages::ts29_272::update_location_request> {
  explicit generated(const ulr_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, ulr_values& v) noexcept;
};

template <>
struct generated<ula_values> : generated_message<messages::ts29_272::update_location_answer> {
  explicit generated(const ula_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, ula_values& v) noexcept;

  struct apn_groups {
    messages::ts29_212::allocation_retention_priority priority;
    messages::ts29_272::eps_subscribed_qos_profile qos;
    messages::ts29_272::ambr bandwidth;
  };
  std::array<apn_groups, 5> groups;
  std::array<messages::ts29_272::apn_configuration, 5> apns;
  messages::ts29_272::apn_configuration_profile profile;
  messages::ts29_272::ambr bandwidth;
  messages::ts29_272::subscription_data subscription;
};

}  // namespace diamgw::bench
