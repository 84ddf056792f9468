// The option table's rows of the node, its peers and its routes; see describe.hpp.
#pragma once
#include <array>

#include "config/option_node.hpp"

namespace diamgw::config {

inline constexpr std::uint64_t second_ms = 1000;
inline constexpr std::uint64_t hour_ms = 3600 * second_ms;
inline constexpr std::uint64_t gib = 1024 * mib;
/// The largest length that a Diameter header can say and that is a multiple of 4 (RFC 6733 §3).
inline constexpr std::uint64_t longest_message = 0xfffffcU;

template <class V>
void describe(V& v, endpoint& o) {
  using enum option_kind;
  v({.name = "address",
     .kind = host,
     .help = "IPv4 or IPv6 address, or the name of a host (RFC 1123 §2.1). To connect, a name is "
             "looked up anew at each attempt, and its addresses are tried in their order. To "
             "listen, it is looked up at the start, and each address of this host that it has is "
             "used.",
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
     .element = address,
     .max = 64,
     .help = "Our Host-IP-Address AVPs (§5.3.5). Empty: the local addresses of the connection.",
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

constexpr auto names_of(message_validation /*option*/) {
  return std::to_array<std::string_view>({"structure", "grammar"});
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
     .help =
         "Accept a peer that is not in `peers` when it connects, while `max_connections` leaves "
         "one for each of `peers`. Else it is answered 3010 and closed."},
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
  v({.name = "reconnect_after_leave",
     .kind = duration,
     .max = 24 * hour_ms,
     .help = "After a DPR with BUSY or DO_NOT_WANT_TO_TALK_TO_YOU (§5.4.3): the wait before we "
             "connect again where no request needs the peer, which is a reason to do so at once "
             "(§5.4). 0s: only then."},
    o.reconnect_after_leave);
  v({.name = "reopen_watchdog_answers",
     .kind = count,
     .max = 100,
     .help = "Watchdog answers that a peer gives before it serves again, once a connection of its "
             "was lost (RFC 3539 §3.4.1, state REOPEN: 3, one each watchdog_interval but the "
             "first). 0: it serves at once."},
    o.reopen_watchdog_answers);
  v({.name = "second_connection_timeout",
     .kind = duration,
     .min = 10,
     .max = hour_ms,
     .help = "When a peer connects while its connection is open, it is refused (§5.6), and a DWR "
             "is sent on that connection, which ends where nothing comes within this time: the "
             "peer's next attempt is taken."},
    o.second_connection_timeout);
  v({.name = "max_connections",
     .kind = count,
     .min = 1,
     .max = 1000000,
     .help = "Connections that peers open. As many again may be there whose CER has not come: then "
             "the one that has waited longest is closed. A few above both, new ones are closed at "
             "once."},
    o.max_connections);
  v({.name = "max_message_octets",
     .kind = octets,
     .min = kib,
     .max = longest_message,
     .help = "The longest Diameter message that is taken. A longer one is passed over: "
             "a request is answered 5012, an answer ends its request with `too_large`."},
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
     .help = "Octets that wait to be sent, per peer. Above it requests are refused with 3004, "
             "and answers are dropped and counted."},
    o.output_queue_octets);
  v({.name = "validate_messages",
     .kind = choice,
     .help = "How much of a received message is checked: `structure` (header, AVP headers, "
             "lengths), or `grammar` (also the command's grammar: missing, excess and unknown "
             "mandatory AVPs)."},
    o.validate_messages);
  v({.name = "match_answer_command",
     .kind = flag,
     .help = "Whether a peer's answer of another command than its request's ends the request with "
             "`malformed_answer`. It is counted in any case."},
    o.match_answer_command);
  v({.name = "match_answer_session",
     .kind = flag,
     .help = "Whether a peer's answer with another Session-Id than its request's ends the request "
             "with `malformed_answer`. It is counted in any case."},
    o.match_answer_session);
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

}  // namespace diamgw::config
