// Sessions and their quotas: what is reserved, settled and given back.
#include <algorithm>

#include "app/sim/ocs.hpp"
#include "app/sim/ocs_session.hpp"

namespace diamgw::sim {
outcome ocs::grant_all(const credit_request& in, session& s) {
  for (const service_request& service : in.services) {
    if (service.requested) {
      if (grant_service(service, s) == cc_result::credit_limit_reached) {
        ++statistics_.limit_reached;
      }
    }
  }
  return in.session && in.session->requested ? grant_session(*in.session, s) : outcome{};
}

/// Units at the level of the command (§5.1.1).
outcome ocs::grant_session(const service_request& wanted, session& s) {
  const allotment a = allot(wanted, s);
  if (a.code != cc_result::success) {
    return {a.code, {}};
  }
  answer_.grant(a.units, a.final);
  return {};
}

/// One Multiple-Services-Credit-Control (§5.1.2): its refusal is its own, inside it.
cc_result ocs::grant_service(const service_request& wanted, session& s) {
  const allotment a = allot(wanted, s);
  if (a.code == cc_result::success) {
    answer_.grant_service(wanted.key, a.units, a.final);
  } else {
    answer_.refuse_service(wanted.key, a.code);
  }
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

ocs::session* ocs::open_session(const credit_request& in, account& a, const arrival& came) {
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
  s.via = came.via;
  s.open = true;
  ++open_;
  s.deadline = open_deadlines_.emplace(came.at + options_.session_timeout, &s);
  return &s;
}

void ocs::remember(session& s, const credit_request& in, bytes_view avps, outcome o) {
  s.last_type = in.type;
  s.last_number = in.number;
  s.last_outcome = o;
  s.last_avps.assign(avps.begin(), avps.end());
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
