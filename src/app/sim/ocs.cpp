#include "app/sim/ocs.hpp"

#include <algorithm>

#include "app/sim/ocs_session.hpp"
#include "diamgw/base/assert.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

/// An answer's own AVPs: `max_services` grants of 200 octets, and Failed-AVP.
constexpr std::size_t scratch_octets = max_services * 256 + 8192;

}  // namespace

ocs::ocs(ocs_options options)
    : options_{std::move(options)}, accounts_{options_.accounts}, scratch_(scratch_octets) {}

ocs::~ocs() = default;

bytes_view ocs::on_ccr(const diameter::message_view& request, diameter::writer& out,
                       time_point now) {
  on_timer(now);
  if (request.application() != credit_control_application) {
    return refuse(request, {cc_result::application_unsupported, {}, {}}, out);
  }
  const auto decoded = decode_credit_request(request);
  if (!decoded) {
    return refuse(request, decoded.error(), out);
  }
  const credit_request& in = *decoded;

  // §8.2: "Session-Id and CC-Request-Number AVPs identify a message": a repeat, whatever path it
  // came, is answered again and changes nothing.
  session* s = find_session(in.session_id);
  if (s != nullptr && s->is_repeat(in)) {
    ++statistics_.repeats;
    return write_answer(request, s->last_outcome.code, s->last_body, out);
  }

  diameter::writer body{scratch_};
  const outcome o = serve(in, body, now);
  count(in.type, o.code);
  if (o.offender != avp_code{}) {
    if (const auto offender = request.find(o.offender)) {
      const auto group =
          body.begin_group(diameter::avps::failed_avp, ietf_vendor, diameter::avp_flags::mandatory);
      body.copy(*offender);
      body.end_group(group);
    }
  }
  const bytes_view octets{scratch_.data(), body.size()};
  if (s = find_session(in.session_id); s != nullptr && o.offender == avp_code{}) {
    remember(*s, in, octets, o);
  }
  return write_answer(request, o.code, octets, out);
}

ocs::outcome ocs::serve(const credit_request& in, diameter::writer& body, time_point now) {
  session* s = find_session(in.session_id);
  const bool open = s != nullptr && s->open;
  switch (in.type) {
    case request_type::initial:
    case request_type::event:
      if (open) {
        // One session is not opened twice, and an event has no session (§6).
        return {cc_result::invalid_avp_value, cc::request_type_avp};
      }
      if (s != nullptr) {
        erase(*s);
      }
      return in.type == request_type::initial ? initial(in, body, now) : event(in, body, now);
    case request_type::update:
    case request_type::termination:
      break;
  }
  if (!open) {
    return {cc_result::unknown_session_id, {}};
  }
  if (in.number <= s->last_number) {
    // §8.2: numbers count up within a session; gaps are requests that never came, and allowed.
    return {cc_result::invalid_avp_value, cc::request_number};
  }
  settle_all(in, *s);
  if (in.type == request_type::update) {
    return update(in, *s, body, now);
  }
  // Open | CC termination request received and successfully processed | Send CC termination
  // answer, Stop Tcc, Debit used units | Idle
  close(*s, now);
  return {};
}

ocs::outcome ocs::initial(const credit_request& in, diameter::writer& body, time_point now) {
  const auto holder = account_of(in);
  if (!holder) {
    return {holder.error(), {}};
  }
  session* s = open_session(in, **holder, now);
  if (s == nullptr) {
    return {cc_result::too_busy, {}};
  }
  // Idle | CC initial request received and successfully processed | Send CC initial answer,
  // reserve units, start Tcc | Open
  const outcome o = grant_all(in, *s, body);
  const bool all_refused = !in.services.empty() && s->quotas.empty() &&
                           std::ranges::any_of(in.services, [](const auto& service) {
                             return service.requested.has_value();
                           });
  if (o.code != cc_result::success || all_refused) {
    // Idle | CC initial request received but not successfully processed | Send CC initial answer
    // with Result-Code != SUCCESS | Idle
    erase(*s);
    body.rewind(0);
    return o.code != cc_result::success ? o : outcome{cc_result::credit_limit_reached, {}};
  }
  return o;
}

