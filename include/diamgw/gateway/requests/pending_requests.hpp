// The transactions of one receiver: requests that it was given and has not answered.
#pragma once
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "diamgw/diameter/transactions.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/receiver.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

/// How long a transaction outlives its exchange's deadline, to know a late answer as such.
inline constexpr duration late_answer_grace = std::chrono::seconds{5};

/// `Note` is what the receiver wants to know of a request when its answer comes; movable, and
/// empty objects of it must be cheap. Thread: the receiver's shard, but for `full`. Bounds:
/// `capacity()` transactions; then `add` gives nothing. No allocation once the table has grown.
template <class Note>
class pending_requests {
 public:
  /// A request that waits; of the intrusive list of whoever it was sent to.
  class transaction final : public boost::intrusive::list_base_hook<
                                boost::intrusive::link_mode<boost::intrusive::auto_unlink>>,
                            private shard_context::timeout {
   public:
    [[nodiscard]] hop_by_hop_id id() const noexcept { return id_; }
    [[nodiscard]] exchange_key exchange() const noexcept { return exchange_; }
    [[nodiscard]] metrics::command_slot command() const noexcept { return command_; }
    Note note;

   private:
    friend class pending_requests;
    void on_timeout() override { owner_->erase(id_); }

    pending_requests* owner_ = nullptr;
    hop_by_hop_id id_;
    exchange_key exchange_;
    time_point since_;
    time_point deadline_;
    metrics::command_slot command_ = metrics::other_command;
  };
  using list = boost::intrusive::list<transaction, boost::intrusive::constant_time_size<false>>;

  /// What is left of a transaction that has ended.
  struct ended {
    exchange_key exchange;
    time_point since;  // when it was added
    time_point deadline;
    metrics::command_slot command = metrics::other_command;
    Note note;
  };

  /// `counted_in` has how many there are, for whoever reads the metrics.
  pending_requests(shard_context& home, metrics::gauge& counted_in, std::uint32_t capacity,
                   std::uint64_t seed)
      : home_{home}, counted_in_{&counted_in}, table_{{.capacity = capacity}, seed} {}
  pending_requests(const pending_requests&) = delete;
  pending_requests& operator=(const pending_requests&) = delete;

  /// The receiver is another now. None waits.
  void count_in(metrics::gauge& of) noexcept { counted_in_ = &of; }

  /// A request that is about to be sent; `of` lists the transactions of the same connection.
  /// Null at the limit.
  [[nodiscard]] transaction* add(const outgoing_request& request, list& of, Note note = {}) {
    transaction* t = take_spare();
    transaction* value = t;
    const auto id = table_.insert(std::move(value));
    if (!id) {
      spare_.push_back(t);
      return nullptr;
    }
    t->id_ = *id;
    t->exchange_ = request.exchange;
    t->since_ = home_.shard.now();
    t->deadline_ = request.deadline;
    t->command_ = request.command;
    t->note = std::move(note);
    of.push_back(*t);
    home_.schedule(*t, request.deadline + late_answer_grace);
    in_flight_.fetch_add(1, std::memory_order_relaxed);
    counted_in_->add(1);
    return t;
  }

  /// The transaction of this id, if it waits still.
  [[nodiscard]] transaction* find(hop_by_hop_id id) noexcept {
    transaction** found = table_.find(id);
    return found == nullptr ? nullptr : *found;
  }

  /// Ends it: its answer has come. Nothing where no request waits under this id (any more).
  [[nodiscard]] std::optional<ended> take(hop_by_hop_id id) {
    const auto found = table_.take(id);
    if (!found) {
      return std::nullopt;
    }
    return release(**found);
  }

  /// Ends it without a word: it could not be sent, or its late answer is waited for no more.
  void erase(hop_by_hop_id id) { static_cast<void>(take(id)); }

  /// Ends all of `of`; `tell(ended)` for each, which may add others to other lists.
  template <class Tell>
  void end_all(list& of, Tell&& tell) {
    while (!of.empty()) {
      if (auto e = take(of.front().id())) {
        tell(std::move(*e));
      }
    }
  }

  /// At the limit. Any thread; may be out of date by what is under way.
  [[nodiscard]] bool full() const noexcept { return size() >= capacity(); }
  /// What was asked for, or what identifiers have room for, whichever is less. Any thread.
  [[nodiscard]] std::size_t capacity() const noexcept { return table_.capacity(); }
  [[nodiscard]] std::uint32_t size() const noexcept {  // any thread
    return in_flight_.load(std::memory_order_relaxed);
  }

 private:
  [[nodiscard]] transaction* take_spare() {
    if (spare_.empty()) {
      transaction* t = &pool_.emplace_back();
      t->owner_ = this;
      spare_.reserve(pool_.size());
      return t;
    }
    transaction* t = spare_.back();
    spare_.pop_back();
    return t;
  }

  ended release(transaction& t) {
    t.wheel_entry::unlink();
    static_cast<boost::intrusive::list_base_hook<
        boost::intrusive::link_mode<boost::intrusive::auto_unlink>>&>(t)
        .unlink();
    ended e{t.exchange_, t.since_, t.deadline_, t.command_, std::exchange(t.note, Note{})};
    spare_.push_back(&t);
    in_flight_.fetch_sub(1, std::memory_order_relaxed);
    counted_in_->add(-1);
    return e;
  }

  shard_context& home_;
  metrics::gauge* counted_in_;
  std::atomic<std::uint32_t> in_flight_{0};
  diameter::transaction_table<transaction*> table_;
  std::deque<transaction> pool_;
  std::vector<transaction*> spare_;
};

}  // namespace diamgw::gateway
