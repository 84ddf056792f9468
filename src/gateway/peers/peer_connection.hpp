// One connection to a peer: a stream, the reader that cuts messages out of it, the output queue,
// and the loop that reads. It decides nothing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "diamgw/codec/frame_reader.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/peer_machine.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/outbox.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

class peer_connection;

/// Whoever a connection belongs to; outlives its loops. Called by its shard's thread: it may end or
/// close the connection that it is told about.
class peer_connection_owner {
 public:
  virtual void on_message(peer_connection& on, diameter::message message, time_point now) = 0;
  /// A frame of good length with bad content (RFC 6733 §7.1.5); the stream goes on after it. Told
  /// also after `end`, to be counted.
  virtual void on_refused_message(peer_connection& on,
                                  const diameter::refused_message& message) = 0;
  /// A message above `max_message_octets`, which is passed over; the stream goes on after it. Told
  /// also after `end`, to be counted.
  virtual void on_oversized(peer_connection& on, const diameter::oversized_message& message) = 0;
  /// The stream cannot be cut into messages any more; the connection ends next. Told also after
  /// `end`, to be counted.
  virtual void on_malformed(peer_connection& on, const diameter::decode_error& why) = 0;
  /// It has ended. `why` is what the transport said: eof, a connection that was reset, or what
  /// else the first failure of a read or write was; none where it ended by close(), after
  /// on_malformed, or by an exception of the owner's.
  virtual void on_ended(peer_connection& on, error_code why) = 0;
  /// The transport says something of itself; the connection goes on.
  virtual void on_stream_event(peer_connection& on, const transport::stream_report& report) = 0;

 protected:
  ~peer_connection_owner() = default;
};

/// See the top of the file. Lives for as long as it reads, or a write waits for the system; made
/// by `std::make_shared`. Thread: the shard's. Bounds: `output_queue_octets`, above which `send`
/// refuses; a message above `max_message_octets` is passed over.
class peer_connection final : private transport::outbox_owner,
                              public std::enable_shared_from_this<peer_connection> {
 public:
  struct options {
    diameter::connection which = diameter::connection::initiator;
    std::uint32_t number = 0;  // its name among the connections of its peer
    std::size_t max_message_octets = 0;
    std::size_t output_queue_octets = 0;
  };

  peer_connection(shard_context& on, peer_connection_owner& owner,
                  std::unique_ptr<transport::stream> stream, const options& o);
  peer_connection(const peer_connection&) = delete;
  peer_connection& operator=(const peer_connection&) = delete;

  [[nodiscard]] diameter::connection which() const noexcept { return options_.which; }
  [[nodiscard]] std::uint32_t number() const noexcept { return options_.number; }
  [[nodiscard]] std::string remote() const { return to_string(stream_->remote()); }
  /// Our addresses, as CER and CEA state them; empty where the stream has none.
  [[nodiscard]] const std::vector<diameter::host_address>& addresses() const noexcept {
    return addresses_;
  }
  /// True once the owner is told nothing of it any more.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  /// Octets that were read from the stream before it came here. Before `start`.
  void feed(bytes_view octets);
  /// Begins to write, and to read: what was fed comes first.
  void start();

  /// Queues one message; false, and nothing queued, where the queue is full or ended.
  [[nodiscard]] bool send(buffer_slice message) { return outbox_.push(std::move(message)); }
  /// One message of a header and AVPs where they lie.
  [[nodiscard]] bool send(const diameter::header& header, buffer_slice avps,
                          buffer_slice appended = {});

  /// Writes what is queued, then ends our side, and closes where the other side does not end its
  /// own within 2 s. The owner is told no more.
  void end();
  /// Closes both ways at once; the owner is told that it ended.
  void close() noexcept { stream_->close(); }

 private:
  transport::awaitable<void> read_loop(std::shared_ptr<peer_connection> self);
  // outbox_owner
  void on_blocked() override;
  void on_all_written(error_code failed) override;

  transport::awaitable<void> write_the_rest(std::shared_ptr<peer_connection> self);
  [[nodiscard]] bool take_messages();
  void note_failure(error_code why) noexcept;

  shard_context& on_;
  peer_connection_owner& owner_;
  options options_;
  std::unique_ptr<transport::stream> stream_;
  std::vector<diameter::host_address> addresses_;
  diameter::frame_reader reader_;
  transport::outbox outbox_;
  transport::deadline force_close_;
  error_code failure_;  // the transport's first
  bool ended_ = false;
};

}  // namespace diamgw::gateway
