#include "app/sim/ocs_admin.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/sim/describe_outcomes.hpp"
#include "app/sim/fault_json.hpp"
#include "diamgw/gateway/admin_access.hpp"
#include "diamgw/transport/http_query.hpp"

namespace diamgw::sim {
namespace {

using nlohmann::ordered_json;
using transport::http_request;
using transport::http_response;

constexpr std::string_view rar_path = "/api/v1/rar";
constexpr std::string_view asr_path = "/api/v1/asr";
constexpr std::string_view sessions_path = "/api/v1/sessions";
constexpr std::string_view faults_path = "/api/v1/faults";
constexpr std::string_view balance_path = "/api/v1/balance";

struct endpoint {
  std::string_view method;
  std::string_view path;
  std::string_view query;
};

constexpr std::string_view which_sessions = "?session=ID, ?subscriber=ID or ?all=true";
constexpr std::array endpoints{
    endpoint{"GET", sessions_path, ""},
    endpoint{"POST", rar_path, which_sessions},
    endpoint{"POST", asr_path, which_sessions},
    endpoint{"GET", faults_path, ""},
    endpoint{"POST", faults_path, ""},
    endpoint{"POST", balance_path, "?subscriber=ID&balance=NUMBER"},
};

http_response refuse(unsigned status, std::string sentence) {
  return {.status = status, .body = std::move(sentence) + "\n"};
}

http_response show(const ordered_json& body) {
  return {.content_type = "application/json",
          .body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n"};
}

/// 404 or 405, with what there is instead; nothing where it is known.
std::optional<http_response> refuse_unknown(const http_request& request) {
  std::string allowed;
  std::string known;
  for (const endpoint& e : endpoints) {
    if (e.path == request.path) {
      if (e.method == request.method) {
        return std::nullopt;
      }
      allowed += allowed.empty() ? e.method : ", " + std::string{e.method};
    }
    known.append(known.empty() ? "" : ", ").append(e.method).append(" ");
    known.append(e.path).append(e.query.substr(0, e.query.find(',')));
  }
  if (allowed.empty()) {
    return refuse(404, "known are " + known);
  }
  http_response no = refuse(405, request.path + " takes " + allowed);
  no.headers = {{"Allow", allowed}};
  return no;
}

/// Where a query has the field: its value, or nothing where it is not decoded.
struct query_field {
  bool there = false;
  std::optional<std::string> text{};
};
query_field find_field(std::string_view query, std::string_view name) {
  const auto raw = transport::find_query_field(query, name);
  return raw ? query_field{true, transport::decode_percent(*raw)} : query_field{};
}

http_response refuse_encoding(std::string_view name) {
  return refuse(400, "two hexadecimal digits follow a '%' in " + std::string{name});
}

}  // namespace

transport::awaitable<http_response> ocs_admin::answer(const http_request& request) {
  if (auto unknown = refuse_unknown(request)) {
    co_return *std::move(unknown);
  }
  const std::vector<std::string> hosts{"localhost"};
  if (auto refused = gateway::refuse_access(request, {.token = {}, .hosts = hosts})) {
    co_return *std::move(refused);
  }
  if (request.path == sessions_path) {
    co_return show_sessions();
  }
  if (request.path == faults_path) {
    co_return request.method == "GET" ? show_faults() : change_faults(request.body);
  }
  if (request.path == balance_path) {
    co_return change_balance(request.query);
  }
  co_return co_await ask_sessions(
      request.path == asr_path ? session_request::abort : session_request::re_auth, request);
}

http_response ocs_admin::show_sessions() const {
  ordered_json sessions = ordered_json::array();
  ocs_.for_each_session([&](std::string_view id, std::string_view who, credit reserved) {
    sessions.push_back({{"session_id", id},
                        {"subscriber", who},
                        {"reserved", reserved},
                        {"peer", ocs_.find_way(id)}});
  });
  const auto& counts = ocs_.statistics();
  return show({{"sessions", std::move(sessions)},
               {"initial", counts.initial},
               {"update", counts.update},
               {"termination", counts.termination},
               {"event", counts.event},
               {"repeats", counts.repeats},
               {"limit_reached", counts.limit_reached},
               {"errors", counts.errors},
               {"expired", counts.expired}});
}

http_response ocs_admin::show_faults() const {
  return show(describe(faults_));
}

http_response ocs_admin::change_faults(std::string_view body) {
  auto faults = read_faults(body);
  if (!faults) {
    return refuse(400, faults.error());
  }
  faults_.replace(*std::move(faults));
  log_.info("{} faults from now on", faults_.entries().size());
  return show_faults();
}

http_response ocs_admin::change_balance(std::string_view query) {
  const query_field subscriber = find_field(query, "subscriber");
  const query_field balance = find_field(query, "balance");
  if (!subscriber.there || !balance.there) {
    return refuse(400, "expected ?subscriber=ID&balance=NUMBER");
  }
  if (!subscriber.text) {
    return refuse_encoding("subscriber");
  }
  const std::string text = balance.text.value_or("");
  credit value = 0;
  const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || stopped != text.data() + text.size()) {
    return refuse(400, "balance is no whole number from 0 on");
  }
  if (!ocs_.accounts().set_balance(*subscriber.text, value)) {
    return refuse(503, "there is no room for another account");
  }
  return show({{"subscriber", *subscriber.text}, {"balance", value}});
}

result<std::vector<std::string>, http_response> ocs_admin::choose_sessions(
    std::string_view query) const {
  const query_field session = find_field(query, "session");
  const query_field subscriber = find_field(query, "subscriber");
  const query_field all = find_field(query, "all");
  if (int{session.there} + int{subscriber.there} + int{all.there} != 1 ||
      (all.there && all.text != "true")) {
    return refuse(400, "expected one of " + std::string{which_sessions});
  }
  if (session.there && !session.text) {
    return refuse_encoding("session");
  }
  if (subscriber.there && !subscriber.text) {
    return refuse_encoding("subscriber");
  }
  if (session.there) {
    if (!ocs_.has_open_session(*session.text)) {
      return refuse(404, "no such session");
    }
    return std::vector<std::string>{*session.text};
  }
  std::vector<std::string> chosen;
  ocs_.for_each_session([&](std::string_view id, std::string_view who, credit) {
    if (all.there || who == *subscriber.text) {
      chosen.emplace_back(id);
    }
  });
  if (chosen.empty() && subscriber.there) {
    return refuse(404, "no session of this subscriber");
  }
  std::ranges::sort(chosen);
  return chosen;
}

transport::awaitable<http_response> ocs_admin::ask_sessions(session_request what,
                                                            const http_request& request) {
  auto chosen = choose_sessions(request.query);
  if (!chosen) {
    co_return std::move(chosen).error();
  }
  const std::vector<session_outcome> outcomes = co_await requests_.send(what, *std::move(chosen));
  const ordered_json body = describe(outcomes);
  log_.info("{}: {} sent, {} answered", what == session_request::abort ? "ASR" : "RAR",
            body["requests"].get<std::size_t>(), body["answered"].get<std::size_t>());
  co_return show(body);
}

}  // namespace diamgw::sim
