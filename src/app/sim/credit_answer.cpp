#include "app/sim/credit_answer.hpp"

#include "diamgw/base/assert.hpp"

namespace diamgw::sim {
namespace {

constexpr std::uint32_t no_currency = 999;  // ISO 4217: credit is money of no country

/// §8.35: the only action that this server asks for.
const cc::final_unit_indication& last_units() noexcept {
  static const auto group =
      cc::final_unit_indication{}.final_unit_action(cc::final_unit_action::terminate);
  return group;
}

}  // namespace

credit_answer::credit_answer(std::string_view origin_host, std::string_view origin_realm,
                             std::chrono::seconds validity) noexcept
    : origin_host_{origin_host},
      origin_realm_{origin_realm},
      validity_{static_cast<std::uint32_t>(validity.count())} {}

void credit_answer::begin(const cc::credit_control_request& request) noexcept {
  message_ = {};
  services_ = 0;
  message_.session_id(request.session_id())
      .origin_host(origin_host_)
      .origin_realm(origin_realm_)
      .auth_application_id(credit_control_application.value)
      .cc_request_type(request.cc_request_type())
      .cc_request_number(request.cc_request_number());
}

void credit_answer::drop_grants() noexcept {
  services_ = 0;
  message_.granted_service_unit(nullptr).final_unit_indication(nullptr).validity_time(std::nullopt);
}

void credit_answer::grant(const service_units& units, bool final) noexcept {
  grant_paid(units);
  message_.final_unit_indication(final ? &last_units() : nullptr).validity_time(validity_);
}

void credit_answer::grant_paid(const service_units& units) noexcept {
  message_.granted_service_unit(&units_.set(units));
}

void credit_answer::grant_service(const service_key& key, const service_units& units,
                                  bool final) noexcept {
  auto& group = add_service(key, cc_result::success);
  group.granted_service_unit(&inside_[services_ - 1].units.set(units))
      .validity_time(validity_)
      .final_unit_indication(final ? &last_units() : nullptr);
}

void credit_answer::refuse_service(const service_key& key, cc_result code) noexcept {
  add_service(key, code);
}

cc::multiple_services_credit_control& credit_answer::add_service(const service_key& key,
                                                                 cc_result code) noexcept {
  DIAMGW_ASSERT(services_ < max_services);
  auto& group = groups_[services_];
  service& inside = inside_[services_];
  ++services_;
  group = {};
  group.rating_group(key.rating_group).result_code(static_cast<std::uint32_t>(code));
  if (key.service_identifier) {
    inside.identifier = *key.service_identifier;
    group.service_identifier({&inside.identifier, 1});
  }
  return group;
}

void credit_answer::check_balance(bool covered) noexcept {
  message_.check_balance_result(covered ? cc::check_balance_result::enough_credit
                                        : cc::check_balance_result::no_credit);
}

void credit_answer::price(credit cost) noexcept {
  price_ = unit_value_of(cost);
  cost_.unit_value(&price_).currency_code(no_currency);
  message_.cost_information(&cost_);
}

const cc::credit_control_answer& credit_answer::finish(cc_result code) noexcept {
  return message_.result_code(static_cast<std::uint32_t>(code))
      .multiple_services_credit_control({groups_.data(), services_});
}

}  // namespace diamgw::sim
