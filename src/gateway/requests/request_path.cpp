#include "diamgw/gateway/requests/request_path.hpp"

#include <string>
#include <utility>
#include <variant>

#include "diamgw/base/printable.hpp"

namespace diamgw::gateway {
namespace {

namespace agent = diameter::agent;

/// Octets in a line of the log.
constexpr std::size_t max_logged_name = 255;  // of a DiameterIdentity (RFC 6733 §4.3.1)
constexpr std::size_t max_logged_sentence = 1024;

/// Counts one in `n`, which one thread alone writes, while it lives.
class counted {
 public:
  explicit counted(std::atomic<std::uint32_t>& n) noexcept : n_{n} { add(1); }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { add(~std::uint32_t{0}); }

 private:
  void add(std::uint32_t d) noexcept {
    n_.store(n_.load(std::memory_order_relaxed) + d, std::memory_order_relaxed);
  }
  std::atomic<std::uint32_t>& n_;
};

metrics::refused_reason counted_as(agent::refusal_reason reason) {
  switch (reason) {
    case agent::refusal_reason::command_unsupported:
      return metrics::refused_reason::command_unsupported;
    case agent::refusal_reason::unable_to_deliver:
      return metrics::refused_reason::unable_to_deliver;
    case agent::refusal_reason::realm_not_served:
      return metrics::refused_reason::realm_not_served;
    case agent::refusal_reason::loop_detected:
      return metrics::refused_reason::loop_detected;
    case agent::refusal_reason::application_unsupported:
      return metrics::refused_reason::application_unsupported;
    case agent::refusal_reason::invalid_message:
      return metrics::refused_reason::invalid_message;
  }
  return metrics::refused_reason::other;
}

metrics::refused_reason counted_as(diameter::result_code code) {
  switch (code) {
    case diameter::result_code::unknown_session_id:
      return metrics::refused_reason::unknown_session;
    case diameter::result_code::realm_not_served:
      return metrics::refused_reason::realm_not_served;
    case diameter::result_code::too_busy:
      return metrics::refused_reason::too_busy;
    default:
      return metrics::refused_reason::unable_to_deliver;
  }
}

routing::route_request route_request_of(const request& asked) {
  return {.destination_host = asked.avps.destination_host.value_or(std::string_view{}),
          .destination_realm = asked.avps.destination_realm.value_or(std::string_view{}),
          .application = asked.header.application,
          .excluded = {}};
}

routing::attempt_outcome attempt_of(exchange_outcome outcome) {
  switch (outcome) {
    case exchange_outcome::answered:
    case exchange_outcome::malformed_answer:
    case exchange_outcome::oversized_answer:
    case exchange_outcome::refused:
      return routing::attempt_outcome::answered;
    case exchange_outcome::not_sent:
      return routing::attempt_outcome::not_taken;
    case exchange_outcome::too_busy:
      return routing::attempt_outcome::too_busy;
    case exchange_outcome::receiver_lost:
      return routing::attempt_outcome::lost;
    default:
      return routing::attempt_outcome::given_up;
  }
}

/// The shard's counters of how a request without an answer ended, and the word for that: the
/// counter's reason, where it has one.
std::string_view count_end(metrics::recorder& recorder, agent::asked_by from,
                           const exchange_result& ended) {
  const auto cancelled = [&recorder](metrics::cancel_reason why) {
    recorder.requests_cancelled.add(why);
    return to_string(why);
  };
  const auto refused = [&recorder](metrics::refused_reason why) {
    recorder.refused_requests.add(why);
    return to_string(why);
  };
  switch (ended.outcome) {
    case exchange_outcome::asker_left:
      return cancelled(metrics::cancel_reason::client_left);
    case exchange_outcome::cancelled:
      return cancelled(metrics::cancel_reason::cancelled_by_client);
    case exchange_outcome::draining:
      return cancelled(metrics::cancel_reason::draining);
    case exchange_outcome::receiver_lost:
      return cancelled(metrics::cancel_reason::peer_lost);
    case exchange_outcome::deadline:
      if (from == agent::asked_by::peer) {
        return refused(metrics::refused_reason::unable_to_deliver);
      }
      recorder.deadlines_expired.add();
      return to_string(metrics::late_reason::deadline);
    case exchange_outcome::too_busy:
      return refused(metrics::refused_reason::too_busy);
    case exchange_outcome::refused:
      return refused(counted_as(ended.code));
    case exchange_outcome::malformed_answer:  // counted where it came
      return "malformed_answer";
    case exchange_outcome::oversized_answer:
      return "oversized_answer";
    case exchange_outcome::not_sent:
    case exchange_outcome::answered:
      break;
  }
  return to_string(metrics::refused_reason::other);
}

}  // namespace

request_path::request_path(shard_context& on, const options& o,
                           std::shared_ptr<const dictionary::dictionary> names,
                           std::shared_ptr<const routing::table> routes)
    : on_{on}, options_{o}, names_{std::move(names)}, routes_{std::move(routes)} {
  validator_.emplace(*names_, diameter::lenient_validation());
}

void request_path::use_dictionary(std::shared_ptr<const dictionary::dictionary> names) {
  names_ = std::move(names);
  validator_.emplace(*names_, diameter::lenient_validation());
}

void request_path::ask(asker_ptr who, request&& asked) {
  const agent::asked_by from = asked.from.kind;
  if (draining_ && from == agent::asked_by::client) {
    constexpr auto reason = metrics::refused_reason::draining;
    on_.recorder.refused_requests.add(reason);
    refuse(*who, asked,
           {.end = diameter::unanswered::draining,
            .code = to_result_code(diameter::unanswered::draining),
            .reason = to_string(reason)});
    return;
  }
  const agent::verdict verdict =
      agent::judge(asked.message.view, asked.avps, *options_.identity, *names_,
                   options_.check_grammar ? &*validator_ : nullptr, {.from = from});
  if (const auto* no = std::get_if<agent::refuse>(&verdict)) {
    const metrics::refused_reason reason = counted_as(no->reason);
    on_.recorder.refused_requests.add(reason);
    refuse(*who, asked,
           {.end = std::nullopt,
            .code = no->code,
            .reason = to_string(reason),
            .sentence = no->sentence,
            .violation = no->broken ? &*no->broken : nullptr});
    return;
  }
  const bool ours = std::holds_alternative<agent::serve>(verdict);
  serve(on_, ours ? way::serve : way::relay, std::move(who), std::move(asked));
}

handler_task request_path::serve(shard_context& on, way to, asker_ptr who, request&& came) {
  const request asked = std::move(came);  // a parameter by value would be copied once more
  const agent::asked_by from = asked.from.kind;
  const counted in_progress{waiting_};
  const auto status = [this](routing::peer_index p) { return options_.peers->status(on_, p); };
  routing::attempts attempts{asked.from.peer};
  for (;;) {
    routing::peer_index peer = routing::no_peer;
    receiver* chosen = options_.clients;
    if (to == way::relay) {
      const routing::decision choice =
          attempts.next(routes_, route_request_of(asked), status, on.random.next());
      if (!choice) {
        refuse_unrouted(*who, asked, attempts, choice.refused);
        co_return;
      }
      peer = choice.peer;
      chosen = &options_.peers->at(peer);
    }
    who->on_sending(asked, peer);
    exchange waiting{on, asked.deadline};
    waiting.label = who->label();
    who->exchanges().push_back(waiting);
    const bool given = waiting.registered();
    if (given) {
      const bytes_view avps = asked.message.view.avps().octets();
      chosen->send(on, {.header = asked.header,
                        .command = asked.command,
                        .avps = {asked.message.buffer, avps},
                        .appended = {},
                        .exchange = waiting.key(),
                        .deadline = asked.deadline});
    }
    exchange_result ended = co_await waiting.wait();
    if (to == way::relay && ended.outcome == exchange_outcome::answered) {
      const auto found =
          diameter::find_mismatch(ended.answer.view, asked.header.command, asked.avps.session_id);
      if (found != diameter::answer_mismatch::none) [[unlikely]] {
        on_mismatch(asked, peer, found, ended);
      }
    }
    if (ended.outcome == exchange_outcome::answered) {
      on.recorder.request_took(from == agent::asked_by::client
                                   ? metrics::request_flow::client_to_peer
                                   : metrics::request_flow::peer_to_client,
                               asked.command, on.shard.now() - asked.began);
      who->answered(asked, std::move(ended.answer));
      co_return;
    }
    if (attempts.goes_on_after(attempt_of(ended.outcome), peer)) {
      continue;
    }
    const std::string_view reason = count_end(on.recorder, from, ended);
    if (ended.outcome != exchange_outcome::asker_left) {
      refusal why = refusal_of(ended, from);
      why.reason = reason;
      why.peer = given ? name_of(peer) : std::string_view{};
      refuse(*who, asked, why);
    }
    co_return;
  }
}

std::string_view request_path::name_of(routing::peer_index peer) const {
  const routing::table& all = routes_.routes();
  return peer < all.peer_count() ? all.peer_host(peer) : std::string_view{};
}

// An operator who is asked "why was it not served?" has these lines, and no value of an AVP but the
// names by which requests are routed. What the asker itself gave up is no refusal.
void request_path::refuse(asker& who, const request& asked, const refusal& why) {
  if (why.end != diameter::unanswered::cancelled && on_.refusals.admit(on_.shard.now())) {
    const dictionary::command_definition* const command =
        names_->find_command(asked.header.application, asked.header.command);
    const log_field asking = who.name();
    std::vector<log_field> fields{asking,
                                  {log_key::command, asked.header.command.value},
                                  {log_key::application, asked.header.application.value},
                                  {log_key::result_code, static_cast<std::uint32_t>(why.code)},
                                  {log_key::reason, why.reason}};
    std::string line{to_string(asking.key)};
    line += ' ' + std::get<std::string>(asking.value) + ": ";
    line += command != nullptr ? command->name + "-Request"
                               : "command " + std::to_string(asked.header.command.value);
    line += " of application " + std::to_string(asked.header.application.value);
    if (asked.avps.destination_host) {
      const std::string host = printable(*asked.avps.destination_host, max_logged_name);
      line += ", Destination-Host " + host;
      fields.emplace_back(log_key::host, host);
    }
    if (asked.avps.destination_realm) {
      const std::string realm = printable(*asked.avps.destination_realm, max_logged_name);
      line += ", Destination-Realm " + realm;
      fields.emplace_back(log_key::realm, realm);
    }
    if (!why.peer.empty()) {
      line += why.sent ? ", given to " : ", not taken by ";
      line += why.peer;
      fields.emplace_back(log_key::receiver, why.peer);
    }
    if (asked.avps.session_id) {
      fields.emplace_back(log_key::session, printable(*asked.avps.session_id));
    }
    on_.log.warn(fields, "{}: refused: {} ({}){}{}", line, to_string(why.code),
                 static_cast<std::uint32_t>(why.code), why.sentence.empty() ? "" : ": ",
                 printable(why.sentence, max_logged_sentence));
  }
  who.refused(asked, why);
}

// RFC 6733 §6.2. The Session-Id itself is no matter for the log.
void request_path::on_mismatch(const request& asked, routing::peer_index by,
                               diameter::answer_mismatch found, exchange_result& ended) {
  const bool of_command = found == diameter::answer_mismatch::command;
  on_.recorder.mismatched_answers.add(of_command ? metrics::mismatched_answer::command
                                                 : metrics::mismatched_answer::session);
  const std::string_view peer = name_of(by);
  const std::uint32_t command = asked.header.command.value;
  std::vector<log_field> fields{
      {log_key::peer, peer},
      {log_key::command, command},
      {log_key::application, asked.header.application.value},
      {log_key::reason, to_string(of_command ? metrics::mismatched_answer::command
                                             : metrics::mismatched_answer::session)}};
  if (asked.avps.session_id) {
    fields.emplace_back(log_key::session, printable(*asked.avps.session_id));
  }
  if (of_command) {
    on_.refusals.warn(fields, "peer {}: a request of command {} was answered by one of command {}",
                      peer, command, ended.answer.view.command().value);
  } else {
    on_.refusals.warn(fields,
                      "peer {}: a request of command {} was answered for another Session-Id", peer,
                      command);
  }
  if (of_command ? options_.match_answer_command : options_.match_answer_session) {
    ended = {.outcome = exchange_outcome::malformed_answer,
             .sentence = of_command ? "the answer is of another command than the request"
                                    : "the answer has another Session-Id than the request"};
  }
}

routing::explanation request_path::explain(const routing::route_request& asked) const {
  const auto status = [this](routing::peer_index p) { return options_.peers->status(on_, p); };
  return routes_.routes().explain(asked, status);
}

// "No route" is an operator's first question, so the asker hears who was considered and why not.
void request_path::refuse_unrouted(asker& who, const request& asked,
                                   const routing::attempts& attempts, routing::refusal refused) {
  routing::route_request wanted = route_request_of(asked);
  wanted.excluded = attempts.excluded();
  const routing::explanation why = explain(wanted);
  for (const routing::considered& c : why.candidates) {
    // RFC 6733 §5.4: a message to be forwarded is a reason to connect to a peer that has left.
    if (c.reason == routing::obstacle::not_open && c.link == link_state::left) {
      options_.peers->want(on_, c.peer);
    }
  }
  const std::string sentence = why.sentence();
  const auto code = static_cast<diameter::result_code>(refused);
  const metrics::refused_reason reason = counted_as(code);
  on_.recorder.refused_requests.add(reason);
  refuse(who, asked,
         {.end = refused == routing::refusal::too_busy ? diameter::unanswered::too_busy
                                                       : diameter::unanswered::unable_to_deliver,
          .code = code,
          .reason = to_string(reason),
          .sentence = sentence,
          .candidates = &why});
}

}  // namespace diamgw::gateway
