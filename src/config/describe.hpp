// The option table: name, kind, range and meaning of every option, once.
//
// Rules for editors: a new option is a member in options.hpp and a row here; then run config_test
// with DIAMGW_UPDATE_GOLDEN=1, which writes the example, the schema and docs/configuration.md anew.
// What concerns two options at once is in check.cpp.
#pragma once
#include <array>

#include "config/option_node.hpp"

namespace diamgw::config {

inline constexpr std::array<std::string_view, 2> message_validation_names{"structure", "grammar"};
inline constexpr std::array<std::string_view, 6> log_level_names{"trace",   "debug", "info",
                                                                 "warning", "error", "off"};
inline constexpr std::array<std::string_view, 2> log_format_names{"text", "json"};

inline constexpr std::uint64_t second_ms = 1000;
inline constexpr std::uint64_t hour_ms = 3600 * second_ms;
inline constexpr std::uint64_t gib = 1024 * mib;
inline constexpr std::uint64_t any_u32 = 0xffffffffU;
/// The largest length that a Diameter header can say and that is a multiple of 4 (RFC 6733 §3).
inline constexpr std::uint64_t longest_message = 0xfffffcU;

template <class V>
void describe(V& v, endpoint& o) {
  using enum option_kind;
  v({.name = "address",
     .kind = address,
     .help = "IPv4 or IPv6 address.",
     .sample = R"("127.0.0.1")",
     .required = true},
    o.address);
  v({.name = "port",
     .kind = count,
     .max = 65535,
     .help = "Port. 0, for listeners only: any free one.",
     .sample = "3868",
     .required = true},
    o.port);
}

template <class V>
void describe(V& v, advertised_application& o) {
  using enum option_kind;
  v({.name = "auth",
     .kind = application,
     .help = "Auth-Application-Id: the application's number, or its name in the dictionary. Give "
             "either `auth` or `acct`.",
     .sample = "4"},
    o.auth);
  v({.name = "acct", .kind = application, .help = "Acct-Application-Id, in the same way."}, o.acct);
  v({.name = "vendor",
     .kind = count,
     .help = "Vendor-Id. Other than 0: the application is advertised in a "
             "Vendor-Specific-Application-Id (RFC 6733 §6.11)."},
    o.vendor);
}

template <class V>
void describe(V& v, node_options& o) {
  using enum option_kind;
  v({.name = "origin_host",
     .kind = identity,
     .help = "Our Origin-Host (RFC 6733 §6.3): set it to this host's own name."},
    o.origin_host);
  v({.name = "origin_realm", .kind = identity, .help = "Our Origin-Realm (§6.4)."}, o.origin_realm);
  v({.name = "product_name", .kind = text, .min = 1, .max = 255, .help = "Our Product-Name."},
    o.product_name);
  v({.name = "vendor_id", .kind = count, .help = "Our Vendor-Id: an enterprise number, or 0."},
    o.vendor_id);
  v({.name = "firmware_revision",
     .kind = count,
     .help = "Our Firmware-Revision. 0: the AVP is left out."},
    o.firmware_revision);
  v({.name = "host_ip_addresses",
     .kind = list,
     .max = 64,
     .help = "Our Host-IP-Address AVPs (§5.3.5). Empty: the local address of the connection.",
     .sample = R"(["192.0.2.1"])"},
    o.host_ip_addresses);
  v({.name = "applications",
     .kind = list,
     .min = 1,
     .max = 64,
     .help = "The applications in our CER and CEA (§5.3)."},
    o.applications);
}

template <class V>
void describe(V& v, peer_options& o) {
  using enum option_kind;
  v({.name = "host",
     .kind = identity,
     .help = "The peer's Origin-Host.",
     .sample = R"("ocs.example")",
     .required = true},
    o.host);
  v({.name = "realm",
     .kind = identity,
     .help = "The peer's realm. It serves requests for it where no route names that realm.",
     .sample = R"("example")",
     .required = true},
    o.realm);
  v({.name = "connect",
     .kind = object,
     .help = "Where we connect to. null: the peer connects to us."},
    o.connect);
  v({.name = "watchdog_interval",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "Tw for this peer. null: diameter.watchdog_interval.",
     .sample = R"("30s")"},
    o.watchdog_interval);
}

template <class V>
void describe(V& v, diameter_options& o) {
  using enum option_kind;
  v({.name = "listen", .kind = list, .max = 64, .help = "Where peers connect to us, over TCP."},
    o.listen);
  v({.name = "peers",
     .kind = list,
     .max = 4096,
     .help = "The peer table (RFC 6733 §2.6).",
     .live = true},
    o.peers);
  v({.name = "accept_unknown_peers",
     .kind = flag,
     .help = "Accept a peer that is not in `peers` when it connects. Else it is answered 3010 and "
             "closed."},
    o.accept_unknown_peers);
  v({.name = "tcp_no_delay",
     .kind = flag,
     .help = "Send at once (TCP_NODELAY). What is queued in one turn is one write anyway."},
    o.tcp_no_delay);
  v({.name = "watchdog_interval",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "Tw (RFC 3539 §3.4.1): so long without a message, and a DWR is sent. Up to 2 s "
             "of jitter are added or taken away."},
    o.watchdog_interval);
  v({.name = "watchdog_minimum",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "The least Tw that this file may set. RFC 3539 demands 6s; only test rigs go below."},
    o.watchdog_minimum);
  v({.name = "connect_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For a connection to a peer to come up."},
    o.connect_timeout);
  v({.name = "capabilities_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For a CER or CEA to arrive on a new connection. Then it is closed."},
    o.capabilities_timeout);
  v({.name = "disconnect_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For a DPA to arrive. Then the connection is closed without it."},
    o.disconnect_timeout);
  v({.name = "reconnect_min",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "The first wait before we connect again (Tc, RFC 6733 §2.1). It doubles at each "
             "failure."},
    o.reconnect_min);
  v({.name = "reconnect_max",
     .kind = duration,
     .min = 10,
     .max = 24 * hour_ms,
     .help = "The longest such wait."},
    o.reconnect_max);
  v({.name = "max_connections",
     .kind = count,
     .min = 1,
     .max = 1000000,
     .help = "Connections of peers. Above it new ones are closed at once."},
    o.max_connections);
  v({.name = "max_message_octets",
     .kind = octets,
     .min = kib,
     .max = longest_message,
     .help = "The longest Diameter message that is taken. A longer one ends the connection."},
    o.max_message_octets);
  v({.name = "max_in_flight",
     .kind = count,
     .min = 1,
     .max = 16777216,
     .help = "Unanswered requests per peer. Above it other peers are tried, then 3004 is given."},
    o.max_in_flight);
  v({.name = "output_queue_octets",
     .kind = octets,
     .min = 4 * kib,
     .max = gib,
     .help = "Octets that wait to be sent, per peer. Above it requests are refused with 3004, and "
             "reading from those who send them stops until half is gone."},
    o.output_queue_octets);
  v({.name = "validate_messages",
     .kind = choice,
     .help = "How much of a received message is checked: `structure` (header, AVP headers, "
             "lengths), or `grammar` (also the command's grammar: missing, excess and unknown "
             "mandatory AVPs).",
     .choices = message_validation_names},
    o.validate_messages);
}

template <class V>
void describe(V& v, route_peer& o) {
  using enum option_kind;
  v({.name = "host",
     .kind = identity,
     .help = "A peer's Origin-Host.",
     .sample = R"("ocs.example")",
     .required = true},
    o.host);
  v({.name = "priority",
     .kind = count,
     .help = "The lowest number with a peer that can deliver is used.",
     .live = true},
    o.priority);
  v({.name = "weight",
     .kind = count,
     .max = 65535,
     .help = "Share within its priority. 0: only where the others cannot deliver.",
     .live = true},
    o.weight);
}

template <class V>
void describe(V& v, realm_route& o) {
  using enum option_kind;
  v({.name = "realm",
     .kind = identity,
     .help = "Destination-Realm; letter case does not matter.",
     .sample = R"("example")",
     .required = true},
    o.realm);
  v({.name = "application",
     .kind = any_application,
     .help = "Number or name of the application; \"*\": any that has no route of its own."},
    o.application);
  v({.name = "peers", .kind = list, .min = 1, .max = 4096, .help = "Who serves it."}, o.peers);
}

template <class V>
void describe(V& v, routing_options& o) {
  using enum option_kind;
  v({.name = "realms",
     .kind = list,
     .max = 65536,
     .help = "The realm routing table (RFC 6733 §2.7). A realm that is not here is served by the "
             "peers that are in it.",
     .live = true},
    o.realms);
  v({.name = "default",
     .kind = list,
     .max = 4096,
     .help = "For requests that no realm's route takes. Empty: they are answered 3003.",
     .live = true},
    o.fallback);
}

template <class V>
void describe(V& v, dictionary_options& o) {
  v({.name = "files",
     .kind = option_kind::list,
     .max = 256,
     .help = "Your own dictionaries (.dia), read after those that are built in.",
     .sample = R"(["/etc/diamgw/acme.dia"])"},
    o.files);
}

template <class V>
void describe(V& v, websocket_options& o) {
  using enum option_kind;
  v({.name = "listen", .kind = list, .max = 64, .help = "Where clients connect."}, o.listen);
  v({.name = "path",
     .kind = path,
     .help = "The path of the upgrade request. Another one is answered 404."},
    o.path);
  v({.name = "allowed_origins",
     .kind = list,
     .max = 1024,
     .help = "Origins of web pages that may connect; others are answered 403. Clients that send no "
             "Origin are not browsers and may. Empty: every origin may.",
     .sample = R"(["https://console.example"])"},
    o.allowed_origins);
  v({.name = "max_message_octets",
     .kind = octets,
     .min = kib,
     .max = 64 * mib,
     .help = "The longest message from a client, all fragments together. A longer one closes with "
             "1009."},
    o.max_message_octets);
  v({.name = "max_clients",
     .kind = count,
     .min = 1,
     .max = 10000000,
     .help = "Clients connected. Above it an upgrade is answered 503."},
    o.max_clients);
  v({.name = "output_queue_octets",
     .kind = octets,
     .min = 4 * kib,
     .max = gib,
     .help = "Octets that wait to be sent, per client. Above it reading from that client stops "
             "until half is gone."},
    o.output_queue_octets);
  v({.name = "max_requests_in_flight",
     .kind = count,
     .min = 1,
     .max = 1000000,
     .help = "Unanswered requests per client. Above it reading from that client stops."},
    o.max_requests_in_flight);
  v({.name = "max_bindings_per_client",
     .kind = count,
     .min = 1,
     .max = 16777216,
     .help = "Sessions bound to one client. Above it its oldest binding goes."},
    o.max_bindings_per_client);
  v({.name = "upgrade_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For a new connection to send its upgrade request."},
    o.upgrade_timeout);
  v({.name = "ping_interval",
     .kind = duration,
     .max = hour_ms,
     .help = "So long without a frame from a client, and a ping is sent. 0s: never."},
    o.ping_interval);
  v({.name = "pong_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For anything to arrive after a ping. Then the client counts as gone."},
    o.pong_timeout);
  v({.name = "close_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "For the client's close frame to arrive after ours."},
    o.close_timeout);
  v({.name = "slow_reader_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "So long with a full output queue and nothing taken, and the client is closed."},
    o.slow_reader_timeout);
}

template <class V>
void describe(V& v, request_options& o) {
  using enum option_kind;
  v({.name = "timeout",
     .kind = duration,
     .min = 1,
     .max = hour_ms,
     .help = "For a request of a client that sets no deadline of its own.",
     .live = true},
    o.timeout);
  v({.name = "max_timeout",
     .kind = duration,
     .min = 1,
     .max = hour_ms,
     .help = "The longest deadline that a client may set. A longer one is cut to it.",
     .live = true},
    o.max_timeout);
  v({.name = "client_answer_timeout",
     .kind = duration,
     .min = 1,
     .max = hour_ms,
     .help = "For a client to answer a peer's request. Then the peer is answered 3002.",
     .live = true},
    o.client_answer_timeout);
  v({.name = "max_bindings",
     .kind = count,
     .min = 1,
     .max = 100000000,
     .help = "Sessions bound to clients, of all clients. Above it the oldest binding goes."},
    o.max_bindings);
  v({.name = "max_batch",
     .kind = count,
     .min = 1,
     .max = 65536,
     .help = "Requests in one JSON-RPC batch. A longer batch is refused whole."},
    o.max_batch);
  v({.name = "max_json_depth",
     .kind = count,
     .min = 4,
     .max = 64,
     .help = "Nesting of a client's JSON. A deeper text is refused."},
    o.max_json_depth);
}

template <class V>
void describe(V& v, admin_options& o) {
  v({.name = "listen",
     .kind = option_kind::object,
     .help = "Where /metrics, /healthz and /readyz are served, over HTTP. null: nowhere."},
    o.listen);
}

template <class V>
void describe(V& v, metrics_options& o) {
  using enum option_kind;
  v({.name = "max_peers",
     .kind = count,
     .min = 1,
     .max = 65536,
     .help = "Peers with label values of their own. Those above it count as \"other\"."},
    o.max_peers);
  v({.name = "max_commands",
     .kind = count,
     .min = 1,
     .max = 65536,
     .help = "Pairs of application and command with label values of their own; likewise."},
    o.max_commands);
}

template <class V>
void describe(V& v, log_options& o) {
  using enum option_kind;
  v({.name = "level",
     .kind = choice,
     .help = "What is logged: this and all that is graver.",
     .choices = log_level_names,
     .live = true},
    o.level);
  v({.name = "format",
     .kind = choice,
     .help = "Lines for people, or a JSON object a line.",
     .choices = log_format_names},
    o.format);
}

template <class V>
void describe(V& v, drain_options& o) {
  using enum option_kind;
  v({.name = "timeout",
     .kind = duration,
     .max = hour_ms,
     .help = "From SIGTERM until everything is closed, whatever is still in flight.",
     .live = true},
    o.timeout);
  v({.name = "client_spread",
     .kind = duration,
     .max = hour_ms,
     .help = "Clients are closed one by one over this time, so that they do not all come back at "
             "once.",
     .live = true},
    o.client_spread);
}

template <class V>
void describe(V& v, options& o) {
  using enum option_kind;
  v({.name = "node", .help = "Who we are: the AVPs of our CER and CEA."}, o.node);
  v({.name = "shards",
     .kind = count,
     .max = 1024,
     .help = "Threads, each with connections of its own. 0: one per core."},
    o.shards);
  v({.name = "diameter", .help = "Connections to peers."}, o.diameter);
  v({.name = "routing",
     .help = "Which peer gets a request: by Destination-Host where it is a peer, else by "
             "Destination-Realm and application, else by default.",
     .live = true},
    o.routing);
  v({.name = "dictionary", .help = "Names and types of commands and AVPs."}, o.dictionary);
  v({.name = "websocket", .help = "Connections of clients."}, o.websocket);
  v({.name = "requests", .help = "Requests, either way."}, o.requests);
  v({.name = "admin", .help = "The operator's HTTP listener."}, o.admin);
  v({.name = "metrics", .help = "Bounds of what /metrics shows."}, o.metrics);
  v({.name = "log", .help = "The log, on standard error."}, o.log);
  v({.name = "drain", .help = "The orderly end, on SIGTERM."}, o.drain);
}

}  // namespace diamgw::config
