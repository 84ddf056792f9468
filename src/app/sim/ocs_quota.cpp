// Sessions and their quotas: what is reserved, settled and given back.
#include <algorithm>

#include "app/sim/ocs.hpp"
#include "app/sim/ocs_session.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

constexpr std::uint8_t mandatory = diameter::avp_flags::mandatory;

void write_final_unit(diameter::writer& body) noexcept {
  const auto group = body.begin_group(cc::final_unit_indication, ietf_vendor, mandatory);
  body.unsigned32(cc::final_unit_action, ietf_vendor, mandatory, final_unit_terminate);
  body.end_group(group);
}

}  // namespace

ocs::outcome ocs::grant_all(const credit_request& in, session& s, diameter::writer& body) {
  for (const service_request& service : in.services) {
    if (service.requested) {
      if (grant_service(service, s, body) == cc_result::credit_limit_reached) {
        ++statistics_.limit_reached;
      }
    }
  }
  return in.session && in.session->requested ? grant_session(*in.session, s, body) : outcome{};
}

/// Units at the level of the command (§5.1.1).
ocs::outcome ocs::grant_session(const service_request& wanted, session& s, diameter::writer& body) {
  const allotment a = allot(wanted, s);
  if (a.code != cc_result::success) {
    return {a.code, {}};
  }
  write_units(body, cc::granted_service_unit, a.units);
  if (a.final) {
    write_final_unit(body);
  }
  body.unsigned32(cc::validity_time, ietf_vendor, mandatory,
                  static_cast<std::uint32_t>(options_.validity.count()));
  return {};
}

/// One Multiple-Services-Credit-Control (§5.1.2): its refusal is its own, inside it.
cc_result ocs::grant_service(const service_request& wanted, session& s, diameter::writer& body) {
  const allotment a = allot(wanted, s);
  const bool granted = a.code == cc_result::success;
  const auto group = body.begin_group(cc::multiple_services_credit_control, ietf_vendor, mandatory);
  if (granted) {
    write_units(body, cc::granted_service_unit, a.units);
  }
  if (wanted.key.service_identifier) {
    body.unsigned32(cc::service_identifier, ietf_vendor, mandatory, *wanted.key.service_identifier);
  }
  if (wanted.key.rating_group) {
    body.unsigned32(cc::rating_group, ietf_vendor, mandatory, *wanted.key.rating_group);
  }
  if (granted) {
    body.unsigned32(cc::validity_time, ietf_vendor, mandatory,
                    static_cast<std::uint32_t>(options_.validity.count()));
  }
  body.unsigned32(diameter::avps::result_code, ietf_vendor, mandatory,
                  static_cast<std::uint32_t>(a.code));
  if (granted && a.final) {
    write_final_unit(body);
  }
  body.end_group(group);
  return a.code;
}

ocs::allotment ocs::allot(const service_request& wanted, session& s) const {
  // A new grant replaces the quota's old one, used or not.
  settle({.key = wanted.key, .requested = {}, .used = service_units{}}, s);
  if (s.quotas.size() >= options_.max_quotas_per_session) {
    return {cc_result::resources_exceeded, {}, false};
  }
  const service_units& asked =
      wanted.requested->empty() ? options_.default_quota : *wanted.requested;
  const credit available = s.holder->available();
  const service_units units = affordable(asked, available, options_.prices);
  if (units.empty()) {
    return {cc_result::credit_limit_reached, {}, false};
  }
  const credit cost = cost_of(units, options_.prices);
  reserve_credit(*s.holder, cost);
  s.quotas.emplace_back(wanted.key, cost);
  // §5.6: the answer with the last units says so.
  return {cc_result::success, units, s.holder->available() == 0 || units != asked};
}

void ocs::settle_all(const credit_request& in, session& s) const {
  for (const service_request& service : in.services) {
    settle(service, s);
  }
  if (in.session) {
    settle(*in.session, s);
  }
}

/// Used units are debited, whatever of the reservation was not used becomes available again.
void ocs::settle(const service_request& what, session& s) const {
  if (!what.used) {
    return;
  }
  const auto quota = std::ranges::find(s.quotas, what.key, &std::pair<service_key, credit>::first);
  if (quota != s.quotas.end()) {
    release_credit(*s.holder, quota->second);
    s.quotas.erase(quota);
  }
  debit_credit(*s.holder, cost_of(*what.used, options_.prices));
}

result<account*, cc_result> ocs::account_of(const credit_request& in) {
  const auto found = accounts_.find_or_open(in.subscriber);
  if (found) {
    return *found;
  }
  return found.error() == accounts::failure::full ? cc_result::resources_exceeded
                                                  : cc_result::user_unknown;
}

ocs::session* ocs::find_session(std::string_view id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

ocs::session* ocs::open_session(const credit_request& in, account& a, time_point now) {
  if (sessions_.size() >= options_.max_sessions) {
    if (closed_deadlines_.empty()) {
      return nullptr;
    }
    erase(*closed_deadlines_.begin()->second);
  }
  const auto [entry, fresh] = sessions_.try_emplace(std::string{in.session_id});
  session& s = entry->second;
  s.id = entry->first;
  s.holder = &a;
  s.subscriber = in.subscriber;
  s.client_host = in.origin_host;
  s.client_realm = in.origin_realm;
  s.user_name = in.user_name;
  s.open = true;
  ++open_;
  s.deadline = open_deadlines_.emplace(now + options_.session_timeout, &s);
  return &s;
}

void ocs::remember(session& s, const credit_request& in, bytes_view body, outcome o) {
  s.last_type = in.type;
  s.last_number = in.number;
  s.last_outcome = o;
  s.last_body.assign(body.begin(), body.end());
}

void ocs::close(session& s, time_point now) {
  for (const auto& quota : s.quotas) {
    release_credit(*s.holder, quota.second);
  }
  s.quotas.clear();
  s.open = false;
  --open_;
  open_deadlines_.erase(s.deadline);
  s.deadline = closed_deadlines_.emplace(now + options_.repeat_window, &s);
}

void ocs::erase(session& s) {
  if (s.open) {
    close(s, time_point{});
  }
  closed_deadlines_.erase(s.deadline);
  sessions_.erase(sessions_.find(s.id));
}

void ocs::set_deadline(session& s, time_point at) {
  open_deadlines_.erase(s.deadline);
  s.deadline = open_deadlines_.emplace(at, &s);
}

}  // namespace diamgw::sim
