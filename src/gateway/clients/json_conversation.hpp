// The subprotocol diameter.jsonrpc.v1: JSON-RPC 2.0 in text frames, both sides calling.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "diamgw/base/stopwatch.hpp"
#include "diamgw/gateway/requests/asker.hpp"
#include "diamgw/jsonrpc/call.hpp"
#include "diamgw/jsonrpc/errors.hpp"
#include "gateway/clients/batch.hpp"
#include "gateway/clients/conversation.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/json_output.hpp"

namespace diamgw::gateway {

/// Thread: the client's shard. The references outlive it.
class json_conversation final : public conversation {
 public:
  json_conversation(conversation_context& with, client& who);

  static constexpr std::string_view name = "diameter.jsonrpc.v1";

  void on_message(const websocket::message& m) override;
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return name; }
  /// The notification gateway.session_taken.
  void on_session_taken(std::string_view session_id) override;
  [[nodiscard]] std::uint32_t requests_in_flight() const noexcept override { return in_flight_; }
  [[nodiscard]] bool send_request(client_transactions::transaction& t,
                                  const outgoing_request& request) override;

 private:
  class request_asker;

  // What a text holds.
  void on_event(jsonrpc::done) {}
  void on_event(jsonrpc::batch_begin);
  void on_event(jsonrpc::batch_end);
  void on_event(jsonrpc::request_call& call);
  void on_event(const jsonrpc::gateway_call& call);
  void on_event(jsonrpc::client_response& response);
  void on_event(const jsonrpc::refused_call& call);
  void log_refused(const jsonrpc::failure& why);

  /// `part_of`: the batch that the call was in, or null. An empty `id` gets no answer. `sent`: what
  /// the error says that comes in the place of a text that is too long.
  void answer(std::string_view id, batch* part_of, std::size_t expected_octets, bool sent,
              text_encoder encode);
  void answer_error(std::string_view id, batch* part_of, const jsonrpc::failure& reason);
  void end_transaction(hop_by_hop_id id, diameter::result_code code, std::string_view sentence);
  void answer_by_error(hop_by_hop_id id, std::uint32_t result_code, std::string_view message);
  void answer_by_result(hop_by_hop_id id, diameter::encoded_avps& result, buffer_ref buffer);
  void change_in_flight(std::int32_t by);

  conversation_context& with_;
  client& who_;
  json_output out_;
  std::uint32_t in_flight_ = 0;
  std::shared_ptr<batch> batch_;  // the one that is being read
  stopwatch watch_;               // of what is measured of the call at hand
};

/// The error number for a refusal, and the Result-Code that goes with it; 0: the number's own.
struct json_refusal {
  jsonrpc::error_number number{};
  std::uint32_t result_code = 0;
};
[[nodiscard]] json_refusal to_json(const refusal& why) noexcept;

}  // namespace diamgw::gateway
