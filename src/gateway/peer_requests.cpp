// Requests to a peer and their answers: hop-by-hop ids, transactions, and who is told.
#include <utility>

#include "peer_parts.hpp"

namespace diamgw::gateway {
namespace {

/// How long the transaction of an exchange that has ended is kept, to know its late answer.
constexpr duration late_answer_grace = std::chrono::seconds{5};

}  // namespace

void peer::send_request(outgoing_request request) {
  const asker who{request.exchange, request.deadline};
  const auto& l = link_of(machine_.open_connection());
  transaction* t = nullptr;
  if (!machine_.is_open() || !l || l->ended) {
    finish(who, exchange_outcome::not_sent, {});
    return;
  }
  if (spare_transactions_.empty()) {
    t = &transaction_pool_.emplace_back();
    t->owner = this;
    spare_transactions_.reserve(transaction_pool_.size());
  } else {
    t = spare_transactions_.back();
    spare_transactions_.pop_back();
  }
  t->who = who;
  t->command = request.command;
  transaction* value = t;
  const auto id = transactions_.insert(std::move(value));
  if (!id) {
    spare_transactions_.push_back(t);
    finish(who, exchange_outcome::too_busy, {});
    return;
  }
  t->id = *id;
  const bytes_view octets = request.message.view.octets();
  diameter::patch_hop_by_hop({const_cast<std::byte*>(octets.data()), octets.size()}, *id);
  if (!l->out.push({std::move(request.message.buffer), octets})) {
    transactions_.erase(*id);
    spare_transactions_.push_back(t);
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
    finish(who, exchange_outcome::too_busy, {});
    return;
  }
  home_.schedule(*t, request.deadline + late_answer_grace);
  in_flight_.fetch_add(1, std::memory_order_relaxed);
  home_.recorder.transactions_in_flight.add(1);
  home_.recorder.request(slot_, t->command, metrics::direction::sent);
}

void peer::on_answer(diameter::message answer, exchange_outcome outcome) {
  const auto waiting = transactions_.take(answer.view.hop_by_hop());
  if (!waiting) {
    home_.recorder.unknown_answers.add();  // RFC 6733 §6.2: ignored
    return;
  }
  transaction& t = **waiting;
  const asker who = t.who;
  if (outcome == exchange_outcome::answered) {
    const auto code =
        diameter::find_unsigned32(answer.view, diameter::avps::result_code).value_or(0);
    home_.recorder.answer(slot_, t.command, metrics::direction::received, metrics::class_of(code));
  }
  release(t);
  finish(who, outcome, std::move(answer));
}

// To the shard where the handler waits. Whether it still does shows there.
void peer::finish(const asker& who, exchange_outcome outcome, diameter::message answer) {
  shard_context& asking = node_.shard(who.exchange.shard);
  const auto tell = [&asking, who, outcome](diameter::message&& m) {
    if (!finish_exchange(asking, who.exchange, outcome, std::move(m)) &&
        outcome == exchange_outcome::answered) {
      asking.recorder.late_answers.add(clock::now() >= who.deadline
                                           ? metrics::late_reason::deadline
                                           : metrics::late_reason::client_left);
    }
  };
  if (&asking == &home_) {
    tell(std::move(answer));
    return;
  }
  if (!asking.shard.post([tell, m = std::move(answer)]() mutable { tell(std::move(m)); })) {
    // Its handler ends at the deadline.
    home_.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

void peer::release(transaction& t) {
  t.unlink();
  spare_transactions_.push_back(&t);
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  home_.recorder.transactions_in_flight.add(-1);
}

void peer::send_answer(std::uint32_t connection, buffer_slice answer) {
  const auto& l = link_of(machine_.open_connection());
  if (!l || l->serial != connection || l->ended) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_gone);
    return;
  }
  const diameter::message_view view{answer.octets};
  const auto code = diameter::find_unsigned32(view, diameter::avps::result_code).value_or(0);
  home_.recorder.answer(slot_, node_.metrics().find_command(view.application(), view.command()),
                        metrics::direction::sent, metrics::class_of(code));
  if (!l->out.push(std::move(answer))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

}  // namespace diamgw::gateway
