// One connection on its shard: octets in, gathered octets out. Whoever has one sees neither what
// carries it nor how it came about: see network.hpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "diamgw/base/bytes.hpp"
#include "diamgw/transport/address.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

class stream;

/// What a transport says of itself beside octets.
enum class stream_event : std::uint8_t {
  path_down,       // one of several paths to the other side (SCTP)
  path_up,         // it is back
  peer_shut_down,  // the other side takes no more; what it sent before can still be read
};

/// One of these, and what is known of it.
struct stream_report {
  stream_event what;
  endpoint_address path{};  // of a path: where it leads to; else none
};

/// Who waits for octets by no coroutine, so that a connection which is idle has no frames.
class read_waiter {
 public:
  /// `read_now` has something to give; or the wait was ended by close(): operation_aborted.
  virtual void on_readable(error_code failed) = 0;

 protected:
  ~read_waiter() = default;
};

/// A connection on its way to another shard. May be moved between threads; destroying it closes
/// the connection.
class detached_stream {
 public:
  detached_stream() = default;
  detached_stream(const detached_stream&) = delete;
  detached_stream& operator=(const detached_stream&) = delete;
  virtual ~detached_stream() = default;

  /// The connection on shard `to`, by whose thread this is called; nothing where the system
  /// refused it (the connection is then closed). Once only.
  [[nodiscard]] virtual std::unique_ptr<stream> attach(shard& to) = 0;
};

/// See the top of the file. One read and one write may be in progress at a time. The object must
/// outlive them: end them by `close()` and wait until both coroutines have returned.
/// Thread: its shard's.
class stream {
 public:
  stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  virtual ~stream() = default;

  /// Waits for octets and puts what has come into `into`, which is not empty.
  /// errors: asio::error::eof where the peer has ended its side; operation_aborted after close()
  /// cost:   no allocation in the steady state
  [[nodiscard]] virtual awaitable<io_result> read(mutable_bytes into) = 0;

  // Instead of `read`, for who waits without a buffer and without a coroutine:
  /// Tells `who`, once and in a turn after this one, that `read_now` has something to give, an
  /// error perhaps; `who` lives until then, or as long as the shard's loop.
  /// cost:   no allocation in the steady state
  virtual void wait_readable(std::shared_ptr<read_waiter> who) = 0;
  /// Puts what has come into `into`, which is not empty; does not wait. No octets and no error:
  /// nothing was there after all.
  /// errors: asio::error::eof where the peer has ended its side; operation_aborted after close()
  [[nodiscard]] virtual io_result read_now(mutable_bytes into) noexcept = 0;

  /// Writes all octets of all views, in order, in as few system calls as it can: one, usually.
  /// A transport that keeps message boundaries is to learn them from here too: until it does,
  /// a view may end within a message, and a message within a write.
  /// in:     the views and what they show live until it returns; empty views are allowed
  /// out:    where it failed, `octets` were handed to the system before
  /// cost:   no allocation in the steady state
  [[nodiscard]] virtual awaitable<io_result> write(std::span<const bytes_view> views) = 0;

  /// Writes what the system takes at once, without waiting: for who has nothing to wait with.
  /// out:    how many octets were taken; `would_block` where none were, also where the transport
  ///         cannot write so
  /// cost:   one system call at most, no allocation
  [[nodiscard]] virtual io_result write_now(std::span<const bytes_view> views);

  /// Ends our side once what was written has been sent; reading goes on.
  virtual void shutdown_send() noexcept = 0;

  /// Closes both ways at once; a read or write in progress ends with operation_aborted.
  virtual void close() noexcept = 0;

  /// Takes the connection off this shard, to be attached to another. No read or write may be in
  /// progress, and this object is closed afterwards. Nothing where it cannot be moved.
  [[nodiscard]] virtual std::unique_ptr<detached_stream> detach() = 0;

  /// All addresses of our end, one at least: a transport may have several (SCTP), TCP has one. As
  /// they were when the connection began; valid while this lives.
  [[nodiscard]] virtual std::span<const endpoint_address> local() const noexcept = 0;
  /// The other end; where it has several addresses, the one that was connected to.
  [[nodiscard]] virtual const endpoint_address& remote() const noexcept = 0;

  /// Kept until the connection ends, on whatever shard: how listeners count theirs. Once.
  virtual void hold(std::shared_ptr<void> until_closed) = 0;

  /// `told` is called with each event from now on, on the shard's thread; it must not destroy the
  /// stream. A transport that has none (TCP: the end of the other side is a read's eof) never does.
  virtual void watch(std::function<void(const stream_report& report)> told);

  /// Gather-writes so far, which for TCP is system calls that wrote something.
  [[nodiscard]] virtual std::uint64_t write_calls() const noexcept = 0;
};

/// Ends our side, reads and drops what the other side still sends until it ends too or `timeout`
/// has passed, then closes. Closing while octets wait to be read would reset the connection, and
/// the last thing that was written to it could be lost. References must outlive it.
[[nodiscard]] awaitable<> close_gracefully(shard& on, stream& s, std::chrono::milliseconds timeout);

/// Views that one gathered write takes; more cost further system calls (IOV_MAX of Linux).
inline constexpr std::size_t max_gathered_views = 1024;

struct tcp_options {
  bool no_delay = true;  // TCP_NODELAY: we gather ourselves
  /// SO_KEEPALIVE with this idle time and a quarter of it between probes; 0 is off.
  std::chrono::seconds keep_alive{60};
  std::size_t send_buffer_octets = 0;     // SO_SNDBUF; 0 leaves the system's choice
  std::size_t receive_buffer_octets = 0;  // SO_RCVBUF; 0 leaves the system's choice
};

}  // namespace diamgw::transport
