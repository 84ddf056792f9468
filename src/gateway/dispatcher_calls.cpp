// Requests that the network starts, on their way to the client whose session they name; and what
// the client answers.
#include <memory>
#include <string_view>
#include <utility>

#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "dispatcher_parts.hpp"

namespace diamgw::gateway {

void dispatcher::find_client(request_origin from, diameter::message request,
                             std::size_t shards_left) {
  const auto session = request.view.find(diameter::avps::session_id);
  if (session) {
    if (const auto key = bindings_.find(as_text(session->data))) {
      client_session* client = clients_[key->slot].client;
      if (!DIAMGW_BUG(client == nullptr || client->key() != *key)) {
        deliver(*client, from, std::move(request));
        return;
      }
    }
  }
  if (shards_left > 0) {
    dispatcher& next = *shared_.shards[(on_.shard.index() + 1) % shared_.shards.size()];
    const diameter::message kept = request;
    if (!next.on().shard.post([&next, from, shards_left, r = std::move(request)]() mutable {
          next.find_client(from, std::move(r), shards_left - 1);
        })) {
      on_.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
      shared_.node->send_error(on_, from, kept.view, diameter::result_code::too_busy,
                               "the gateway is too busy to look for the session's client");
    }
    return;
  }
  on_.recorder.refused_requests.add(metrics::refused_reason::unknown_session);
  shared_.node->send_error(on_, from, request.view, diameter::result_code::unknown_session_id,
                           "no client of this gateway has the session");
}

void dispatcher::deliver(client_session& client, request_origin from, diameter::message request) {
  auto call = std::make_unique<network_call>(*this, from, std::move(request), client.key());
  network_call& waiting = *call;
  const auto token = calls_.insert(std::move(call));
  if (!token) {
    on_.recorder.refused_requests.add(metrics::refused_reason::too_busy);
    shared_.node->send_error(on_, from, call->request.view, diameter::result_code::too_busy,
                             "too many requests wait for their clients");
    return;
  }
  waiting.token = *token;
  on_.schedule(waiting, on_.shard.now() + shared_.options->requests.client_answer_timeout);
  if (waiting.command == nullptr || !client.send_request(token->value, waiting.request.view,
                                                         *waiting.command, *waiting.words->names)) {
    end_call(*token, diameter::result_code::unable_to_deliver,
             "the session's client takes no more requests");
  }
}

void dispatcher::end_call(hop_by_hop_id token, diameter::result_code code,
                          std::string_view reason) {
  const auto call = calls_.take(token);
  if (!call) {
    return;
  }
  on_.recorder.refused_requests.add(metrics::refused_reason::unable_to_deliver);
  shared_.node->send_error(on_, (*call)->origin, (*call)->request.view, code, reason);
}

bool dispatcher::answer_call(client_session& client, std::uint32_t call_id,
                             jsonrpc::client_response& response) {
  const hop_by_hop_id token{call_id};
  const auto* found = calls_.find(token);
  if (found == nullptr || (*found)->client != client.key()) {
    on_.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
    return false;
  }
  const bool says_how = response.result && (response.result->avps.result_code ||
                                            response.result->avps.experimental_result_code);
  if (!says_how) {
    // Its own words reach the peer as Error-Message, its code where it is a Result-Code.
    const auto code = response.error_result_code >= 1000 && response.error_result_code < 6000
                          ? static_cast<diameter::result_code>(response.error_result_code)
                          : diameter::result_code::unable_to_comply;
    end_call(token, code,
             response.result ? std::string_view{"the client's answer has no Result-Code"}
                             : response.error_message.substr(0, 256));
    return true;
  }
  const auto call = calls_.take(token);
  const network_call& waiting = **call;
  diameter::encoded_avps& answer = *response.result;
  const auto& identity = shared_.node->identity();
  const time_point begin = clock::now();
  const bytes_view octets = diameter::complete_answer(
      answer, waiting.request.view, *waiting.command, identity.origin_host, identity.origin_realm);
  if (octets.empty()) {
    shared_.node->send_error(on_, waiting.origin, waiting.request.view,
                             diameter::result_code::unable_to_comply,
                             "the client's answer is too large");
    return true;
  }
  const time_point end = clock::now();
  on_.recorder.marshalled(metrics::codec_path::diameter_peer, end - begin, octets.size());
  on_.recorder.request_took(metrics::request_flow::peer_to_client,
                            shared_.metrics->find_command(waiting.request.view.application(),
                                                          waiting.request.view.command()),
                            on_.shard.now() - waiting.began);
  shared_.node->send_answer(on_, waiting.origin,
                            {std::move(response.buffer), diameter::message_view{octets}});
  return true;
}

bool dispatcher::answer_call(client_session& client, std::uint32_t call_id,
                             diameter::message answer) {
  const hop_by_hop_id token{call_id};
  const auto* found = calls_.find(token);
  if (found == nullptr || (*found)->client != client.key()) {
    on_.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
    return false;
  }
  const auto call = calls_.take(token);
  const network_call& waiting = **call;
  if (answer.view.command() != waiting.request.view.command() || answer.view.is_request()) {
    shared_.node->send_error(on_, waiting.origin, waiting.request.view,
                             diameter::result_code::unable_to_comply,
                             "the client's answer is for another command");
    return true;
  }
  diameter::header header = diameter::header_of(answer.view);
  header.hop_by_hop = waiting.request.view.hop_by_hop();
  header.end_to_end = waiting.request.view.end_to_end();
  on_.recorder.request_took(
      metrics::request_flow::peer_to_client,
      shared_.metrics->find_command(answer.view.application(), answer.view.command()),
      on_.shard.now() - waiting.began);
  const bytes_view avps = answer.view.avps().octets();
  shared_.node->send_answer(on_, waiting.origin, header, {std::move(answer.buffer), avps});
  return true;
}

}  // namespace diamgw::gateway
