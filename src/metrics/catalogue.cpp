#include "diamgw/metrics/catalogue.hpp"

#include "diamgw/base/assert.hpp"

namespace diamgw::metrics {
namespace {

using enum metric_type;

constexpr std::array<descriptor, families> all{{
    {family::marshal_duration, "diameter_marshal_duration_seconds", histogram, "direction,protocol",
     "Time to write one message: a Diameter message or a JSON text from values."},
    {family::unmarshal_duration, "diameter_unmarshal_duration_seconds", histogram,
     "direction,protocol", "Time to read one message: to find, check and convert its values."},
    {family::marshal_bytes, "diameter_marshal_bytes_total", counter, "direction,protocol",
     "Octets of the messages written."},
    {family::unmarshal_bytes, "diameter_unmarshal_bytes_total", counter, "direction,protocol",
     "Octets of the messages read."},
    {family::request_duration, "gateway_request_duration_seconds", histogram,
     "flow,application,command",
     "Time from the arrival of a request at the gateway to the departure of its answer."},
    {family::requests, "diameter_requests_total", counter, "peer,application,command,direction",
     "Diameter requests exchanged with peers."},
    {family::answers, "diameter_answers_total", counter,
     "peer,application,command,direction,result",
     "Diameter answers exchanged with peers, by class of Result-Code (RFC 6733 section 7.1)."},
    {family::peer_state, "diamgw_peer_state", gauge, "peer,state",
     "1 for the state that the peer is in (RFC 6733 section 5.6, RFC 3539), 0 for the others."},
    {family::peer_connects, "diameter_peer_connects_total", counter, "peer",
     "Connections with a peer that came to the open state."},
    {family::peer_disconnects, "diameter_peer_disconnects_total", counter, "peer,reason",
     "Connections with a peer that ended, or did not come up."},
    {family::watchdog_events, "diameter_watchdog_events_total", counter, "peer,event",
     "Watchdog messages and verdicts (RFC 3539 section 3.4)."},
    {family::malformed_messages, "diamgw_malformed_messages_total", counter, "from",
     "Messages and frames that could not be used as received."},
    {family::transactions_in_flight, "diamgw_transactions_in_flight", gauge, "",
     "Requests sent to peers or clients that wait for their answers."},
    {family::deadlines_expired, "diamgw_request_deadlines_expired_total", counter, "",
     "Requests that ended at their deadline, without an answer."},
    {family::requests_cancelled, "diamgw_requests_cancelled_total", counter, "reason",
     "Requests that ended before answer and deadline."},
    {family::late_answers, "diamgw_late_answers_total", counter, "reason",
     "Answers to requests that had ended; they were dropped."},
    {family::unknown_answers, "diamgw_unknown_hop_by_hop_answers_total", counter, "",
     "Answers from peers with a hop-by-hop id that no request had; they were dropped."},
    {family::refused_requests, "diamgw_refused_requests_total", counter, "reason",
     "Requests that the gateway itself answered with an error."},
    {family::dropped, "diamgw_dropped_messages_total", counter, "reason",
     "Messages given up at a limit, or because their receiver was gone."},
    {family::clients_connected, "diamgw_clients_connected", gauge, "",
     "Clients with an open WebSocket."},
    {family::client_connects, "diamgw_client_connects_total", counter, "",
     "Clients whose WebSocket came up."},
    {family::client_disconnects, "diamgw_client_disconnects_total", counter, "reason",
     "Clients whose WebSocket ended."},
    {family::upgrade_refusals, "diamgw_upgrade_refusals_total", counter, "reason",
     "Connections that were refused before they became WebSockets."},
    {family::listener_refusals, "diamgw_listener_refused_connections_total", counter, "listener",
     "Connections that were closed at once, their listener having all that it may have."},
    {family::listener_pauses, "diamgw_listener_pauses_total", counter, "listener",
     "Times that a listener waited for descriptors or memory before it accepted again."},
    {family::bindings, "diamgw_bindings", gauge, "", "Sessions that are bound to a client."},
    {family::bindings_evicted, "diamgw_bindings_evicted_total", counter, "",
     "Sessions that lost their binding to a limit."},
    {family::allocations, "diamgw_allocations_total", counter, "",
     "Calls of the global allocator by the program. In the steady state it does not grow."},
    {family::allocated_bytes, "diamgw_allocated_bytes_total", counter, "",
     "Octets asked of the global allocator by the program."},
    {family::pool_hits, "diamgw_buffer_pool_hits_total", counter, "tier",
     "Buffers served by a pool, by octets of the tier."},
    {family::pool_misses, "diamgw_buffer_pool_misses_total", counter, "tier",
     "Buffers that a pool had to get from the global allocator."},
    {family::pool_free, "diamgw_buffer_pool_free", gauge, "tier", "Buffers that lie ready."},
    {family::config_reloads, "diamgw_config_reloads_total", counter, "result",
     "Reloads of the configuration (SIGHUP)."},
    {family::bugs, "diamgw_bugs_total", counter, "",
     "States that were believed impossible and met. Every one is a bug: please report it."},
    {family::uptime, "diamgw_uptime_seconds", gauge, "", "Time since the start."},
    {family::build_info, "diamgw_build_info", gauge, "version,compiler,build_type",
     "Always 1; the labels say what is running."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (static_cast<std::size_t>(all[i].id) != i) {
      return false;
    }
  }
  return true;
}
static_assert(in_order(), "the catalogue follows the order of `family`");

template <class Enum>
using names = std::array<std::string_view, static_cast<std::size_t>(Enum::count)>;

template <class Enum>
[[nodiscard]] std::string_view name_of(const names<Enum>& all_names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return DIAMGW_BUG(index >= all_names.size()) ? std::string_view{"other"} : all_names[index];
}

}  // namespace

std::string_view to_string(metric_type type) noexcept {
  switch (type) {
    case counter:
      return "counter";
    case gauge:
      return "gauge";
    case histogram:
      return "histogram";
  }
  return "";
}

const std::array<descriptor, families>& catalogue() noexcept {
  return all;
}

const descriptor& describe(family id) noexcept {
  return all[static_cast<std::size_t>(id)];
}

std::string_view protocol_label(codec_path path) noexcept {
  return path == codec_path::json_client ? "json" : "diameter";
}

std::string_view marshal_direction_label(codec_path path) noexcept {
  return path == codec_path::diameter_peer ? "to_peer" : "to_client";
}

std::string_view unmarshal_direction_label(codec_path path) noexcept {
  return path == codec_path::diameter_peer ? "from_peer" : "from_client";
}

result_class class_of(std::uint32_t result_code) noexcept {
  constexpr std::uint32_t class_width = 1000;
  constexpr std::uint32_t classes = 5;
  const std::uint32_t number = result_code / class_width;
  return number >= 1 && number <= classes ? static_cast<result_class>(number - 1)
                                          : result_class::other;
}

std::string_view to_string(direction value) noexcept {
  return name_of<direction>({"sent", "received"}, value);
}

std::string_view to_string(request_flow value) noexcept {
  return name_of<request_flow>({"client_to_peer", "peer_to_client", "peer_to_peer"}, value);
}

std::string_view to_string(result_class value) noexcept {
  return name_of<result_class>({"informational", "success", "protocol_error", "transient_failure",
                                "permanent_failure", "other"},
                               value);
}

std::string_view to_string(peer_state value) noexcept {
  return name_of<peer_state>({"closed", "wait_conn_ack", "wait_i_cea", "wait_conn_ack_elect",
                              "wait_returns", "open", "suspect", "reopen", "closing"},
                             value);
}

std::string_view to_string(disconnect_reason value) noexcept {
  return name_of<disconnect_reason>(
      {"dpr_received", "dpr_sent", "transport_error", "watchdog", "capabilities", "election_lost",
       "malformed_message", "connect_failed", "configuration", "other"},
      value);
}

std::string_view to_string(watchdog_event value) noexcept {
  return name_of<watchdog_event>(
      {"dwr_sent", "dwr_received", "dwa_sent", "dwa_received", "suspect", "reopened", "failed"},
      value);
}

std::string_view to_string(malformed_from value) noexcept {
  return name_of<malformed_from>({"peer", "client_json", "client_binary", "client_frame"}, value);
}

std::string_view to_string(cancel_reason value) noexcept {
  return name_of<cancel_reason>({"client_left", "cancelled_by_client", "peer_lost", "draining"},
                                value);
}

std::string_view to_string(late_reason value) noexcept {
  return name_of<late_reason>({"deadline", "client_left", "cancelled"}, value);
}

std::string_view to_string(refused_reason value) noexcept {
  return name_of<refused_reason>(
      {"command_unsupported", "unable_to_deliver", "realm_not_served", "too_busy", "loop_detected",
       "application_unsupported", "invalid_header", "unknown_session", "invalid_message",
       "invalid_json", "unknown_method", "invalid_params", "limit", "draining", "other"},
      value);
}

std::string_view to_string(drop_reason value) noexcept {
  return name_of<drop_reason>(
      {"peer_queue_full", "client_queue_full", "shard_queue_full", "slow_reader", "client_gone",
       "peer_gone", "client_answer_late", "client_answer_unknown"},
      value);
}

std::string_view to_string(client_close_reason value) noexcept {
  return name_of<client_close_reason>({"closed_by_client", "connection_lost", "protocol_error",
                                       "pong_timeout", "slow_reader", "draining", "other"},
                                      value);
}

std::string_view to_string(upgrade_refusal value) noexcept {
  return name_of<upgrade_refusal>(
      {"bad_request", "not_found", "wrong_method", "not_an_upgrade", "unsupported_version",
       "unsupported_subprotocol", "forbidden_origin", "too_large", "timeout", "too_many_clients",
       "draining"},
      value);
}

std::string_view to_string(listener_kind value) noexcept {
  return name_of<listener_kind>({"diameter", "websocket", "admin"}, value);
}

std::string_view to_string(reload_result value) noexcept {
  return name_of<reload_result>({"success", "needs_restart", "failure"}, value);
}

}  // namespace diamgw::metrics
