#include "app/sim/session_requests.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/base/printable.hpp"
#include "diamgw/config/load.hpp"
#include "diamgw/transport/event.hpp"

namespace diamgw::sim {
namespace {

constexpr std::size_t request_octets = 4096;
constexpr std::size_t shown_octets = 256;

std::string text_in(const diameter::message_view& message, avp_code code) {
  const auto avp = message.find(code);
  return avp ? printable(as_text(avp->data), shown_octets) : std::string{};
}

std::string failure_of(const gateway::exchange_result& ended, std::chrono::milliseconds timeout) {
  using enum gateway::exchange_outcome;
  switch (ended.outcome) {
    case deadline:
      return "no answer within " + config::format_duration(timeout);
    case receiver_lost:
      return "the connection ended before an answer came";
    case malformed_answer:
    case oversized_answer:
      return "the answer cannot be read";
    case too_busy:
      return "too much is under way to the peer";
    default:
      return ended.sentence.empty() ? "it could not be sent" : std::string{ended.sentence};
  }
}

}  // namespace

struct session_requests::round {
  round(transport::shard& on, session_request w, std::vector<std::string> ids)
      : what{w}, left{std::move(ids)}, expected{left.size()}, done{on} {}

  session_request what;
  std::vector<std::string> left;  // from its end
  std::size_t expected;
  std::vector<session_outcome> outcomes;
  transport::event done;
};

transport::awaitable<std::vector<session_outcome>> session_requests::send(
    session_request what, std::vector<std::string> session_ids) {
  std::ranges::reverse(session_ids);
  const auto all = std::make_shared<round>(on_.shard, what, std::move(session_ids));
  for (std::size_t i = std::min(max_waiting, all->expected); i > 0; --i) {
    ask_one_after_another(on_, all);
  }
  while (all->outcomes.size() < all->expected) {
    co_await all->done.wait();
  }
  co_return std::move(all->outcomes);
}

gateway::handler_task session_requests::ask_one_after_another(gateway::shard_context& on,
                                                              std::shared_ptr<round> all) {
  while (!all->left.empty()) {
    session_outcome outcome{.session_id = std::move(all->left.back())};
    all->left.pop_back();
    const time_point deadline = on.shard.now() + timeout_;
    gateway::exchange e{on, deadline};
    if (send_one(all->what, e, deadline, outcome)) {
      const gateway::exchange_result result = co_await e.wait();
      if (result.outcome == gateway::exchange_outcome::cancelled) {
        co_return;  // the server ends, and nobody waits any more
      }
      if (result.outcome == gateway::exchange_outcome::answered) {
        const diameter::message_view& answer = result.answer.view;
        outcome.result_code =
            diameter::find_unsigned32(answer, diameter::avps::result_code).value_or(0);
        outcome.origin_host = text_in(answer, diameter::avps::origin_host);
        outcome.error_message = text_in(answer, diameter::avps::error_message);
      } else {
        outcome.failure = failure_of(result, timeout_);
      }
    }
    all->outcomes.push_back(std::move(outcome));
  }
  if (all->outcomes.size() == all->expected) {
    all->done.notify();
  }
}

bool session_requests::send_one(session_request what, gateway::exchange& e, time_point deadline,
                                session_outcome& outcome) {
  const std::string_view via = ocs_.find_way(outcome.session_id);
  const routing::peer_index to = via.empty() ? routing::no_peer : peers_.find(via);
  buffer_ref buffer = on_.pool().allocate(request_octets);
  diameter::writer out{buffer.whole()};
  const bytes_view octets =
      ocs_.make_request(what, outcome.session_id, hop_by_hop_id{}, on_.end_to_end.next(), out);
  if (octets.empty()) {
    outcome.failure = out.overflowed() ? "the request is too large" : "the session has ended";
  } else if (to == routing::no_peer) {
    outcome.failure = "the peer that its requests came by is not connected";
  } else if (!e.registered()) {
    outcome.failure = "too many requests of this server wait for their answers";
  } else {
    const diameter::message_view view{octets};
    peers_.at(to).send(on_, {.header = diameter::header_of(view),
                             .command = metrics_.find_command(view.application(), view.command()),
                             .avps = {std::move(buffer), view.avps().octets()},
                             .appended = {},
                             .exchange = e.key(),
                             .deadline = deadline});
    return true;
  }
  return false;
}

}  // namespace diamgw::sim
