#include "dispatcher_parts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "diamgw/diameter/base_messages.hpp"

namespace diamgw::gateway {
namespace {

/// Peers that one request is offered to before it is given up.
constexpr std::size_t max_tries = 8;

// CC-Request-Type (RFC 8506 §8.3): after these a credit-control session is over.
constexpr avp_code cc_request_type{416};
constexpr std::uint32_t termination_request = 3;
constexpr std::uint32_t event_request = 4;

metrics::refused_reason reason_of(routing::refusal refused) {
  switch (refused) {
    case routing::refusal::realm_not_served:
      return metrics::refused_reason::realm_not_served;
    case routing::refusal::too_busy:
      return metrics::refused_reason::too_busy;
    default:
      return metrics::refused_reason::unable_to_deliver;
  }
}

jsonrpc::error_number number_of(exchange_outcome outcome) {
  switch (outcome) {
    case exchange_outcome::deadline:
      return jsonrpc::error_number::timed_out;
    case exchange_outcome::receiver_lost:
      return jsonrpc::error_number::peer_lost;
    case exchange_outcome::too_busy:
      return jsonrpc::error_number::too_busy;
    case exchange_outcome::malformed_answer:
      return jsonrpc::error_number::malformed_answer;
    default:
      return jsonrpc::error_number::unable_to_deliver;
  }
}

/// True where the answered request was its session's last.
bool ends_session(const diameter::message_view& request) {
  if (request.command() == diameter::commands::session_termination) {
    return true;
  }
  if (request.command() != diameter::commands::credit_control) {
    return false;
  }
  const auto type = diameter::find_unsigned32(request, cc_request_type);
  return type == termination_request || type == event_request;
}

jsonrpc::reader_options reader_options_of(const config::options& o) {
  return {.max_text_octets = o.websocket.max_message_octets,
          .max_batch = o.requests.max_batch,
          .max_depth = o.requests.max_json_depth,
          .max_message_octets = o.diameter.max_message_octets};
}

}  // namespace

dispatcher::dispatcher(dispatch_context& shared, shard_context& on, const vocabulary& words)
    : shared_{shared},
      on_{on},
      words_{std::make_shared<const vocabulary>(words)},
      reader_{*words_->names, on.pool(), reader_options_of(*shared.options)},
      bindings_{
          std::max<std::size_t>(shared.options->requests.max_bindings / shared.shard_count, 1),
          shared.options->websocket.max_bindings_per_client},
      calls_{{.capacity = 65535}, on.random.next()} {}

dispatcher::~dispatcher() = default;

void dispatcher::use_words(const vocabulary& words) {
  words_ = std::make_shared<const vocabulary>(words);
  reader_ = jsonrpc::reader{*words_->names, on_.pool(), reader_options_of(*shared_.options)};
}

// ---- clients

routing::client_key dispatcher::add_client(client_session& client) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(clients_.size()));
    clients_.emplace_back();
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  clients_[slot].client = &client;
  on_.recorder.clients_connected.add(1);
  on_.recorder.client_connects.add();
  return {slot, ++clients_[slot].generation};
}

