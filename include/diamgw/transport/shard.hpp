// Shards: one io_context with its one thread, and all that lives on it; and how they talk.
//
//   shard 0 ──ring 0→1──► shard 1        a ring per ordered pair: one producer, one consumer,
//   shard 0 ◄──ring 1→0── shard 1        first in, first out, woken once per batch
//   any thread ─────inbox──► each shard  the control plane only: takes a mutex
//
// A connection lives on one shard. What is said to another shard is a task in a ring.
//
// A turn is what a shard does between two times that it may wait for the system: a connection is
// readable, say, and all that follows from it. The clock is read at most once in a turn.
#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/inline_task.hpp"
#include "diamgw/transport/timer_queue.hpp"

namespace diamgw::transport {

class network;
class shard_group;

namespace detail {
struct turn_link {  // of a circular list whose head is the shard's; points to itself outside it
  turn_link* previous = this;
  turn_link* next = this;

  void unlink() noexcept {
    previous->next = next;
    next->previous = previous;
    previous = next = this;
  }
};
}  // namespace detail

/// Something to be done once at the end of the current turn of a shard's loop, that is after the
/// handlers which are ready now, and before the loop waits: flushing, usually.
/// Destroying it while it waits is allowed. One object belongs to one shard's thread.
class turn_hook : private detail::turn_link {
 public:
  turn_hook() noexcept = default;
  turn_hook(const turn_hook&) = delete;
  turn_hook& operator=(const turn_hook&) = delete;
  virtual ~turn_hook() { unlink(); }

 protected:
  virtual void on_end_of_turn() = 0;

 private:
  friend class shard;
};

struct shard_statistics {
  std::uint64_t tasks = 0;     // run on this shard, from rings and inbox
  std::uint64_t wakes = 0;     // batches in which they came
  std::uint64_t refused = 0;   // not accepted for this shard, its ring or inbox being full
  std::uint64_t failures = 0;  // exceptions that left a coroutine, a task or a handler
};

/// See the top of the file. Made by shard_group only. All but the functions that say otherwise
/// belong to the shard's thread.
class shard {
 public:
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;
  ~shard();

  [[nodiscard]] std::size_t index() const noexcept { return index_; }    // any thread
  [[nodiscard]] shard_group& group() const noexcept { return *group_; }  // any thread
  [[nodiscard]] boost::asio::io_context& context() noexcept { return *context_; }
  [[nodiscard]] buffer_pool& pool() noexcept { return pool_; }
  /// All deadlines of this shard.
  [[nodiscard]] timer_queue& timers() noexcept { return *timers_; }

  /// The time of this turn, the same at each call in it.
  /// cost: a branch; the clock is read at the first call in a turn
  [[nodiscard]] time_point now() noexcept {
    if (!time_known_) {
      turn_time_ = timers_->source().now();
      time_known_ = true;
    }
    return turn_time_;
  }
  /// Whoever goes on because something came from outside (the reactor, the alarm, another thread)
  /// says so before it does anything else. All of these are in this layer: what reads a stream or
  /// waits for an event need not think of it.
  void time_has_passed() noexcept { time_known_ = false; }

  /// The shard whose thread calls, or nothing on any other thread. Any thread.
  [[nodiscard]] static shard* current() noexcept;
  [[nodiscard]] bool is_current() const noexcept { return current() == this; }  // any thread

  /// Queues `task` for this shard: always queued, also from this shard's own thread, where it runs
  /// after the handlers that are ready now. Tasks of one thread run in their order.
  /// out:    false where the queue is full; the task is left as it was, and counted as refused
  /// cost:   from a shard of the same group no lock and no allocation; one wake-up per batch. Any
  ///         other thread takes a mutex. Any thread.
  [[nodiscard]] bool post(inline_task&& task);

  /// As post, but it always arrives: for the control plane, which says little and must be heard
  /// (a peer's new state, a drain, new routes). What one thread tells arrives in its order, and
  /// before what the thread posts afterwards; it may overtake what was posted before.
  /// The queue has no bound: never for what clients and peers send. Nothing happens where the
  /// group is being destroyed. Cost: a mutex, perhaps an allocation. Any thread.
  void tell(inline_task task);

  /// Calls `hook` once at the end of this turn; nothing where it waits for that already.
  /// No allocation in the steady state.
  void at_end_of_turn(turn_hook& hook);

