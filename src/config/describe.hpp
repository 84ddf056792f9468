// The option table: name, kind, range and meaning of every option, once.
//
// Rules for editors: a new option is a member in options.hpp and a row here; a new enumeration,
// also a `names_of` beside its row, with the names of its values in their order; a list of anything
// but objects, also an `.element`. Then run config_test with DIAMGW_UPDATE_GOLDEN=1, which writes
// the example, the schema and docs/configuration.md anew. What concerns two options at once is in
// check.cpp.
#pragma once
#include "config/describe_diameter.hpp"

namespace diamgw::config {

template <class V>
void describe(V& v, dictionary_options& o) {
  v({.name = "files",
     .kind = option_kind::list,
     .element = option_kind::file,
     .max = 256,
     .help =
         "Your own dictionaries, beside those that are built in: .dia files, and folders, whose "
         "*.dia are all read. Relative to the folder of this file. Read again at SIGHUP.",
     .sample = R"(["acme.dia", "/etc/diamgw/dictionaries"])",
     .live = true},
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
     .element = origin,
     .max = 1024,
     .help = "Origins of web pages that may connect, or \"*\" for all; others are answered 403. "
             "Clients that send no Origin are not browsers and may, and so may pages of the "
             "gateway's own origin (see hosts).",
     .sample = R"(["https://console.example"])"},
    o.allowed_origins);
  v({.name = "hosts",
     .kind = list,
     .element = identity,
     .max = 64,
     .help =
         "Names of this gateway, as browsers know it. Where a request's Host is one of them, or a "
         "literal address, web pages of the same origin may connect. With any name they could "
         "not be told from pages whose owner points his own name at this host."},
    o.hosts);
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
     .help =
         "Octets that wait to be sent, per client. At half of it reading from that client stops "
         "until a quarter is left; above it the client is disconnected."},
    o.output_queue_octets);
  v({.name = "max_requests_in_flight",
     .kind = count,
     .min = 1,
     .max = 1000000,
     .help = "Unanswered requests per client. At it reading from that client stops until half are "
             "answered."},
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
     .help = "A client that takes nothing of what is being written for so long is disconnected."},
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
     .help = "Where the pages that docs/operations.md names are served, over HTTP. null: nowhere."},
    o.listen);
  v({.name = "token_file",
     .kind = option_kind::file,
     .help =
         "A file with the bearer token that /api/v1 wants. null: /api/v1 is for clients on this "
         "host alone, and for others 403. Relative to the folder of this file. Read again at "
         "SIGHUP.",
     .sample = R"("/run/secrets/diamgw-admin")"},
    o.token_file);
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

constexpr auto names_of(log_level /*option*/) {
  return std::to_array<std::string_view>({"trace", "debug", "info", "warning", "error", "off"});
}

constexpr auto names_of(log_format /*option*/) {
  return std::to_array<std::string_view>({"text", "json"});
}

template <class V>
void describe(V& v, log_options& o) {
  using enum option_kind;
  v({.name = "level",
     .kind = choice,
     .help = "What is logged: this and all that is graver.",
     .live = true},
    o.level);
  v({.name = "session_ids",
     .kind = flag,
     .help = "Whether lines about a request have its Session-Id, in the field \"session\". It may "
             "tell who somebody is."},
    o.session_ids);
  v({.name = "queue_octets",
     .kind = octets,
     .min = 4 * kib,
     .max = 1024 * mib,
     .help = "Of lines that wait until standard error takes them. More are dropped, and counted in "
             "diamgw_log_lines_dropped_total."},
    o.queue_octets);
  v({.name = "format", .kind = choice, .help = "Lines for people, or a JSON object a line."},
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
