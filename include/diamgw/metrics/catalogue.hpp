// Every metric that the gateway exports: name, type, labels and help, in one place.
//
// These are a public interface: changing one changes tests/golden/metrics.txt and docs/metrics.md.
// Label values come from closed sets, from the dictionary or from known peers, never from the wire.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace diamgw::metrics {

enum class metric_type : std::uint8_t { counter, gauge, histogram };
[[nodiscard]] std::string_view to_string(metric_type type) noexcept;

enum class family : std::uint8_t {
  marshal_duration,
  unmarshal_duration,
  marshal_bytes,
  unmarshal_bytes,
  request_duration,
  requests,
  answers,
  peer_state,
  peer_connects,
  peer_disconnects,
  watchdog_events,
  malformed_messages,
  transactions_in_flight,
  deadlines_expired,
  requests_cancelled,
  late_answers,
  unknown_answers,
  refused_requests,
  dropped,
  clients_connected,
  client_connects,
  client_disconnects,
  upgrade_refusals,
  listener_refusals,
  listener_pauses,
  bindings,
  bindings_evicted,
  allocations,
  allocated_bytes,
  pool_hits,
  pool_misses,
  pool_free,
  config_reloads,
  bugs,
  uptime,
  build_info,
};
inline constexpr std::size_t families = static_cast<std::size_t>(family::build_info) + 1;

struct descriptor {
  family id;
  std::string_view name;
  metric_type type;
  std::string_view labels;  // joined by commas, in the order of export
  std::string_view help;
};

/// In the order of `family`.
[[nodiscard]] const std::array<descriptor, families>& catalogue() noexcept;
[[nodiscard]] const descriptor& describe(family id) noexcept;

// The closed sets of label values. Each has `count` as its last enumerator, and a `to_string` that
// gives the exported value.

/// What is converted, and with whom: labels `protocol` and `direction` of (un)marshalling.
enum class codec_path : std::uint8_t {
  diameter_peer,    // Diameter octets to or from a peer
  diameter_client,  // Diameter octets in binary WebSocket frames
  json_client,      // JSON-RPC texts
  count,
};
[[nodiscard]] std::string_view protocol_label(codec_path path) noexcept;
[[nodiscard]] std::string_view marshal_direction_label(codec_path path) noexcept;
[[nodiscard]] std::string_view unmarshal_direction_label(codec_path path) noexcept;

/// Which way a Diameter message went between us and a peer.
enum class direction : std::uint8_t { sent, received, count };

/// Who asked: a client of a peer, a peer of a client, or a peer of a peer (relayed).
enum class request_flow : std::uint8_t { client_to_peer, peer_to_client, peer_to_peer, count };

/// The class of an answer's Result-Code or Experimental-Result-Code (RFC 6733 §7.1).
enum class result_class : std::uint8_t {
  informational,
  success,
  protocol_error,
  transient_failure,
  permanent_failure,
  other,  // none, or outside 1xxx to 5xxx
  count,
};
[[nodiscard]] result_class class_of(std::uint32_t result_code) noexcept;

/// The peer state machine's states (RFC 6733 §5.6) and RFC 3539's on top of them.
enum class peer_state : std::uint8_t {
  closed,
  wait_conn_ack,
  wait_i_cea,
  wait_conn_ack_elect,
  wait_returns,
  open,
  suspect,
  reopen,
  closing,
  count,
};

enum class disconnect_reason : std::uint8_t {
  dpr_received,
  dpr_sent,
  transport_error,    // reset, refused, end of stream without DPR
  watchdog,           // RFC 3539: no sign of life for two intervals
  capabilities,       // no common application, unknown peer, malformed or late CER or CEA
  election_lost,      // §5.6.4
  malformed_message,  // the stream cannot be cut into messages any more
  connect_failed,
  configuration,  // removed by a reload
  other,
  count,
};

enum class watchdog_event : std::uint8_t {
  dwr_sent,
  dwr_received,
  dwa_sent,
  dwa_received,
  suspect,
  reopened,
  failed,
  count
};

/// Messages that could not be used as received.
enum class malformed_from : std::uint8_t { peer, client_json, client_binary, client_frame, count };

enum class cancel_reason : std::uint8_t {
  client_left,
  cancelled_by_client,
  peer_lost,
  draining,
  count
};

/// Answers that met no waiting request. `late` ones had one that ended before.
enum class late_reason : std::uint8_t { deadline, client_left, cancelled, count };

/// Requests that the gateway itself answered with an error.
enum class refused_reason : std::uint8_t {
  command_unsupported,      // 3001
  unable_to_deliver,        // 3002
  realm_not_served,         // 3003
  too_busy,                 // 3004
  loop_detected,            // 3005
  application_unsupported,  // 3007
  invalid_header,           // 3008, 3009, 5011, 5015
  unknown_session,          // 5002
  invalid_message,          // 5xxx of validation
  invalid_json,             // JSON-RPC -32700, -32600
  unknown_method,           // -32601
  invalid_params,           // -32602
  limit,                    // a client's own limit: in flight, batch, bindings
  draining,
  other,
  count,
};

/// Octets or messages given up at a limit.
enum class drop_reason : std::uint8_t {
  peer_queue_full,
  client_queue_full,
  shard_queue_full,
  slow_reader,         // the client was closed
  client_gone,         // an answer or request for a client that left
  peer_gone,           // an answer for a peer that left
  client_answer_late,  // a client's answer to a request that was answered for it
  client_answer_unknown,
  count,
};

enum class client_close_reason : std::uint8_t {
  closed_by_client,
  connection_lost,
  protocol_error,
  pong_timeout,
  slow_reader,
  draining,
  other,
  count
};

enum class upgrade_refusal : std::uint8_t {
  bad_request,
  not_found,  // another path
  wrong_method,
  not_an_upgrade,
  unsupported_version,  // Sec-WebSocket-Version other than 13: 426
  unsupported_subprotocol,
  forbidden_origin,
  too_large,  // headers above the limit
  timeout,
  too_many_clients,
  draining,
  count,
};

/// Who is expected at a listener.
enum class listener_kind : std::uint8_t { diameter, websocket, admin, count };

/// How a reload of the configuration ended.
enum class reload_result : std::uint8_t {
  success,
  needs_restart,  // what a reload can change was changed; something else waits for a restart
  failure,        // nothing was changed
  count,
};

[[nodiscard]] std::string_view to_string(direction value) noexcept;
[[nodiscard]] std::string_view to_string(request_flow value) noexcept;
[[nodiscard]] std::string_view to_string(result_class value) noexcept;
[[nodiscard]] std::string_view to_string(peer_state value) noexcept;
[[nodiscard]] std::string_view to_string(disconnect_reason value) noexcept;
[[nodiscard]] std::string_view to_string(watchdog_event value) noexcept;
[[nodiscard]] std::string_view to_string(malformed_from value) noexcept;
[[nodiscard]] std::string_view to_string(cancel_reason value) noexcept;
[[nodiscard]] std::string_view to_string(late_reason value) noexcept;
[[nodiscard]] std::string_view to_string(refused_reason value) noexcept;
[[nodiscard]] std::string_view to_string(drop_reason value) noexcept;
[[nodiscard]] std::string_view to_string(client_close_reason value) noexcept;
[[nodiscard]] std::string_view to_string(upgrade_refusal value) noexcept;
[[nodiscard]] std::string_view to_string(listener_kind value) noexcept;
[[nodiscard]] std::string_view to_string(reload_result value) noexcept;

}  // namespace diamgw::metrics
