// One side of a WebSocket connection after its handshake, as one core: octets and the time in;
// messages, frames to be sent, a deadline and the end out (RFC 6455 §5 to §7).
//
//   octets ─► reader ─► messages ───────────────► next()
//                  └──► pings, close, faults ─► close_machine, keepalive ─► frames, the end
//
//   our messages ─► frames
//
// Rules for editors: what a frame that comes does to the connection is decided here, and how a
// message of ours becomes one; how frames are cut, in reader; when and how to close, in
// close_machine; when to ping, in keepalive.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "diamgw/base/clock.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/buffer/shared_slab.hpp"
#include "diamgw/websocket/close_machine.hpp"
#include "diamgw/websocket/keepalive.hpp"
#include "diamgw/websocket/reader.hpp"
#include "diamgw/websocket/writer.hpp"

namespace diamgw::websocket {

/// A control frame of ours. Where it is the connection's `last`, nothing may be sent after it;
/// report on_last_sent() when it has been handed to the system.
struct send_frame {
  buffer_slice octets;
  bool last = false;
};

/// The most octets of a message that may be copied after its frame's header.
inline constexpr std::size_t max_frame_head_octets = 32;

/// A frame's header and the first octets of its payload.
struct frame_front {
  std::array<std::byte, max_header_octets + max_frame_head_octets> octets;
  std::size_t size = 0;

  [[nodiscard]] bytes_view view() const noexcept { return {octets.data(), size}; }
};

/// What next() gives. need_more: wait for octets, the deadline or a call. `malformed`, once: the
/// peer broke a rule, and the close frame that says so follows. disconnect_tcp: end the connection
/// in that manner. drop_peer: it answers no ping, close it at once.
using endpoint_event =
    std::variant<need_more, message, send_frame, malformed, disconnect_tcp, drop_peer>;

/// Use: `commit` what was read into `prepare()`, then next() until need_more, then `let_go()`
/// before waiting. next() until need_more after every other call that takes the time, too. The
/// events do not depend on how the octets were cut. Every call is allowed at any time; what no
/// longer matters is ignored. A client gives a fresh, unpredictable masking key with each call of
/// next() (§5.3); a server's is not looked at. Thread: the pool's.
class endpoint {
 public:
  struct options {
    websocket::role role = role::server;
    std::size_t max_message_octets = 65536;  // all fragments together; above it: 1009
    std::chrono::milliseconds close_timeout{5000};
    keepalive::options alive{};
  };

  /// `shared`, where given, is read into by many endpoints, and outlives them.
  endpoint(buffer_pool& pool, const options& o, shared_slab* shared = nullptr);

  /// The connection is open.
  void on_open(time_point now);

  /// Room for the next read, at least one octet; valid until the next call.
  [[nodiscard]] mutable_bytes prepare() { return reader_.prepare(); }
  /// `octets` were written to the front of what prepare() gave.
  void commit(std::size_t octets, time_point now);
  /// Instead of both: takes as many of `octets` as there is room for, and says how many.
  [[nodiscard]] std::size_t feed(bytes_view octets, time_point now);
  /// Before the connection waits: holds nothing but the head of an incomplete message.
  void let_go() { reader_.let_go(); }

  /// What is to be done next. cost: that of reader::next
  [[nodiscard]] endpoint_event next(time_point now, masking_key key = {});

  /// No messages are given out until `resume`, and none should be read: the peer's silence is then
  /// no sign of its death. Ends by itself when the connection is being closed, since what comes
  /// then is discarded.
  void pause() noexcept;
  void resume() noexcept { paused_ = false; }
  [[nodiscard]] bool paused() const noexcept { return paused_; }

  /// We want to close (§7.1.2). `code` must be one that may_be_sent(), or no_status_received.
  void close(close_code code, std::string_view reason, time_point now);
  /// The peer broke a rule of what is spoken over the connection: says so, and ends without
  /// waiting for its close frame (§7.1.7).
  void fail(close_code code, std::string_view reason, time_point now);

  // A message of ours becomes a frame here, whatever it holds, and nothing of it is copied but a
  // `head`. Whether it may be sent is for the caller to ask: may_send().
  /// in:   `octets` of payload that begin max_header_octets into `buffer`, which nobody else reads
  /// cost: O(1) for a server; a client masks. No allocation.
  [[nodiscard]] buffer_slice frame_in_place(message_kind kind, buffer_ref buffer,
                                            std::size_t octets,
                                            masking_key key = {}) const noexcept;
  /// The front of a frame that goes on with `rest`. A server's only: a client would have to mask
  /// what others read.
  /// in:   `head`, the payload's first octets, at most max_frame_head_octets
  [[nodiscard]] frame_front begin_frame(message_kind kind, bytes_view head,
                                        std::span<const buffer_slice> rest) const noexcept;

  void on_last_sent();
  void on_timer(time_point now);
  /// TCP ended: end of file or an error.
  void on_disconnect();

  /// When to call on_timer; time_point::max(): never.
  [[nodiscard]] time_point next_deadline() const noexcept {
    return close_at_ < ping_at_ ? close_at_ : ping_at_;
  }
  /// Messages may be sent only while this is true (§5.5.1).
  [[nodiscard]] bool may_send() const noexcept { return closing_.may_send(); }
  [[nodiscard]] close_status status() const noexcept { return closing_.status(); }
  /// What the peer's close frame says, where it has come.
  [[nodiscard]] const std::string& peer_reason() const noexcept { return peer_reason_; }

 private:
  template <class Actions>
  void perform(const Actions& actions);
  void begin_close(const send_close& action);
  [[nodiscard]] bool take_due(endpoint_event& event, masking_key key);
  [[nodiscard]] bool take_read(endpoint_event& event, time_point now, masking_key key);
  [[nodiscard]] std::optional<masking_key> masked_by(masking_key key) const noexcept;

  buffer_pool* pool_;
  websocket::role role_;
  reader reader_;
  close_machine closing_;
  keepalive alive_;
  time_point close_at_ = time_point::max();
  time_point ping_at_ = time_point::max();
  // What is due to come out of next(), in this order.
  std::string close_reason_;
  close_code close_code_{};
  disconnect_manner manner_{};
  bool close_due_ = false;
  bool disconnect_due_ = false;
  bool drop_due_ = false;
  bool ping_due_ = false;
  bool paused_ = false;
  bool faulted_ = false;  // `malformed` has been given out
  std::string peer_reason_;
};

}  // namespace diamgw::websocket
