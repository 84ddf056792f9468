// Clients, and whose a session is.
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "diamgw/base/seconds.hpp"
#include "diamgw/transport/http_query.hpp"
#include "gateway/operation/api_entries.hpp"
#include "gateway/operation/ask_shard.hpp"

namespace diamgw::gateway {
namespace {

using nlohmann::json;
using transport::awaitable;
using transport::http_response;

/// Clients in one answer, at most and where nothing is said: to describe one takes a microsecond,
/// and nothing else goes on meanwhile.
constexpr std::size_t most_clients = 1000;

/// A client by a name that no other ever has.
struct client_id {
  std::uint32_t shard = 0;
  routing::client_key key;
};

/// "0-17-3": shard, slot and generation.
std::string to_string(const client_id& id) {
  return std::to_string(id.shard) + '-' + std::to_string(id.key.slot) + '-' +
         std::to_string(id.key.generation);
}

std::optional<std::uint32_t> decode_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() ? std::optional{number}
                                                                             : std::nullopt;
}

std::optional<client_id> decode_id(std::string_view text) {
  std::array<std::uint32_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto end = i + 1 < numbers.size() ? text.find('-') : text.size();
    const auto number = decode_number(text.substr(0, end));
    if (end == std::string_view::npos || !number) {
      return std::nullopt;
    }
    numbers.at(i) = *number;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return client_id{numbers[0], {numbers[1], numbers[2]}};
}

json describe(std::uint32_t shard, const client_registry::described_client& c, time_point now) {
  return {{"id", to_string(client_id{shard, c.key})},
          {"address", c.report.address},
          {"protocol", c.report.protocol},
          {"connected_seconds", to_seconds(now - c.report.since)},
          {"requests_in_flight", c.report.in_flight},
          {"queued_octets", c.report.queued_octets},
          {"bindings", c.bindings}};
}

// Shard by shard and slot by slot: who stays is shown once, whoever comes and goes meanwhile.
awaitable<http_response> show_clients(const api_context& with,
                                      const transport::http_request& asked) {
  transport::shard& here = with.shards[0]->on.shard;
  std::size_t left = most_clients;
  if (const auto limit = transport::find_query_field(asked.query, "limit")) {
    const auto number = decode_number(*limit);
    if (!number || *number == 0 || *number > most_clients) {
      co_return refusal_response(400,
                                 "limit is a number from 1 to " + std::to_string(most_clients));
    }
    left = *number;
  }
  std::uint32_t shard = 0;
  std::uint32_t slot = 0;
  if (const auto after = transport::find_query_field(asked.query, "after")) {
    const auto id = decode_id(*after);
    if (!id) {
      co_return refusal_response(400, "after is the next of an earlier answer");
    }
    shard = id->shard;
    slot = id->key.slot + 1;
  }
  json all = json::array();
  std::optional<client_id> last;
  for (; shard < with.shards.size() && left > 0; ++shard, slot = 0) {
    const gateway_shard& of = *with.shards[shard];
    const auto some = co_await ask_shard(
        here, of.on.shard, [&of, slot, left] { return of.registry.describe(slot, left); });
    for (const auto& c : some) {
      all.push_back(describe(shard, c, here.now()));
      last = client_id{shard, c.key};
    }
    left -= some.size();
  }
  json answer{{"clients", std::move(all)}};
  if (left == 0) {
    answer["next"] = to_string(*last);
  }
  co_return json_response(answer.dump());
}

awaitable<http_response> disconnect_client(const api_context& with, const std::string& text) {
  const auto id = decode_id(text);
  if (!id || id->shard >= with.shards.size()) {
    co_return refusal_response(404, "no client has this id; GET /api/v1/clients shows them");
  }
  gateway_shard& of = *with.shards[id->shard];
  const bool found =
      co_await ask_shard(with.shards[0]->on.shard, of.on.shard, [&of, key = id->key] {
        client* const who = of.registry.find(key);
        if (who != nullptr) {
          who->close(metrics::client_close_reason::closed_by_operator,
                     websocket::close_code::policy_violation, "disconnected by the operator");
        }
        return who != nullptr;
      });
  co_return found ? json_response(json{{"disconnecting", to_string(*id)}}.dump())
                  : refusal_response(404, "the client has left");
}

/// A session on one shard.
struct found_session {
  client_id who;
  client_report report;
  routing::binding_table::binding is;
};

awaitable<http_response> show_session(const api_context& with,
                                      const transport::http_request& asked) {
  const auto given = transport::find_query_field(asked.query, "id");
  const auto id = given ? transport::decode_percent(*given) : std::nullopt;
  if (!id || id->empty()) {
    co_return refusal_response(400, "expected ?id=SESSION-ID, percent-encoded");
  }
  transport::shard& here = with.shards[0]->on.shard;
  std::optional<found_session> best;  // the one that used it last has it
  for (std::uint32_t shard = 0; shard < with.shards.size(); ++shard) {
    const gateway_shard& of = *with.shards[shard];
    const auto found = co_await ask_shard(
        here, of.on.shard, [&of, shard, session = &*id]() -> std::optional<found_session> {
          const auto bound = of.registry.find_bound(*session);
          return bound ? std::optional{found_session{
                             {shard, bound->who->key}, bound->who->report(), bound->is}}
                       : std::nullopt;
        });
    if (found && (!best || found->is.used > best->is.used)) {
      best = found;
    }
  }
  if (!best) {
    co_return refusal_response(404, "no client of this gateway has the session");
  }
  json answer{{"session_id", *id},
              {"client", {{"id", to_string(best->who)}, {"address", best->report.address}}},
              {"bound_seconds", to_seconds(here.now() - best->is.since)},
              {"used_seconds_ago", to_seconds(here.now() - best->is.used)}};
  if (with.peers.is_configured(
          best->is.peer)) {  // another stranger may have got a stranger's place
    answer["peer"] = with.peers.host(best->is.peer);
  }
  co_return json_response(answer.dump(-1, ' ', true, json::error_handler_t::replace));
}

}  // namespace

std::vector<admin_api::entry> make_client_entries(const api_context& with) {
  return {{"GET", "/api/v1/clients",
           guarded(with, [&with](const auto& c) { return show_clients(with, c.request); })},
          {"POST", "/api/v1/clients/{id}/disconnect",
           guarded(with, [&with](const auto& c) { return disconnect_client(with, c.names[0]); })},
          {"GET", "/api/v1/session",
           guarded(with, [&with](const auto& c) { return show_session(with, c.request); })}};
}

}  // namespace diamgw::gateway
