// Every metric that the gateway exports: name, type, labels and help, in one place.
//
// Names are Prometheus': base units, `_total` for counters, and one prefix for a subject.
// `diameter_` is what is exchanged with peers and what peers are, `diamgw_` is what the gateway
// does
// (`diamgw_client_` its clients, `diamgw_request_` and `diamgw_requests_` what was asked of it, and
// so on), `process_` is what the system says of the process, by the names that all programs use.
//
// These are a public interface: changing one changes tests/golden/metrics.txt and docs/metrics.md,
// which metrics_test writes. Label values come from closed sets, from the dictionary or from known
// peers, never from the wire.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "diamgw/base/assert.hpp"
#include "diamgw/base/enumerator_names.hpp"
#include "diamgw/base/link_state.hpp"
#include "diamgw/metrics/instruments.hpp"

namespace diamgw::metrics {

// ---- the closed sets of label values

/// An enumeration whose enumerators are the exported values; `count` comes last and is none.
template <class T>
concept label_set = requires { T::count; };

template <label_set Set>
[[nodiscard]] constexpr std::string_view to_string(Set value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  const auto& names = enumerator_names<Set>;
  return DIAMGW_BUG(index >= names.size()) ? std::string_view{"other"} : names[index];
}

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

// The vocabulary of peers is everybody's.
using peer_state = link_state;
using diamgw::disconnect_reason;

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

/// Answers of peers that are none to the request whose hop-by-hop id they have, by what differs.
enum class mismatched_answer : std::uint8_t { command, session, count };

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
  closed_by_operator,
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

// ---- the metrics, in the order of their export

// To add one that shards count, add a row, and count: `recorder.requests_cancelled.add(reason)`.
//
//   SHARD(instrument, member of recorder, name, label, help)   counter, gauge, or one of them for
//                                                             each value of the label:
//                                                             counters<Set>, gauges<Set>
//   OTHER(type, id, name, labels, help)                       what registry.cpp puts together
//
// clang-format off
#define DIAMGW_METRICS(SHARD, OTHER) \
  OTHER(histogram, marshal_duration, "diameter_marshal_duration_seconds", "direction,protocol", \
        "Time to write one message: a Diameter message or a JSON text from values.") \
  OTHER(histogram, unmarshal_duration, "diameter_unmarshal_duration_seconds", "direction,protocol", \
        "Time to read one message: to find, check and convert its values.") \
  OTHER(counter, marshal_bytes, "diameter_marshal_bytes_total", "direction,protocol", \
        "Octets of the messages written.") \
  OTHER(counter, unmarshal_bytes, "diameter_unmarshal_bytes_total", "direction,protocol", \
        "Octets of the messages read.") \
  OTHER(histogram, request_duration, "diamgw_request_duration_seconds", "flow,application,command", \
        "Time from the arrival of a request at the gateway to the departure of its answer.") \
  OTHER(counter, requests, "diameter_requests_total", "peer,application,command,direction", \
        "Diameter requests exchanged with peers.") \
  OTHER(counter, answers, "diameter_answers_total", "peer,application,command,direction,result", \
        "Diameter answers exchanged with peers, by class of Result-Code (RFC 6733 section 7.1).") \
  OTHER(gauge, peer_state, "diameter_peer_state", "peer,state", \
        "1 for the state that the peer is in (RFC 6733 section 5.6, RFC 3539), 0 for the others.") \
  OTHER(counter, peer_connects, "diameter_peer_connects_total", "peer", \
        "Connections with a peer that came to the open state.") \
  OTHER(counter, peer_disconnects, "diameter_peer_disconnects_total", "peer,reason", \
        "Connections with a peer that ended, or did not come up.") \
  OTHER(gauge, peer_in_flight, "diameter_peer_requests_in_flight", "peer", \
        "Requests sent to the peer that wait for their answers.") \
  OTHER(histogram, peer_latency, "diameter_peer_request_duration_seconds", "peer", \
        "Time from the departure of a request to the peer to the arrival of its answer.") \
  OTHER(counter, watchdog_events, "diameter_peer_watchdog_events_total", "peer,event", \
        "Watchdog messages and verdicts (RFC 3539 section 3.4).") \
  SHARD(counters<malformed_from>, malformed_messages, "diamgw_messages_malformed_total", "from", \
        "Messages and frames that could not be used as received.") \
  SHARD(counter, skipped_octets, "diamgw_messages_skipped_bytes_total", "", \
        "Octets of messages from peers above diameter.max_message_octets; they were passed over.") \
  SHARD(counter, deadlines_expired, "diamgw_requests_expired_total", "", \
        "Requests that ended at their deadline, without an answer.") \
  SHARD(counters<cancel_reason>, requests_cancelled, "diamgw_requests_cancelled_total", "reason", \
        "Requests that ended before answer and deadline.") \
  SHARD(counters<late_reason>, late_answers, "diamgw_answers_late_total", "reason", \
        "Answers to requests that had ended; they were dropped.") \
  SHARD(counter, unknown_answers, "diamgw_answers_unknown_total", "", \
        "Answers from peers with a hop-by-hop id that no request had; they were dropped.") \
  SHARD(counters<mismatched_answer>, mismatched_answers, "diamgw_answers_mismatched_total", "what", \
        "Answers from peers with another command or Session-Id than the request of their hop-by-hop id.") \
  SHARD(counters<refused_reason>, refused_requests, "diamgw_requests_refused_total", "reason", \
        "Requests that the gateway itself answered with an error.") \
  SHARD(counters<drop_reason>, dropped, "diamgw_messages_dropped_total", "reason", \
        "Messages given up at a limit, or because their receiver was gone.") \
  SHARD(gauge, clients_connected, "diamgw_client_connections", "", \
        "Clients with an open WebSocket.") \
  SHARD(gauge, client_requests_in_flight, "diamgw_client_requests_in_flight", "", \
        "Requests of peers that clients were given and that wait for their answers.") \
  SHARD(counter, client_connects, "diamgw_client_connects_total", "", \
        "Clients whose WebSocket came up.") \
  SHARD(counters<client_close_reason>, client_disconnects, "diamgw_client_disconnects_total", "reason", \
        "Clients whose WebSocket ended.") \
  SHARD(counters<upgrade_refusal>, upgrade_refusals, "diamgw_client_upgrade_refusals_total", "reason", \
        "Connections that were refused before they became WebSockets.") \
  SHARD(counters<listener_kind>, listener_refusals, "diamgw_listener_refused_connections_total", "listener", \
        "Connections that were closed at once, their listener having all that it may have.") \
  SHARD(counters<listener_kind>, descriptor_refusals, "diamgw_listener_descriptor_refusals_total", "listener", \
        "Connections that were closed at once, the last descriptors being kept for peers and administration.") \
  SHARD(counters<listener_kind>, listener_pauses, "diamgw_listener_pauses_total", "listener", \
        "Times that a listener waited for descriptors or memory before it accepted again.") \
  SHARD(gauge, bindings, "diamgw_bindings", "", \
        "Sessions that are bound to a client.") \
  SHARD(counter, bindings_evicted, "diamgw_bindings_evicted_total", "", \
        "Sessions that lost their binding to a limit.") \
  OTHER(counter, allocations, "diamgw_allocations_total", "", \
        "Calls of the global allocator by the program. In the steady state it does not grow.") \
  OTHER(counter, allocated_bytes, "diamgw_allocated_bytes_total", "", \
        "Octets asked of the global allocator by the program.") \
  OTHER(counter, pool_hits, "diamgw_buffer_pool_hits_total", "tier", \
        "Buffers served by a pool, by octets of the tier.") \
  OTHER(counter, pool_misses, "diamgw_buffer_pool_misses_total", "tier", \
        "Buffers that a pool had to get from the global allocator.") \
  OTHER(gauge, pool_free, "diamgw_buffer_pool_free_buffers", "tier", \
        "Buffers that lie ready.") \
  OTHER(counter, config_reloads, "diamgw_config_reloads_total", "result", \
        "Reloads of the configuration (SIGHUP).") \
  OTHER(counter, log_lines_dropped, "diamgw_log_lines_dropped_total", "", \
        "Lines of the log that were not written, standard error taking no more.") \
  OTHER(counter, bugs, "diamgw_bugs_total", "", \
        "States that were believed impossible and met. Every one is a bug: please report it.") \
  OTHER(gauge, build_info, "diamgw_build_info", "version,compiler,build_type", \
        "Always 1; the labels say what is running.") \
  OTHER(counter, process_cpu, "process_cpu_seconds_total", "", \
        "Processor time of the process, of user and system.") \
  OTHER(gauge, process_start, "process_start_time_seconds", "", \
        "When the process started, in seconds since 1970-01-01 UTC.") \
  OTHER(gauge, process_resident, "process_resident_memory_bytes", "", \
        "Memory of the process that is in RAM.") \
  OTHER(gauge, process_virtual, "process_virtual_memory_bytes", "", \
        "Address space of the process.") \
  OTHER(gauge, process_open_fds, "process_open_fds", "", \
        "Descriptors that are open.") \
  OTHER(gauge, process_max_fds, "process_max_fds", "", \
        "Descriptors that may be open: the soft limit.")
// clang-format on

enum class family : std::uint8_t {
#define DIAMGW_ID(instrument, id, ...) id,
  DIAMGW_METRICS(DIAMGW_ID, DIAMGW_ID)
#undef DIAMGW_ID
      count,
};
inline constexpr std::size_t families = static_cast<std::size_t>(family::count);

enum class metric_type : std::uint8_t { counter, gauge, histogram };
[[nodiscard]] std::string_view to_string(metric_type type) noexcept;

struct descriptor {
  family id;
  std::string_view name;
  metric_type type;
  std::string_view labels;  // joined by commas, in the order of export
  std::string_view help;
  std::span<const std::string_view> values;  // of its label, where a shard counts each of a set
};

/// In the order of `family`.
[[nodiscard]] const std::array<descriptor, families>& catalogue() noexcept;
[[nodiscard]] const descriptor& describe(family id) noexcept;

}  // namespace diamgw::metrics
