// Peers, and why a request goes where it goes.
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <variant>

#include "diamgw/base/printable.hpp"
#include "diamgw/codec/values.hpp"
#include "diamgw/transport/http_query.hpp"
#include "gateway/operation/api_entries.hpp"
#include "gateway/peers/describe_peer.hpp"

namespace diamgw::gateway {
namespace {

using nlohmann::json;
using transport::http_response;

http_response show_peers(const api_context& with) {
  const shard_context& on = with.shards[0]->on;
  json all = json::array();
  for (std::size_t i = 0; i < with.peers.size(); ++i) {
    const auto index = static_cast<routing::peer_index>(i);
    if (const auto report = with.peers.report(on, index)) {
      all.push_back(describe_peer(*report, with.peers.waiting(index), on.shard.now(),
                                  with.peers.dictionary_of(on)));
    }
  }
  return json_response(json{{"peers", std::move(all)}}.dump());
}

http_response connect_peer(const api_context& with, const std::string& host) {
  const routing::peer_index index = with.peers.find(host);
  const auto report =
      index == routing::no_peer ? nullptr : with.peers.report(with.shards[0]->on, index);
  if (report == nullptr) {
    return refusal_response(404, "no peer has this name");
  }
  if (with.shards[0]->path.draining()) {
    return refusal_response(409, "the gateway is about to stop");
  }
  if (!with.peers.is_dialled(index)) {
    return refusal_response(409,
                            report->host + " has no connect in the configuration: it connects");
  }
  if (report->link != link_state::closed && report->link != link_state::left) {
    return refusal_response(409, report->host + " is " + std::string{to_string(report->link)});
  }
  with.peers.retry(index);
  return json_response(json{{"connecting", report->host}}.dump(), 202);
}

// ---- routes

/// A field of the query, decoded; nothing where there is none, and a refusal where it is not sound.
std::variant<std::optional<std::string>, http_response> field(const transport::http_request& of,
                                                              std::string_view name) {
  const auto given = transport::find_query_field(of.query, name);
  if (!given) {
    return std::optional<std::string>{};
  }
  auto decoded = transport::decode_percent(*given);
  if (!decoded) {
    return refusal_response(400, "two hexadecimal digits follow a '%' in " + std::string{name});
  }
  return decoded;
}

struct route_question {
  std::string realm;
  std::string host;
  application_id application;
};

std::variant<route_question, http_response> decode_question(const api_context& with,
                                                            const transport::http_request& of) {
  route_question q;
  std::string application;
  for (const auto& [name, to] : {std::pair{"realm", &q.realm}, std::pair{"host", &q.host},
                                 std::pair{"application", &application}}) {
    auto found = field(of, name);
    if (auto* refused = std::get_if<http_response>(&found)) {
      return std::move(*refused);
    }
    if (auto& text = std::get<std::optional<std::string>>(found)) {
      *to = *std::move(text);
    }
  }
  if (application.empty() || (q.realm.empty() && q.host.empty())) {
    return refusal_response(400, "expected ?realm=REALM&application=NAME-OR-NUMBER[&host=HOST]");
  }
  for (const std::string& identity : {q.realm, q.host}) {
    if (!identity.empty() && !diameter::is_diameter_identity(identity)) {
      return refusal_response(400, "'" + printable(identity) + "' is no DiameterIdentity");
    }
  }
  const dictionary::dictionary& names = with.peers.dictionary_of(with.shards[0]->on);
  const auto id = names.find_application_id(application);
  if (!id) {
    const std::string_view nearest = names.nearest_application(application);
    return refusal_response(
        400, "'" + printable(application) + "' is no application" +
                 (nearest.empty() ? "" : "; did you mean '" + std::string{nearest} + "'?"));
  }
  q.application = *id;
  return q;
}

json describe(const routing::explanation& why, const dictionary::dictionary& names) {
  json candidates = json::array();
  const std::vector<double> shares = why.shares();
  for (std::size_t i = 0; i < why.candidates.size(); ++i) {
    const routing::considered& c = why.candidates[i];
    json one{{"host", c.host},
             {"priority", c.priority},
             {"weight", c.weight},
             {"share", shares[i]},
             {"reason", c.phrase()}};
    if (c.peer != routing::no_peer) {
      one["state"] = to_string(c.link);
    }
    candidates.push_back(std::move(one));
  }
  json application{{"id", why.application.value}};
  if (const auto* const known = names.find_application(why.application)) {
    application["name"] = known->name;
  }
  json answer{{"application", std::move(application)},
              {"decided_by", to_string(why.route)},
              {"routed", why.refused == routing::refusal::none},
              {"explanation", why.sentence()},
              {"candidates", std::move(candidates)}};
  if (!why.destination_realm.empty()) {
    answer["realm"] = why.destination_realm;
  }
  if (!why.destination_host.empty()) {
    answer["host"] = why.destination_host;
  }
  if (why.refused != routing::refusal::none) {
    answer["result_code"] = static_cast<std::uint32_t>(why.refused);
  }
  return answer;
}

http_response explain_route(const api_context& with, const transport::http_request& asked) {
  auto question = decode_question(with, asked);
  if (auto* refused = std::get_if<http_response>(&question)) {
    return std::move(*refused);
  }
  const auto& q = std::get<route_question>(question);
  const routing::explanation why = with.shards[0]->path.explain({.destination_host = q.host,
                                                                 .destination_realm = q.realm,
                                                                 .application = q.application,
                                                                 .excluded = {}});
  return json_response(describe(why, with.peers.dictionary_of(with.shards[0]->on)).dump());
}

}  // namespace

std::vector<admin_api::entry> make_peer_entries(const api_context& with) {
  const auto entry = [&with](std::string method, std::string path,
                             std::function<http_response(const admin_api::call&)> f) {
    return admin_api::entry{std::move(method), std::move(path),
                            guarded(with, admin_api::at_once(std::move(f)))};
  };
  return {entry("GET", "/api/v1/peers", [&with](const auto&) { return show_peers(with); }),
          entry("POST", "/api/v1/peers/{host}/connect",
                [&with](const auto& c) { return connect_peer(with, c.names[0]); }),
          entry("GET", "/api/v1/route",
                [&with](const auto& c) { return explain_route(with, c.request); })};
}

}  // namespace diamgw::gateway
