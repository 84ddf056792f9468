// Requests for the simulated credit-control server, and a look into its answers.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/sim/ocs.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {

namespace avps = diameter::avps;
inline constexpr std::uint8_t m = diameter::avp_flags::mandatory;

/// AVPs that the tests name (RFC 8506 §8).
inline constexpr avp_code service_context_id = code_of(cc::avps::service_context_id);
inline constexpr avp_code request_type_avp = code_of(cc::avps::cc_request_type);
inline constexpr avp_code request_number = code_of(cc::avps::cc_request_number);
inline constexpr avp_code requested_action_avp = code_of(cc::avps::requested_action);
inline constexpr avp_code requested_service_unit = code_of(cc::avps::requested_service_unit);
inline constexpr avp_code used_service_unit = code_of(cc::avps::used_service_unit);
inline constexpr avp_code granted_service_unit = code_of(cc::avps::granted_service_unit);
inline constexpr avp_code total_octets = code_of(cc::avps::cc_total_octets);
inline constexpr avp_code mscc = code_of(cc::avps::multiple_services_credit_control);
inline constexpr avp_code rating_group = code_of(cc::avps::rating_group);
inline constexpr avp_code unit_value = code_of(cc::avps::unit_value);
inline constexpr avp_code value_digits = code_of(cc::avps::value_digits);

/// One CCR, written AVP by AVP; `without` leaves one of the required AVPs out.
class ccr {
 public:
  ccr(request_type type, std::uint32_t number, std::string_view session = "client;1;1",
      avp_code without = {}) {
    writer_.begin_message({.flags = 0xc0,
                           .command = diameter::commands::credit_control,
                           .application = credit_control_application,
                           .hop_by_hop = hop_by_hop_id{0x1111},
                           .end_to_end = end_to_end_id{0x2222}});
    const auto unless = [&](avp_code code, auto write) {
      if (code != without) {
        write();
      }
    };
    unless(avps::session_id, [&] { text(avps::session_id, session); });
    text(avps::origin_host, "gw.example").text(avps::origin_realm, "example");
    text(avps::destination_realm, "example");
    unless(avps::auth_application_id, [&] { number32(avps::auth_application_id, 4); });
    unless(service_context_id, [&] { text(service_context_id, "32251@3gpp.org"); });
    unless(request_type_avp, [&] { number32(request_type_avp, static_cast<std::uint32_t>(type)); });
    unless(request_number, [&] { number32(request_number, number); });
  }

  ccr& text(avp_code code, std::string_view value) {
    writer_.text(code, ietf_vendor, m, value);
    return *this;
  }
  ccr& number32(avp_code code, std::uint32_t value) {
    writer_.unsigned32(code, ietf_vendor, m, value);
    return *this;
  }
  ccr& octets(avp_code code, bytes_view data) {
    writer_.octets(code, ietf_vendor, m, data);
    return *this;
  }
  ccr& subscriber(std::string_view data) {
    const auto group = writer_.begin_group(code_of(cc::avps::subscription_id), ietf_vendor, m);
    number32(code_of(cc::avps::subscription_id_type), 0);
    text(code_of(cc::avps::subscription_id_data), data);
    writer_.end_group(group);
    return *this;
  }
  ccr& units(avp_code code, const service_units& value) {
    granted_units group;  // which has all members that the others may have
    std::array<std::byte, 256> room;
    const std::byte* const end = group.set(value).write_to(room.data(), room.data() + room.size());
    return octets(code, {std::as_const(room).data(), end});
  }
  ccr& requests(const service_units& value) { return units(requested_service_unit, value); }
  ccr& uses(const service_units& value) { return units(used_service_unit, value); }
  ccr& service(std::uint32_t group_number, std::optional<service_units> requested,
               std::optional<service_units> used = {}) {
    const auto group = writer_.begin_group(mscc, ietf_vendor, m);
    if (requested) {
      requests(*requested);
    }
    if (used) {
      uses(*used);
    }
    number32(rating_group, group_number);
    writer_.end_group(group);
    return *this;
  }
  ccr& action(requested_action a) {
    return number32(requested_action_avp, static_cast<std::uint32_t>(a));
  }

  [[nodiscard]] diameter::message_view view() { return diameter::message_view{writer_.finish()}; }

 private:
  std::vector<std::byte> octets_ = std::vector<std::byte>(16384);
  diameter::writer writer_{octets_};
};

/// An answer, and the octets that it views.
struct cca {
  std::vector<std::byte> octets;

  [[nodiscard]] diameter::message_view view() const { return diameter::message_view{octets}; }
  [[nodiscard]] std::optional<std::uint32_t> number32(avp_code code) const {
    const auto avp = view().find(code);
    return avp ? std::optional{load_be32(avp->data.data())} : std::nullopt;
  }
  [[nodiscard]] std::uint32_t result() const { return number32(avps::result_code).value_or(0); }
  /// The AVPs of code `path[0]` at the top, of `path[1]` inside them, and so on.
  [[nodiscard]] std::vector<diameter::avp_view> all(const std::vector<avp_code>& path) const {
    std::vector<diameter::avp_view> found;
    collect(view().avps(), path, 0, found);
    return found;
  }

 private:
  static void collect(diameter::avp_range range, const std::vector<avp_code>& path,
                      std::size_t depth, std::vector<diameter::avp_view>& found) {
    for (const diameter::avp_view avp : range) {
      if (avp.code != path[depth]) {
        continue;
      }
      if (depth + 1 == path.size()) {
        found.push_back(avp);
      } else {
        collect(diameter::avp_range{avp.data}, path, depth + 1, found);
      }
    }
  }
};

/// The value of an Unsigned32 or Unsigned64.
inline std::uint64_t number_in(const diameter::avp_view& avp) {
  return avp.data.size() == 8 ? load_be64(avp.data.data()) : load_be32(avp.data.data());
}

inline ocs_options small_ocs() {
  ocs_options o;
  o.origin_host = "ocs.example";
  o.origin_realm = "example";
  o.accounts.default_balance = 1000;
  o.default_quota = {.total_octets = 100};
  return o;
}

inline cca ask(ocs& server, ccr& request, time_point now) {
  std::array<std::byte, 8192> room{};
  diameter::writer out{room};
  const bytes_view answer = server.on_ccr(request.view(), out, {now});
  EXPECT_FALSE(out.overflowed());
  EXPECT_TRUE(diameter::check_message(answer));
  return {{answer.begin(), answer.end()}};
}

/// A server with small numbers, and time that the test moves.
class OcsTest : public testing::Test {
 protected:
  cca ask(ccr& request) { return sim::ask(server, request, now); }
  const account& account_of(std::string_view subscriber) {
    return *server.accounts().find(subscriber);
  }

  time_point now{std::chrono::hours{1}};
  ocs server{small_ocs()};
};

}  // namespace diamgw::sim
