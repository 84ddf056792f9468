// The driver of one WebSocket connection: does what its endpoint says, and hands the messages to
// the client's conversation.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "diamgw/buffer/shared_slab.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/outbox.hpp"
#include "diamgw/transport/stream.hpp"
#include "diamgw/websocket/endpoint.hpp"
#include "gateway/clients/client.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/conversation.hpp"

namespace diamgw::gateway {

/// Lives for as long as it waits for octets, or a write for the system; made by std::make_shared.
/// Thread: its shard's. Bounds: at `max_requests_in_flight` or at half of `output_queue_octets` it
/// stops reading, and resumes at half of that; a client that takes nothing for
/// `slow_reader_timeout`, or whose queue is full, is disconnected. An idle one holds no slab.
class websocket_connection final : public client,
                                   private transport::read_waiter,
                                   private transport::outbox_owner,
                                   public std::enable_shared_from_this<websocket_connection> {
 public:
  using make_conversation = std::function<std::unique_ptr<conversation>(client&)>;

  /// The references outlive it; `reads` is the slab that the shard's connections read into;
  /// `agreed`: how the two sides speak, by the configuration and by what the handshake settled.
  websocket_connection(shard_context& on, client_registry& registry, shared_slab& reads,
                       const config::websocket_options& options,
                       const websocket::endpoint::options& agreed,
                       std::unique_ptr<transport::stream> stream, const make_conversation& speaks);
  ~websocket_connection();

  /// Serves the client from now on until it is gone, then calls `on_gone`, which may be empty.
  /// `early`: octets that came after the HTTP request.
  void start(bytes_view early, std::function<void()> on_gone);

  // client
  [[nodiscard]] std::string remote() const override { return to_string(stream_->remote()); }
  [[nodiscard]] client_report report() const override;
  [[nodiscard]] conversation& speaks() noexcept override { return *conversation_; }
  [[nodiscard]] bool may_send() const noexcept override { return !gone_ && endpoint_.may_send(); }
  bool send(websocket::message_kind kind, bytes_view head, std::span<buffer_slice> rest) override;
  bool send(websocket::message_kind kind, buffer_ref slab, std::size_t octets) override;
  void fail(websocket::close_code code, std::string_view reason) override;
  void close(metrics::client_close_reason why, websocket::close_code code,
             std::string_view reason) override;
  void on_requests_changed() override { pause_or_resume(); }

 private:
  // read_waiter
  void on_readable(error_code failed) override;
  // outbox_owner
  void on_blocked() override;
  void on_drained() override { pause_or_resume(); }
  void on_all_written(error_code failed) override;

  transport::awaitable<void> write_the_rest(std::shared_ptr<websocket_connection> self);
  template <class Step>
  void serve(Step step);
  void wait();
  void tell_of_fault(websocket::close_code code, std::string_view sentence);
  [[nodiscard]] std::vector<log_field> slow_reader_fields() const;
  [[nodiscard]] bool read();
  void end();
  void take_events();
  void on_event(websocket::need_more) {}
  void on_event(const websocket::message& m);
  void on_event(websocket::send_frame& frame);
  void on_event(const websocket::malformed& bad);
  void on_event(const websocket::disconnect_tcp& how);
  void on_event(websocket::drop_peer);
  [[nodiscard]] bool admit();
  [[nodiscard]] bool queued(bool accepted);
  void update_timer();
  void on_timer();
  void pause_or_resume();
  void note_closing(metrics::client_close_reason why);
  void disconnect(metrics::client_close_reason why);
  void give_up();

  shard_context& on_;
  client_registry& registry_;
  const config::websocket_options& options_;
  std::unique_ptr<transport::stream> stream_;
  websocket::endpoint endpoint_;
  transport::outbox out_;
  transport::deadline timer_;
  transport::event resume_;  // for who reads, where that is paused
  time_point since_;
  std::function<void()> on_gone_;
  std::unique_ptr<conversation> conversation_;
  std::optional<metrics::client_close_reason> why_closed_;  // by us
  bool gone_ = false;
  bool taking_ = false;  // take_events is at work
};

}  // namespace diamgw::gateway
