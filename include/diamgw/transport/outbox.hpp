// The output queue of one connection.
//
// Whatever is pushed during one turn of the loop leaves by one gathered write at its end. Only
// where the system would not take all of it at once, a coroutine writes the rest: there is none
// while nothing waits.
//
//   push(head, {a, b})      queue:  | head | a | b | c | head | d | ...
//   push(c)                           │               │
//   push(head, {d})         scratch:  └─ head ── head ┘        slabs of the outbox's own
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "diamgw/base/clock.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/shard.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

/// A Diameter header, a WebSocket frame's header, or both, and some room.
inline constexpr std::size_t max_head_octets = 64;

struct outbox_statistics {
  std::uint64_t messages = 0;   // pushed and accepted
  std::uint64_t octets = 0;     // written
  std::uint64_t writes = 0;     // gathered writes
  std::uint64_t overflows = 0;  // pushes refused at a limit
};

/// Whoever an outbox belongs to. Called by its shard's thread, and not from within push() or a
/// close: these tell it at the end of the turn.
class outbox_owner {
 public:
  /// The system takes no more for now: spawn write_the_rest(), and keep the outbox and its stream
  /// until that has returned.
  virtual void on_blocked() = 0;
  /// The queue has fallen to half the high mark after it was above it: resume reading there; it
  /// may push.
  virtual void on_drained() {}
  /// Nothing is written any more, told once: no error where all has been written after
  /// close_when_empty(), else why a write failed. After close_now() nothing is told.
  virtual void on_all_written(error_code failed) = 0;

 protected:
  ~outbox_owner() = default;
};

/// See the top of the file. Thread: the stream's shard.
class outbox final : private turn_hook {
 public:
  struct options {
    /// Octets queued, those being written included; a push that would exceed it is refused, but
    /// an empty queue takes a message of any size.
    std::size_t limit_octets = 4U << 20U;
    /// Slices queued, above which pushes are refused too: small ones cost more than their octets.
    std::size_t limit_slices = 65536;
    /// From here on above_high_mark() is true, until half of it is left.
    std::size_t high_mark_octets = 1U << 20U;
    /// Octets per gathered write, one slice at least: what is written is let go piece by piece.
    std::size_t gather_octets = 256U << 10U;
  };

  /// The references must outlive the outbox.
  outbox(shard& on, stream& to, outbox_owner& owner, const options& o);
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// Writes what is queued, until nothing is or a write fails: see outbox_owner::on_blocked.
  [[nodiscard]] awaitable<> write_the_rest();

  /// Queues one message; false, and nothing queued, where the limit refuses it (counted) or the
  /// outbox is closed. Slices are released when written. No allocation in the steady state.
  [[nodiscard]] bool push(buffer_slice message);
  /// One message of a head and what follows it; nothing comes between its pieces.
  /// in:     `head` of at most max_head_octets, which is copied; `body` in order, which is moved
  ///         from where the message was queued and untouched where it was not
  /// out:    false where it is refused, as above: all of it or nothing
  /// cost:   no allocation in the steady state, no atomic operation per head
  [[nodiscard]] bool push(bytes_view head, std::span<buffer_slice> body);

  /// Pushes are refused from now on; the owner is told when all that is queued has been written.
  void close_when_empty();
  /// Closes the stream and drops what is queued; a write_the_rest() under way returns.
  void close_now();

  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t queued_octets() const noexcept { return queued_octets_; }
  [[nodiscard]] bool above_high_mark() const noexcept { return above_high_mark_; }
  /// Since when a write waits for the system to take more, if one does: a reader that takes
  /// nothing shows here.
  [[nodiscard]] std::optional<time_point> writing_since() const noexcept { return since_; }
  [[nodiscard]] const outbox_statistics& statistics() const noexcept { return statistics_; }

 private:
  [[nodiscard]] bool admit(std::size_t octets, std::size_t slices);
  void grow();
  void enqueue(buffer_slice&& slice);
  [[nodiscard]] bytes_view keep_head(bytes_view head);
  void release_scratch_if_empty();
  void on_end_of_turn() override;
  void write_at_end_of_turn();
  [[nodiscard]] bool write_once();
  template <class Views>
  void gather(Views& into) const;
  void release(std::size_t octets);
  void pop();
  void fail(error_code why);
  void drop_all();
  void end_if_done();

  shard* shard_;
  stream* stream_;
  outbox_owner* owner_;
  options options_;
  std::vector<buffer_slice> ring_;  // a power of two, grows by doubling
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  /// Where heads are copied to; empty while the queue is. A slab that is full belongs to the slot
  /// of the last head in it, and goes when that has been written.
  buffer_ref scratch_;
  std::size_t scratch_used_ = 0;
  std::size_t heads_end_ = 0;      // slots from the first to after the last head, 0 without one
  std::size_t first_written_ = 0;  // octets of the first slice that were written
  std::size_t queued_octets_ = 0;
  std::optional<time_point> since_;
  outbox_statistics statistics_;
  error_code failure_;
  bool blocked_ = false;  // write_the_rest() has something to do, or is at it
  bool told_ = false;     // the owner: that it has ended
  bool closed_ = false;
  bool above_high_mark_ = false;
};

}  // namespace diamgw::transport
