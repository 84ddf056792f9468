#include "app/sim/ocs.hpp"

#include <algorithm>
#include <array>
#include <memory_resource>

#include "app/sim/ocs_session.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/messages/typed/constants.hpp"
#include "diamgw/messages/typed/rebuild.hpp"
#include "diamgw/messages/typed/validated.hpp"

namespace diamgw::sim {
namespace {

/// Every member, those of groups too, is held against its grammar.
result<cc::credit_control_request, diameter::violation> read_request(
    const diameter::message_view& request, diameter::validator& rules,
    std::pmr::memory_resource& memory) {
  using view = cc::credit_control_request_view;
  const auto whole = diameter::typed::decode_or_violation<view>(request.octets(), rules);
  if (!whole) {
    return whole.error();
  }
  auto message = diameter::typed::rebuild(*whole, memory);
  if (!message) {
    return diameter::to_violation(request.octets(), message.error(), &rules.names());
  }
  return *std::move(message);
}

}  // namespace

ocs::ocs(ocs_options options)
    : options_{std::move(options)},
      origin_{diameter::typed::encode_origin(options_.origin_host, options_.origin_realm)},
      rules_{dictionary::embedded(), diameter::lenient_validation()},
      accounts_{options_.accounts},
      answer_{options_.origin_host, options_.origin_realm, options_.validity} {}

ocs::~ocs() = default;

bytes_view ocs::on_ccr(const diameter::message_view& request, diameter::writer& out, arrival came) {
  on_timer(came.at);
  if (request.application() != credit_control_application) {
    ++statistics_.errors;
    return diameter::write_error_answer(
        out, request, {.code = diameter::result_code::application_unsupported, .origin = origin_});
  }
  std::array<std::byte, 8192> room;
  std::pmr::monotonic_buffer_resource memory{room.data(), room.size()};
  const auto message = read_request(request, rules_, memory);
  if (!message) {
    ++statistics_.errors;
    return diameter::write_error_answer(out, request, message.error(), origin_);
  }
  const auto decoded = decode_credit_request(*message);
  if (!decoded) {
    ++statistics_.errors;
    answer_.begin(*message);
    return write_answer(request, decoded.error(), encode(decoded.error().code), out);
  }
  const credit_request& in = *decoded;

  // §8.2: "Session-Id and CC-Request-Number AVPs identify a message": a repeat, whatever path it
  // came, is answered again and changes nothing.
  session* s = find_session(in.session_id);
  if (s != nullptr && s->is_repeat(in)) {
    ++statistics_.repeats;
    return write_answer(request, s->last_outcome, s->last_avps, out);
  }

  answer_.begin(*message);
  const outcome o = serve(in, came);
  count(in.type, o.code);
  const bytes_view avps = encode(o.code);
  if (s = find_session(in.session_id); s != nullptr && o.offender == avp_code{}) {
    remember(*s, in, avps, o);
  }
  return write_answer(request, o, avps, out);
}

bytes_view ocs::refuse_ccr(const diameter::message_view& request, cc_result code,
                           diameter::writer& out) {
  std::array<std::byte, 8192> room;
  std::pmr::monotonic_buffer_resource memory{room.data(), room.size()};
  if (request.application() == credit_control_application) {
    if (const auto message = read_request(request, rules_, memory)) {
      answer_.begin(*message);
      return write_answer(request, {code, {}}, encode(code), out);
    }
  }
  return diameter::write_error_answer(
      out, request, {.code = static_cast<diameter::result_code>(code), .origin = origin_});
}

outcome ocs::serve(const credit_request& in, const arrival& came) {
  session* s = find_session(in.session_id);
  const bool open = s != nullptr && s->open;
  switch (in.type) {
    case request_type::initial_request:
    case request_type::event_request:
      if (open) {
        // One session is not opened twice, and an event has no session (§6).
        return {cc_result::invalid_avp_value, code_of(cc::avps::cc_request_type)};
      }
      if (s != nullptr) {
        erase(*s);
      }
      return in.type == request_type::initial_request ? initial(in, came) : event(in, came);
    case request_type::update_request:
    case request_type::termination_request:
      break;
  }
  if (!open) {
    return {cc_result::unknown_session_id, {}};
  }
  if (in.number <= s->last_number) {
    // §8.2: numbers count up within a session; gaps are requests that never came, and allowed.
    return {cc_result::invalid_avp_value, code_of(cc::avps::cc_request_number)};
  }
  settle_all(in, *s);
  s->via = came.via;
  if (in.type == request_type::update_request) {
    return update(in, *s, came.at);
  }
  // Open | CC termination request received and successfully processed | Send CC termination
  // answer, Stop Tcc, Debit used units | Idle
  close(*s, came.at);
  return {};
}

outcome ocs::initial(const credit_request& in, const arrival& came) {
  const auto holder = account_of(in);
  if (!holder) {
    return {holder.error(), {}};
  }
  session* s = open_session(in, **holder, came);
  if (s == nullptr) {
    return {cc_result::too_busy, {}};
  }
  // Idle | CC initial request received and successfully processed | Send CC initial answer,
  // reserve units, start Tcc | Open
  const outcome o = grant_all(in, *s);
  const bool all_refused = !in.services.empty() && s->quotas.empty() &&
                           std::ranges::any_of(in.services, [](const auto& service) {
                             return service.requested.has_value();
                           });
  if (o.code != cc_result::success || all_refused) {
    // Idle | CC initial request received but not successfully processed | Send CC initial answer
    // with Result-Code != SUCCESS | Idle
    erase(*s);
    answer_.drop_grants();
    return o.code != cc_result::success ? o : outcome{cc_result::credit_limit_reached, {}};
  }
  return o;
}

outcome ocs::update(const credit_request& in, session& s, time_point now) {
  const outcome o = grant_all(in, s);
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

outcome ocs::event(const credit_request& in, const arrival& came) {
  const auto holder = account_of(in);
  if (!holder) {
    return {holder.error(), {}};
  }
  // Kept closed, for repeats only: a direct debit must not be charged twice.
  session* s = open_session(in, **holder, came);
  if (s == nullptr) {
    return {cc_result::too_busy, {}};
  }
  close(*s, came.at);
  return charge_event(in, **holder);
}

outcome ocs::charge_event(const credit_request& in, account& a) {
  service_units units{.service_specific = 1};  // §6: where nothing is asked for, one event
  if (in.session && in.session->requested && !in.session->requested->empty()) {
    units = *in.session->requested;
  } else if (!in.services.empty() && in.services[0].requested &&
             !in.services[0].requested->empty()) {
    units = *in.services[0].requested;
  }
  const credit cost = cost_of(units, options_.prices);
  const bool covered = cost <= a.available();
  switch (*in.action) {
    case requested_action::direct_debiting:  // §6.3
      if (!covered) {
        return {cc_result::credit_limit_reached, {}};
      }
      debit_credit(a, cost);
      answer_.grant_paid(units);
      return {};
    case requested_action::refund_account:  // §6.4
      refund_credit(a, cost);
      return {};
    case requested_action::check_balance:  // §6.2
      answer_.check_balance(covered);
      return {};
    case requested_action::price_enquiry:  // §6.1
      answer_.price(cost);
      return {};
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

std::string_view ocs::find_way(std::string_view session_id) const {
  const auto found = sessions_.find(session_id);
  return found != sessions_.end() && found->second.open ? std::string_view{found->second.via}
                                                        : std::string_view{};
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
    case request_type::initial_request:
      ++statistics_.initial;
      break;
    case request_type::update_request:
      ++statistics_.update;
      break;
    case request_type::termination_request:
      ++statistics_.termination;
      break;
    case request_type::event_request:
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
