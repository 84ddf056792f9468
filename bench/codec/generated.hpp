// The generated messages, filled from the same plain values as the hand-written ones and read into
// them again: what a program does with them.
#pragma once
#include <array>

#include "codec/base_floor.hpp"
#include "codec/credit_floor.hpp"
#include "diamgw/messages/rfc6733.hpp"
#include "diamgw/messages/rfc8506.hpp"

namespace diamgw::bench {

/// `message` is filled from plain values; spans in it point to members beside it. `decode` checks
/// octets, enters every group, and reads every AVP that the floor reads; false where it refuses.
template <class Values>
struct generated;

/// What all of them have; M is the generated message.
template <class M>
struct generated_message {
  generated_message() = default;
  generated_message(const generated_message&) = delete;
  generated_message& operator=(const generated_message&) = delete;

  void set_ids(std::uint32_t hop_by_hop, std::uint32_t end_to_end) noexcept {
    message.hop_by_hop = hop_by_hop_id{hop_by_hop};
    message.end_to_end = end_to_end_id{end_to_end};
  }

  M message;
};

template <>
struct generated<cer_values> : generated_message<messages::rfc6733::capabilities_exchange_request> {
  explicit generated(const cer_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, cer_values& v) noexcept;

  std::array<std::byte, 4> ipv4{};
  diameter::address address;
  std::uint32_t auth_application_id = 0;
};

template <>
struct generated<cea_values> : generated_message<messages::rfc6733::capabilities_exchange_answer> {
  explicit generated(const cea_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, cea_values& v) noexcept;

  std::array<std::byte, 4> ipv4{};
  diameter::address address;
  std::uint32_t supported_vendor_id = 0;
  std::uint32_t auth_application_id = 0;
  messages::rfc6733::vendor_specific_application_id application;
};

template <>
struct generated<dwr_values> : generated_message<messages::rfc6733::device_watchdog_request> {
  explicit generated(const dwr_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, dwr_values& v) noexcept;
};

template <>
struct generated<acr_values> : generated_message<messages::rfc6733::accounting_request> {
  explicit generated(const acr_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, acr_values& v) noexcept;
};

template <>
struct generated<ccr_values> : generated_message<messages::rfc8506::credit_control_request> {
  explicit generated(const ccr_values& v) noexcept;
  [[nodiscard]] static bool decode(bytes_view octets, ccr_values& v) noexcept;

  std::array<messages::rfc8506::subscription_id, 2> subscriptions;
  std::array<messages::rfc8506::requested_service_unit, 2> units;
  std::array<messages::rfc8506::multiple_services_credit_control, 2> services;
  std::array<std::uint32_t, 2> service_identifiers{};
};

/// Time of an AVP as the wire has it, and back.
[[nodiscard]] inline std::chrono::sys_seconds time_of(std::uint32_t ntp) noexcept {
  std::array<std::byte, 4> octets;
  store_be32(octets.data(), ntp);
  return diameter::typed::load<std::chrono::sys_seconds>(octets.data());
}
[[nodiscard]] inline std::uint32_t ntp_of(std::chrono::sys_seconds time) noexcept {
  return static_cast<std::uint32_t>(time.time_since_epoch().count() + diameter::typed::ntp_epoch);
}

}  // namespace diamgw::bench
