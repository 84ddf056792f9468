// Every option of the gateway, with its default. Plain values: who uses one says what it does.
//
// The names are those of the configuration file. Ranges, units and meaning of each are in
// config/diamgw.example.json, which is written from the same table that the loader reads by.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace diamgw::config {

using std::chrono::milliseconds;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

/// An application by number, or by name until `resolve_applications` has put its number in.
struct application_ref {
  std::uint32_t id = 0;
  std::string name;  // empty: given by number

  bool operator==(const application_ref&) const = default;
};

/// Where to listen or to connect: an IPv4 or IPv6 address in text or a host's name, and a port.
struct endpoint {
  std::string address;
  std::uint16_t port = 0;

  bool operator==(const endpoint&) const = default;
};

/// One application in our CER and CEA (RFC 6733 §5.3): either `auth` or `acct`; with a `vendor`
/// it goes into a Vendor-Specific-Application-Id (§6.11).
struct advertised_application {
  std::optional<application_ref> auth = std::nullopt;
  std::optional<application_ref> acct = std::nullopt;
  std::uint32_t vendor = 0;

  bool operator==(const advertised_application&) const = default;
};

/// Who we are: the AVPs of our CER and CEA.
struct node_options {
  std::string origin_host = "gateway.example";
  std::string origin_realm = "example";
  std::string product_name = "diamgw";
  std::uint32_t vendor_id = 0;
  std::uint32_t firmware_revision = 1;
  std::vector<std::string> host_ip_addresses;  // empty: the connection's local address
  std::vector<advertised_application> applications{{.auth = application_ref{.id = 4, .name = {}}}};

  bool operator==(const node_options&) const = default;
};

struct peer_options {
  std::string host;                               // its Origin-Host
  std::string realm;                              // its Origin-Realm
  std::optional<endpoint> connect;                // nothing: the peer connects to us
  std::optional<milliseconds> watchdog_interval;  // nothing: diameter.watchdog_interval

  bool operator==(const peer_options&) const = default;
};

/// How much of a received message is held against the dictionary before it is passed on.
enum class message_validation : std::uint8_t {
  structure,  // header, AVP headers and lengths
  grammar,    // also the command's grammar: missing, excess and unknown mandatory AVPs
};

struct diameter_options {
  std::vector<endpoint> listen{{.address = "0.0.0.0", .port = 3868}};
  std::vector<peer_options> peers;
  bool accept_unknown_peers = false;
  bool tcp_no_delay = true;
  milliseconds watchdog_interval = 30s;  // Tw of RFC 3539 §3.4.1, before jitter
  milliseconds watchdog_minimum = 6s;    // RFC 3539's least Tw; only test rigs lower it
  milliseconds connect_timeout = 10s;
  milliseconds capabilities_timeout = 10s;
  milliseconds disconnect_timeout = 5s;
  milliseconds reconnect_min = 1s;
  milliseconds reconnect_max = 30s;
  milliseconds reconnect_after_leave = 5min;  // after a DPR that wants no connection; 0: never
  std::uint32_t reopen_watchdog_answers = 3;  // RFC 3539 §3.4.1: DWAs until a peer serves again
  milliseconds second_connection_timeout = 3s;
  std::uint32_t max_connections = 1024;
  std::size_t max_message_octets = 64 * kib;
  std::uint32_t max_in_flight = 65536;  // unanswered requests per peer
  std::size_t output_queue_octets = 4 * mib;
  message_validation validate_messages = message_validation::grammar;
  bool match_answer_command = true;  // else an answer of another command is passed on
  bool match_answer_session = true;  // else one with another Session-Id is

  bool operator==(const diameter_options&) const = default;
};

/// A peer as one choice of a route.
struct route_peer {
  std::string host;
  std::uint32_t priority = 0;  // the lowest number that can deliver is used
  std::uint32_t weight = 1;    // share within its priority; 0: only where no other can

  bool operator==(const route_peer&) const = default;
};

struct realm_route {
  std::string realm;
  std::optional<application_ref> application;  // nothing ("*"): any application
  std::vector<route_peer> peers;

  bool operator==(const realm_route&) const = default;
};

struct routing_options {
  std::vector<realm_route> realms;
  std::vector<route_peer> fallback;  // "default" in the file: for realms with no route

  bool operator==(const routing_options&) const = default;
};

struct dictionary_options {
  std::vector<std::string> files;

  bool operator==(const dictionary_options&) const = default;
};

struct websocket_options {
  std::vector<endpoint> listen{{.address = "127.0.0.1", .port = 8080}};
  std::string path = "/";
  std::vector<std::string> allowed_origins;  // of web pages; "*": all
  std::vector<std::string> hosts{"localhost"};
  std::size_t max_message_octets = 64 * kib;
  std::uint32_t max_clients = 10000;
  std::size_t output_queue_octets = 1 * mib;
  std::uint32_t max_requests_in_flight = 1024;  // per client
  std::uint32_t max_bindings_per_client = 65536;
  milliseconds upgrade_timeout = 10s;
  milliseconds ping_interval = 30s;  // 0: no pings
  milliseconds pong_timeout = 10s;
  milliseconds close_timeout = 5s;
  milliseconds slow_reader_timeout = 30s;

  bool operator==(const websocket_options&) const = default;
};

struct request_options {
  milliseconds timeout = 10s;
  milliseconds max_timeout = 60s;
  milliseconds client_answer_timeout = 5s;
  std::uint32_t max_bindings = 1000000;
  std::uint32_t max_batch = 64;
  std::uint32_t max_json_depth = 40;

  bool operator==(const request_options&) const = default;
};

struct admin_options {
  std::optional<endpoint> listen = endpoint{.address = "127.0.0.1", .port = 9090};  // nothing: off
  std::optional<std::string> token_file = std::nullopt;  // nothing: /api/v1 for this host alone

  bool operator==(const admin_options&) const = default;
};

struct metrics_options {
  std::uint32_t max_peers = 1024;     // peers with label values of their own; others: "other"
  std::uint32_t max_commands = 1024;  // pairs of application and command, likewise

  bool operator==(const metrics_options&) const = default;
};

enum class log_level : std::uint8_t { trace, debug, info, warning, error, off };
enum class log_format : std::uint8_t { text, json };

struct log_options {
  log_level level = log_level::info;
  log_format format = log_format::text;
  bool session_ids = false;            // whether a line may have a Session-Id
  std::size_t queue_octets = 1 * mib;  // of lines that wait to be written

  bool operator==(const log_options&) const = default;
};

struct drain_options {
  milliseconds timeout = 30s;
  milliseconds client_spread = 5s;  // clients are closed one by one over this time

  bool operator==(const drain_options&) const = default;
};

struct options {
  node_options node;
  std::uint32_t shards = 0;  // 0: one per core
  diameter_options diameter;
  routing_options routing;
  dictionary_options dictionary;
  websocket_options websocket;
  request_options requests;
  admin_options admin;
  metrics_options metrics;
  log_options log;
  drain_options drain;

  bool operator==(const options&) const = default;
};

}  // namespace diamgw::config
