// The driver of one WebSocket client: frames and JSON in, requests to the dispatcher; answers and
// the network's requests out.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "diamgw/config/options.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "diamgw/routing/bindings.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/outbox.hpp"
#include "diamgw/transport/stream.hpp"
#include "diamgw/websocket/close_machine.hpp"
#include "diamgw/websocket/keepalive.hpp"
#include "diamgw/websocket/reader.hpp"
#include "vocabulary.hpp"

namespace diamgw::gateway {

class dispatcher;

/// What a client speaks: the subprotocol diameter.jsonrpc.v1 or diameter.binary.v1.
enum class client_protocol : std::uint8_t { json, binary };

/// The answers of one batch: they leave together, when the last one is there (JSON-RPC 2.0 §6).
struct batch {
  std::string text = "[";
  std::size_t waiting = 1;  // calls without an answer, and one for the batch still being read
};

/// A client's request while it is served; in its handler's frame.
struct client_request {
  diameter::message message;
  diameter::routing_avps avps;              // views into the message
  std::shared_ptr<const vocabulary> words;  // of the answer; null for binary clients
  application_id application;
  jsonrpc::form answer_form = jsonrpc::form::object;
  std::array<char, 128> id_text{};  // the JSON token; jsonrpc refuses longer ones
  std::size_t id_size = 0;          // 0: a notification
  hop_by_hop_id own_hop_by_hop;     // binary: what the client wrote, to be restored
  end_to_end_id own_end_to_end;
  time_point began;
  time_point deadline;
  std::shared_ptr<batch> part_of;

  [[nodiscard]] std::string_view id() const noexcept { return {id_text.data(), id_size}; }
};

/// Why a request of a client goes nowhere.
struct request_refusal {
  metrics::refused_reason counted_as = metrics::refused_reason::other;
  jsonrpc::error_number number{};
  std::uint32_t result_code = 0;  // 0: that of `number`
  std::string_view detail{};
};

/// One client, for as long as one of its two loops runs. Thread: its shard's. Bounds: at
/// `max_requests_in_flight` or at half of `output_queue_octets` it stops reading, and resumes at
/// half of that; a client that takes nothing for `slow_reader_timeout`, or whose queue is full,
/// is disconnected.
class client_session final : public std::enable_shared_from_this<client_session> {
 public:
  client_session(dispatcher& owner, std::unique_ptr<transport::stream> connection,
                 client_protocol protocol);
  client_session(const client_session&) = delete;
  client_session& operator=(const client_session&) = delete;
  ~client_session();

  /// Serves the client until it is gone. `leftover`: octets that came behind the HTTP request.
  transport::awaitable<void> run(std::vector<std::byte> leftover);

  /// Begins the closing handshake.
  void close(websocket::close_code code, std::string_view reason);

  [[nodiscard]] const routing::client_key& key() const noexcept { return key_; }
  [[nodiscard]] client_protocol protocol() const noexcept { return protocol_; }
  [[nodiscard]] exchange_list& exchanges() noexcept { return exchanges_; }
  [[nodiscard]] const std::string& remote() const noexcept { return stream_->remote_endpoint(); }

  // What the dispatcher has to say to the client.
  void reply(const client_request& to, const diameter::message_view& answer);
  void reply(const client_request& to, const jsonrpc::failure& reason);
  /// A request is over, whatever was replied: reading may resume.
  void on_request_done();
  /// False where the client cannot take it: it is closing, or its queue is full. `command` is
  /// that of `names`.
  [[nodiscard]] bool send_request(std::uint32_t call, const diameter::message_view& request,
                                  const dictionary::command_definition& command,
                                  const dictionary::dictionary& names);

 private:
  transport::awaitable<void> write_loop(std::shared_ptr<client_session> self);
  void end();
  void take_events();
  void on_message(const websocket::message& m);
  void on_binary(const websocket::message& m);
  template <class Actions>
  void perform(const Actions& actions);
  void update_timer();
  void on_timer();
  void pause_or_resume();
  void disconnect(metrics::client_close_reason why);
  void fail(websocket::close_code code, std::string_view reason);
  void reply_error(std::string_view id, const std::shared_ptr<batch>& part_of,
                   const jsonrpc::failure& reason);
  void reply_raw(std::string_view id, const std::shared_ptr<batch>& part_of,
                 std::string_view result);

  [[nodiscard]] bool push(buffer_slice frame);
  /// Writes `encode(room)` behind the room for a frame header, into as large a slab as it takes.
  template <class Encode>
  [[nodiscard]] bool send_text(std::size_t expected_octets, Encode&& encode);
  template <class Encode>
  void reply_text(std::string_view id, const std::shared_ptr<batch>& part_of,
                  std::size_t expected_octets, Encode&& encode);
  template <class Encode>
  [[nodiscard]] bool append(batch& b, std::size_t expected_octets, Encode&& encode);
  void finish_batch(const std::shared_ptr<batch>& b);
  [[nodiscard]] bool send_binary(const diameter::message_view& message, hop_by_hop_id hop_by_hop,
                                 end_to_end_id end_to_end);
  void refuse(const client_request& r, const request_refusal& why);
  void on_bad_response(const jsonrpc::refused_call& bad);
  // What a text holds.
  void on_event(jsonrpc::batch_begin);
  void on_event(jsonrpc::batch_end);
  void on_event(jsonrpc::request_call& call);
  void on_event(const jsonrpc::gateway_call& call);
  void on_event(jsonrpc::client_response& response);
  void on_event(const jsonrpc::refused_call& call);
  void on_event(jsonrpc::done) {}

  dispatcher& dispatcher_;
  shard_context& runtime_;
  const config::websocket_options& options_;
  std::unique_ptr<transport::stream> stream_;
  client_protocol protocol_;
  routing::client_key key_;
  websocket::reader reader_;
  transport::outbox out_;
  websocket::close_machine closing_;
  websocket::keepalive keepalive_;
  transport::deadline timer_;
  time_point close_deadline_ = time_point::max();
  time_point keepalive_deadline_ = time_point::max();
  exchange_list exchanges_;
  std::uint32_t in_flight_ = 0;
  bool paused_ = false;
  transport::event resume_;  // wakes the read loop
  metrics::client_close_reason why_closed_ = metrics::client_close_reason::connection_lost;
  bool gone_ = false;
  std::shared_ptr<batch> batch_;
  time_point text_began_;
};

}  // namespace diamgw::gateway
