// The output queue of one connection, and the one coroutine that empties it.
//
// Whatever is pushed during one turn of the loop leaves by one gathered write at its end. The
// writer coroutine takes part only where the system would not take all of it at once.
//
//   push(head, {a, b})      queue:  | head | a | b | c | head | d | ...
//   push(c)                           │               │
//   push(head, {d})         scratch:  └─ head ── head ┘        slabs of the outbox's own
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "diamgw/base/clock.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/event.hpp"
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

/// See the top of the file. Thread: the stream's shard. It must outlive run(): end that by
/// close_when_empty() or close_now().
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

  /// `to` must outlive the outbox. `on_drained` is called when the queue falls to half the high
  /// mark after it was above it: resume reading there; it may push. It may be empty.
  outbox(shard& on, stream& to, const options& o, std::function<void()> on_drained = {});
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// The writer: spawn it once per connection. Returns no error after close_when_empty(),
  /// operation_aborted after close_now(), else why the write failed. Pushes are refused then.
  [[nodiscard]] awaitable<error_code> run();

  /// Queues one message; false, and nothing queued, where the limit refuses it (counted) or the
  /// outbox is closed. Slices are released when written. No allocation in the steady state.
  [[nodiscard]] bool push(buffer_slice message);
  /// One message of a head and what follows it; nothing comes between its pieces.
  /// in:     `head` of at most max_head_octets, which is copied; `body` in order, which is moved
  ///         from where the message was queued and untouched where it was not
  /// out:    false where it is refused, as above: all of it or nothing
  /// cost:   no allocation in the steady state, no atomic operation per head
  [[nodiscard]] bool push(bytes_view head, std::span<buffer_slice> body);

  /// Pushes are refused from now on; run() returns when all that is queued has been written.
  void close_when_empty();
  /// Closes the stream and drops what is queued; run() returns.
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
  void enqueue(buffer_slice slice);
  [[nodiscard]] bytes_view keep_head(bytes_view head);
  void release_scratch_if_empty();
  void on_end_of_turn() override;
  void write_at_end_of_turn();
  [[nodiscard]] awaitable<> write_what_is_queued();
  void gather();
  void release(std::size_t octets);
  void pop();
  void fail(error_code why);
  void drop_all();

  shard* shard_;
  stream* stream_;
  options options_;
  std::function<void()> on_drained_;
  event waker_;                     // of run()
  std::vector<buffer_slice> ring_;  // a power of two, grows by doubling
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  /// Where heads are copied to; empty while the queue is. A slab that is full belongs to the slot
  /// of the last head in it, and goes when that has been written.
  buffer_ref scratch_;
  std::size_t scratch_used_ = 0;
  std::size_t heads_end_ = 0;  // slots from the first to after the last head, 0 without one
  std::vector<bytes_view> gathered_;
  std::size_t first_written_ = 0;  // octets of the first slice that were written
  std::size_t queued_octets_ = 0;
  std::optional<time_point> since_;
  outbox_statistics statistics_;
  std::optional<error_code> failure_;
  bool blocked_ = false;  // the writer coroutine has a write to do, or is in it
  bool closed_ = false;
  bool above_high_mark_ = false;
};

}  // namespace diamgw::transport