void dispatcher::remove_client(client_session& client) {
  const routing::client_key key = client.key();
  clients_[key.slot].client = nullptr;
  while (!client.exchanges().empty()) {
    client.exchanges().front().finish({.outcome = exchange_outcome::asker_left});
  }
  bindings_.unbind_all(key);
  show_bindings();
  std::vector<hop_by_hop_id> waiting;
  calls_.for_each([&](hop_by_hop_id token, const std::unique_ptr<network_call>& call) {
    if (call->client == key) {
      waiting.push_back(token);
    }
  });
  for (const hop_by_hop_id token : waiting) {
    end_call(token, diameter::result_code::unable_to_deliver, "the session's client has left");
  }
  free_slots_.push_back(key.slot);
  on_.recorder.clients_connected.add(-1);
  shared_.clients.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<std::shared_ptr<client_session>> dispatcher::clients() const {
  std::vector<std::shared_ptr<client_session>> all;
  for (const client_slot& slot : clients_) {
    if (slot.client != nullptr) {
      all.push_back(slot.client->shared_from_this());
    }
  }
  return all;
}

void dispatcher::end_requests() {
  for (const client_slot& slot : clients_) {
    while (slot.client != nullptr && !slot.client->exchanges().empty()) {
      slot.client->exchanges().front().finish({.outcome = exchange_outcome::draining});
    }
  }
}

bool dispatcher::bind(std::string_view session_id, client_session& client) {
  if (session_id.size() > max_bound_octets) {
    return false;
  }
  const std::uint64_t evicted = bindings_.evicted();
  bindings_.bind(session_id, client.key());
  on_.recorder.bindings_evicted.add(bindings_.evicted() - evicted);
  show_bindings();
  return true;
}

void dispatcher::show_bindings() {
  on_.recorder.bindings.set(static_cast<std::int64_t>(bindings_.size()));
}

bool dispatcher::cancel(client_session& client, std::string_view id) {
  for (exchange& e : client.exchanges()) {
    if (e.label == id) {
      e.finish({.outcome = exchange_outcome::cancelled});
      return true;
    }
  }
  return false;
}

// RFC 6733 §8.8: <DiameterIdentity>;<high 32 bits>;<low 32 bits>. The prefix has what is constant
// for this run, so the low part needs one counter for all shards.
std::string_view dispatcher::make_session_id(std::span<char> room) {
  const std::string& prefix = shared_.session_id_prefix;
  if (room.size() < prefix.size() + 10) {
    return {};
  }
  std::memcpy(room.data(), prefix.data(), prefix.size());
  const std::uint32_t low = shared_.next_session.fetch_add(1, std::memory_order_relaxed);
  const auto end = std::to_chars(room.data() + prefix.size(), room.data() + room.size(), low).ptr;
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

// ---- from a client to a peer

handler_task dispatcher::serve(shard_context& on, client_session& client, client_request request) {
  const counted in_progress{waiting_};
  boost::container::static_vector<routing::peer_index, max_tries> tried;
  const auto status = [this](routing::peer_index p) { return shared_.node->status(on_, p); };
  const metrics::command_slot slot =
      shared_.metrics->find_command(request.application, request.message.view.command());
  while (true) {
    const routing::route_request asked{
        .destination_host = request.avps.destination_host.value_or(std::string_view{}),
        .destination_realm = request.avps.destination_realm.value_or(std::string_view{}),
        .application = request.application,
        .excluded = tried};
    const std::shared_ptr<const routing::table> routes = routes_;
    const routing::decision choice = routes->choose(asked, status, on.random.next());
    if (!choice) {
      refuse_route(client, request, asked, choice.refused);
      client.on_request_done();
      co_return;
    }
    // Before it leaves: the network may start a request for the session as soon as it knows of it.
    if (request.avps.session_id) {
      bind(*request.avps.session_id, client);
    }
    exchange e{on, request.deadline};
    e.label = request.id();
    client.exchanges().push_back(e);
    if (e.registered()) {
      const bytes_view avps = request.message.view.avps().octets();
      shared_.node->at(choice.peer)
          .send(on, {.header = diameter::header_of(request.message.view),
                     .command = slot,
                     .avps = {request.message.buffer, avps},
                     .appended = {},
                     .exchange = e.key(),
                     .deadline = request.deadline});
    }
    const exchange_result result = co_await e.wait();
    switch (result.outcome) {
      case exchange_outcome::asker_left:
        on.recorder.requests_cancelled.add(metrics::cancel_reason::client_left);
        co_return;  // the client is not to be touched any more
      case exchange_outcome::not_sent:
        if (tried.size() < tried.capacity()) {
          tried.push_back(choice.peer);
          continue;  // it closed while the request was on its way: the next one
        }
        client.reply(request, {.number = jsonrpc::error_number::unable_to_deliver});
        break;
      case exchange_outcome::answered:
        client.reply(request, result.answer.view);
        after_answer(client, request);
        on.recorder.request_took(
            metrics::request_flow::client_to_peer, slot,
            std::chrono::duration_cast<std::chrono::nanoseconds>(on.shard.now() - request.began));
        break;
      case exchange_outcome::cancelled:
        on.recorder.requests_cancelled.add(metrics::cancel_reason::cancelled_by_client);
        client.reply(request, {.number = jsonrpc::error_number::cancelled});
        break;
      case exchange_outcome::draining:
        on.recorder.requests_cancelled.add(metrics::cancel_reason::draining);
        client.reply(request, {.number = jsonrpc::error_number::draining});
        break;
      case exchange_outcome::deadline:
        on.recorder.deadlines_expired.add();
        [[fallthrough]];
      default:
        if (result.outcome == exchange_outcome::receiver_lost) {
          on.recorder.requests_cancelled.add(metrics::cancel_reason::peer_lost);
        } else if (result.outcome == exchange_outcome::too_busy) {
          on.recorder.refused_requests.add(metrics::refused_reason::too_busy);
        }
        client.reply(request, {.number = number_of(result.outcome)});
        break;
    }
    client.on_request_done();
    co_return;
  }
}

// Whatever the Result-Code of its last answer, the server has let the session go.
void dispatcher::after_answer(client_session& client, const client_request& request) {
  if (request.avps.session_id && ends_session(request.message.view)) {
    bindings_.unbind(*request.avps.session_id, client.key());
    show_bindings();
  }
}

// "No route" is an operator's first question, so the error says who was considered and why not.
void dispatcher::refuse_route(client_session& client, const client_request& request,
                              const routing::route_request& asked, routing::refusal refused) {
  on_.recorder.refused_requests.add(reason_of(refused));
  const auto status = [this](routing::peer_index p) { return shared_.node->status(on_, p); };
  const routing::explanation why = routes_->explain(asked, status);
  const std::string sentence = why.sentence();
  std::string candidates = "\"candidates\":[";
  for (const auto& c : why.candidates) {
    if (candidates.back() != '[') {
      candidates += ',';
    }
    candidates += "{\"host\":\"" + c.host + "\",\"reason\":\"";
    candidates += routing::to_string(c.reason);
    candidates += "\"}";
  }
  candidates += ']';
  client.reply(request, {.number = refused == routing::refusal::too_busy
                                       ? jsonrpc::error_number::too_busy
                                       : jsonrpc::error_number::unable_to_deliver,
                         .detail = sentence,
                         .result_code = static_cast<std::uint32_t>(refused),
                         .more_data = candidates});
}

}  // namespace diamgw::gateway
