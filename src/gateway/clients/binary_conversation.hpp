// The subprotocol diameter.binary.v1: Diameter messages, one in each binary frame.
#pragma once
#include <cstdint>

#include "diamgw/gateway/requests/asker.hpp"
#include "gateway/clients/conversation.hpp"
#include "gateway/clients/conversation_context.hpp"

namespace diamgw::gateway {

/// Whatever cannot be answered as Diameter costs the connection: without a sound header there is
/// nobody to answer to. The client's hop-by-hop and end-to-end ids are its own: the gateway's stand
/// in what peers get, the client's in what it gets. Thread: the client's shard. The references
/// outlive it.
class binary_conversation final : public conversation {
 public:
  binary_conversation(conversation_context& with, client& who) noexcept : with_{with}, who_{who} {}

  static constexpr std::string_view name = "diameter.binary.v1";

  void on_message(const websocket::message& m) override;
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return name; }
  [[nodiscard]] std::uint32_t requests_in_flight() const noexcept override { return in_flight_; }
  [[nodiscard]] bool send_request(client_transactions::transaction& t,
                                  const outgoing_request& request) override;

 private:
  class request_asker;

  void on_request(diameter::message message);
  void on_answer(diameter::message answer);
  /// A frame of this header and these AVPs; nothing of them is copied.
  bool send(const diameter::header& header, buffer_slice avps, buffer_slice appended = {});
  void change_in_flight(std::int32_t by);

  conversation_context& with_;
  client& who_;
  std::uint32_t in_flight_ = 0;
};

/// The Result-Code of the error answer to a refused request, and its Error-Message.
struct binary_refusal {
  diameter::result_code code{};
  std::string_view sentence;
};
[[nodiscard]] binary_refusal to_diameter(const refusal& why) noexcept;

}  // namespace diamgw::gateway
