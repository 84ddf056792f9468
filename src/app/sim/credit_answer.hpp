// A Credit-Control-Answer (RFC 8506 §3.2) in the making: the generated message, and the groups that
// it points to.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/sim/credit_request.hpp"

namespace diamgw::sim {

/// Stays where it is; `origin` outlives it. Not shared between threads.
class credit_answer {
 public:
  credit_answer(std::string_view origin_host, std::string_view origin_realm,
                std::chrono::seconds validity) noexcept;
  credit_answer(const credit_answer&) = delete;
  credit_answer& operator=(const credit_answer&) = delete;

  /// Forgets the last one; `request` outlives this one.
  void begin(const cc::credit_control_request& request) noexcept;
  /// What was granted is not, after all.
  void drop_grants() noexcept;

  /// Units at the level of the command (§5.1.1), for as long as they are valid.
  void grant(const service_units& units, bool final) noexcept;
  /// The same that a direct debit has paid for (§6.3).
  void grant_paid(const service_units& units) noexcept;
  /// One Multiple-Services-Credit-Control (§5.1.2), of `max_services` at most: its refusal is its
  /// own, inside it.
  void grant_service(const service_key& key, const service_units& units, bool final) noexcept;
  void refuse_service(const service_key& key, cc_result code) noexcept;
  void check_balance(bool covered) noexcept;  // §6.2
  void price(credit cost) noexcept;           // §6.1, §8.7

  /// With a Result-Code, ready to be written.
  [[nodiscard]] const cc::credit_control_answer& finish(cc_result code) noexcept;

 private:
  struct service {
    std::uint32_t identifier = 0;
    granted_units units;
  };
  cc::multiple_services_credit_control& add_service(const service_key& key,
                                                    cc_result code) noexcept;

  std::string_view origin_host_;
  std::string_view origin_realm_;
  std::uint32_t validity_;  // seconds
  cc::credit_control_answer message_;
  granted_units units_;  // of the command's level
  cc::unit_value price_;
  cc::cost_information cost_;
  std::size_t services_ = 0;
  std::array<cc::multiple_services_credit_control, max_services> groups_;
  std::array<service, max_services> inside_;  // of the groups
};

}  // namespace diamgw::sim