  /// An exception left `where`: counts it and tells options::on_failure. Any thread.
  void report_failure(std::string_view where, std::exception_ptr failure) noexcept;

  [[nodiscard]] shard_statistics statistics() const noexcept;  // any thread

 private:
  friend class shard_group;
  class wakes_at_end_of_turn;
  struct queues;

  shard(shard_group& group, std::size_t index, std::size_t shards, std::size_t queue_items);
  void run();
  std::size_t run_ready();
  void start_once();
  void wake();
  void drain();
  void drain_inbox();
  void run_task(inline_task& task) noexcept;
  void run_hooks();
  void discard_queued() noexcept;
  void finish() noexcept;

  shard_group* group_;
  std::size_t index_;
  buffer_pool pool_;
  std::unique_ptr<queues> queues_;
  std::optional<boost::asio::io_context> context_;  // ended before its shard, see ~shard_group
  std::unique_ptr<timer_queue> timers_;
  time_point turn_time_{};
  bool time_known_ = false;
  bool started_ = false;
  bool end_of_turn_posted_ = false;
  detail::turn_link hooks_;
};

/// All shards of the process and their threads.
class shard_group {
 public:
  struct options {
    std::size_t shards = 1;
    /// Tasks per ring and per inbox, rounded up to a power of two; above it `post` refuses.
    std::size_t queue_items = 1024;
    buffer_pool::options pool{};
    /// Where the shards' time comes from.
    make_time_source make_time = make_system_time;
    /// By which its shards listen and dial; nothing is the kernel's.
    std::shared_ptr<transport::network> network{};
    /// Called on the thread where an exception left something; must not throw. May be empty.
    std::function<void(std::string_view where, std::exception_ptr failure)> on_failure{};
    /// Called first on each shard's own thread (thread names, affinity). May be empty.
    std::function<void(shard&)> on_start{};
  };

  explicit shard_group(options o);
  shard_group(const shard_group&) = delete;
  shard_group& operator=(const shard_group&) = delete;
  /// Stops and joins; then suspended coroutines are destroyed, on the calling thread.
  ~shard_group();

  [[nodiscard]] std::size_t size() const noexcept { return shards_.size(); }
  [[nodiscard]] shard& at(std::size_t index) noexcept { return *shards_[index]; }
  [[nodiscard]] transport::network& network() noexcept { return *options_.network; }  // any thread

  /// Starts the threads, once. What was posted or spawned before runs on them.
  void start();
  /// Instead of start(), for a group of one shard: runs it on the calling thread until finish()
  /// or stop().
  void run_here();
  /// Instead of a thread per shard, on the calling thread: runs what is ready on that shard, ends
  /// of turns included, and does not wait. True where there was anything.
  bool run_ready(std::size_t index);
  /// On all shards by turns, until nothing is ready on any.
  void run_ready();
  /// Lets each shard end by itself once nothing is left to do on it; what is posted to it after
  /// that is never run. Any thread.
  void finish();
  /// Ends each shard after the handler it is in. Any thread.
  void stop();
  /// Waits until all threads have ended. Not from a shard's thread.
  void join();

  /// `at(to).post(task)`.
  [[nodiscard]] bool post(std::size_t to, inline_task&& task);
  /// Tells every shard a copy of `task`. For the control plane.
  void tell_all(const std::function<void(shard&)>& task);

 private:
  friend class shard;
  struct threads;

  options options_;
  std::atomic<bool> closing_{false};
  std::vector<std::unique_ptr<shard>> shards_;
  std::unique_ptr<threads> threads_;
};

/// Runs `work` on `on`: at once where the caller is on its thread, else queued (through Asio, with
/// a lock: the control plane). An exception out of it goes to report_failure under `name`.
/// `name` must be a literal. Costs allocations: per connection, never per message. Any thread.
void spawn(shard& on, awaitable<void> work, std::string_view name);

/// As above, and `on_done` is called on the shard's thread when `work` has ended either way.
void spawn(shard& on, awaitable<void> work, std::string_view name, std::function<void()> on_done);

/// The completion handler for a co_spawn of one's own; never use `detached`.
struct log_and_count {
  shard* on;
  std::string_view name;  // a literal

  void operator()(std::exception_ptr failure) const noexcept {
    if (failure) {
      on->report_failure(name, std::move(failure));
    }
  }
};

}  // namespace diamgw::transport