ocs::outcome ocs::update(const credit_request& in, session& s, diameter::writer& body,
                         time_point now) {
  const outcome o = grant_all(in, s, body);
  if (o.code != cc_result::success) {
    // Open | CC update request received but not successfully processed | Send CC update answer
    // with Result-Code != SUCCESS, Stop Tcc, Debit used units | Idle
    close(s, now);
    return o;
  }
  // Open | CC update request received and successfully processed | Send CC update answer, debit
  // used units, reserve new units, restart Tcc | Open
  set_deadline(s, now + options_.session_timeout);
  return o;
}

ocs::outcome ocs::event(const credit_request& in, diameter::writer& body, time_point now) {
  const auto holder = account_of(in);
  if (!holder) {
    return {holder.error(), {}};
  }
  // Kept closed, for repeats only: a direct debit must not be charged twice.
  session* s = open_session(in, **holder, now);
  if (s == nullptr) {
    return {cc_result::too_busy, {}};
  }
  close(*s, now);
  return charge_event(in, **holder, body);
}

ocs::outcome ocs::charge_event(const credit_request& in, account& a, diameter::writer& body) const {
  service_units units{.service_specific = 1};  // §6: where nothing is asked for, one event
  if (in.session && in.session->requested && !in.session->requested->empty()) {
    units = *in.session->requested;
  } else if (!in.services.empty() && in.services[0].requested &&
             !in.services[0].requested->empty()) {
    units = *in.services[0].requested;
  }
  const credit cost = cost_of(units, options_.prices);
  const bool covered = cost <= a.available();
  constexpr std::uint8_t mandatory = diameter::avp_flags::mandatory;
  switch (*in.action) {
    case requested_action::direct_debiting:  // §6.3
      if (!covered) {
        return {cc_result::credit_limit_reached, {}};
      }
      debit_credit(a, cost);
      write_units(body, cc::granted_service_unit, units);
      return {};
    case requested_action::refund_account:  // §6.4
      refund_credit(a, cost);
      return {};
    case requested_action::check_balance: {  // §6.2
      const auto answer = covered ? balance_result::enough_credit : balance_result::no_credit;
      body.unsigned32(cc::check_balance_result, ietf_vendor, mandatory,
                      static_cast<std::uint32_t>(answer));
      return {};
    }
    case requested_action::price_enquiry: {  // §6.1; §8.7: Unit-Value and Currency-Code
      const auto group = body.begin_group(cc::cost_information, ietf_vendor, mandatory);
      write_unit_value(body, cost);
      // ISO 4217's code for "no currency": credit is money of no country.
      body.unsigned32(cc::currency_code, ietf_vendor, mandatory, 999);
      body.end_group(group);
      return {};
    }
  }
  return {};
}

void ocs::on_timer(time_point now) {
  while (!closed_deadlines_.empty() && closed_deadlines_.begin()->first <= now) {
    erase(*closed_deadlines_.begin()->second);
  }
  while (!open_deadlines_.empty() && open_deadlines_.begin()->first <= now) {
    // Open | Session supervision timer Tcc expired | Release reserved units | Idle
    ++statistics_.expired;
    erase(*open_deadlines_.begin()->second);
  }
}

time_point ocs::next_deadline() const noexcept {
  time_point next = time_point::max();
  for (const deadlines* queue : {&open_deadlines_, &closed_deadlines_}) {
    if (!queue->empty()) {
      next = std::min(next, queue->begin()->first);
    }
  }
  return next;
}

bool ocs::has_open_session(std::string_view session_id) const {
  const auto found = sessions_.find(session_id);
  return found != sessions_.end() && found->second.open;
}

void ocs::for_each_session(
    const std::function<void(std::string_view, std::string_view, credit)>& each) const {
  for (const auto& [id, s] : sessions_) {
    if (s.open) {
      credit reserved = 0;
      for (const auto& quota : s.quotas) {
        reserved += quota.second;
      }
      each(id, s.subscriber, reserved);
    }
  }
}

void ocs::count(request_type type, cc_result code) noexcept {
  switch (type) {
    case request_type::initial:
      ++statistics_.initial;
      break;
    case request_type::update:
      ++statistics_.update;
      break;
    case request_type::termination:
      ++statistics_.termination;
      break;
    case request_type::event:
      ++statistics_.event;
      break;
  }
  if (code == cc_result::credit_limit_reached) {
    ++statistics_.limit_reached;
  } else if (code != cc_result::success) {
    ++statistics_.errors;
  }
}

}  // namespace diamgw::sim
