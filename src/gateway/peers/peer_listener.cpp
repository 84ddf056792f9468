#include "diamgw/gateway/peers/peer_listener.hpp"

#include <array>
#include <utility>

#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/first_message.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/listener_watch.hpp"
#include "diamgw/transport/deadline.hpp"
#include "gateway/peers/encode_message.hpp"
#include "gateway/peers/ending_fields.hpp"
#include "gateway/peers/local_addresses.hpp"
#include "gateway/peers/newcomers.hpp"
#include "gateway/peers/node_context.hpp"
#include "gateway/peers/peer.hpp"

namespace diamgw::gateway {
namespace {

/// How long a refused connection may take to be closed by the other side.
constexpr duration refused_linger = std::chrono::seconds{2};

/// So many above those that may stay are let in, since who comes when all is taken makes another
/// give way, which takes a turn.
constexpr std::size_t spare_connections = 16;

/// Counts a connection that never became a known peer's; its ending, completed, for the log.
diameter::ending note_stranger(shard_context& on, const transport::stream& from,
                               diameter::ending why) {
  why.on = diameter::connection::responder;
  why.address = to_string(from.remote());
  on.recorder.peer_disconnected(metrics::other_peer, why.reason);
  return why;
}

void tell_of_stranger(shard_context& on, newcomers::entry& who, diameter::ending why) {
  who.told = true;
  why = note_stranger(on, who.connection, std::move(why));
  on.strangers.warn(fields_of(why), "connection refused: {}", to_sentence(why));
}

disconnect_reason reason_of(diameter::no_cer what) {
  return what == diameter::no_cer::other_message ? disconnect_reason::unexpected_message
                                                 : disconnect_reason::malformed_message;
}

diameter::ending ending_of(disconnect_reason reason, std::string_view detail) {
  diameter::ending why{.reason = reason};
  why.detail = detail;
  return why;
}

/// It ended by itself. Whoever says nothing, as a load balancer does that looks whether the port is
/// there, is no reason for a warning.
void tell_of_lost_stranger(shard_context& on, newcomers::entry& who, bool said_something,
                           error_code error) {
  who.told = true;
  const std::string detail =
      (said_something ? "before its CER was whole: " : "before it said anything: ") +
      error.message();
  const diameter::ending why =
      note_stranger(on, who.connection, ending_of(disconnect_reason::connection_lost, detail));
  if (said_something) {
    on.strangers.warn(fields_of(why), "connection ended: {}", to_sentence(why));
  } else {
    on.strangers.info(fields_of(why), "connection ended: {}", to_sentence(why));
  }
}

/// Its place is another's now.
void give_way(shard_context& on, newcomers::entry& who) {
  if (!who.told) {
    tell_of_stranger(on, who,
                     ending_of(disconnect_reason::capabilities_timeout,
                               "no CER came before the place was another's: "
                               "diameter.max_connections wait to say theirs"));
  }
  who.connection.close();
}

}  // namespace

peer_listener::peer_listener(peer_table& peers, std::vector<shard_context*> shards)
    : peers_{peers},
      shards_{std::move(shards)},
      newcomers_{std::make_unique<const newcomers>(peers.node().configuration.max_connections,
                                                   shards_.size())} {}

peer_listener::~peer_listener() = default;

result<void, start_failure> peer_listener::listen(std::size_t keep_descriptors) {
  transport::shard_group& group = shards_.front()->shard.group();
  const config::diameter_options& d = peers_.node().configuration;
  for (const config::endpoint& configured : d.listen) {
    const transport::address at = make_address(configured);
    const std::string where = host_and_port_of(at);
    transport::listen_options o;
    // The peers', and as many whose CER has not come yet.
    o.limit_connections = std::size_t{d.max_connections} * 2 + spare_connections;
    o.keep_descriptors = keep_descriptors;
    o.on_event = watch_listener(
        metrics::listener_kind::diameter, where,
        [this](const transport::shard& on) -> shard_context& { return *shards_[on.index()]; });
    o.tcp.no_delay = d.tcp_no_delay;
    auto opened = transport::listen(
        group, at, o, [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          accept(*shards_[on.index()], std::move(connection));
        });
    if (!opened) {
      return cannot_listen(metrics::listener_kind::diameter, where, opened.error());
    }
    listeners_.push_back(std::move(*opened));
  }
  return {};
}

std::vector<transport::endpoint_address> peer_listener::addresses() const {
  std::vector<transport::endpoint_address> all;
  for (const auto& l : listeners_) {
    all.insert(all.end(), l->locals().begin(), l->locals().end());
  }
  return all;
}

std::vector<std::uint16_t> peer_listener::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& l : listeners_) {
    ports.push_back(l->port());
  }
  return ports;
}

void peer_listener::stop() {
  stopping_.store(true, std::memory_order_relaxed);
  for (auto& l : listeners_) {
    l->stop();
  }
}

void peer_listener::accept(shard_context& on, std::unique_ptr<transport::stream> connection) {
  transport::spawn(on.shard, receive_cer(on, std::move(connection)), "waiting for a CER");
}

transport::awaitable<void> peer_listener::receive_cer(
    shard_context& on, std::unique_ptr<transport::stream> connection) {
  transport::stream& from = *connection;
  newcomers::entry here{*newcomers_, on.shard.index(), from};
  if (newcomers::entry* const last = here.find_who_gives_way()) {
    give_way(on, *last);
    if (last == &here) {
      co_return;
    }
  }
  transport::deadline limit{
      on.shard, [&on, &here] {
        tell_of_stranger(on, here,
                         ending_of(disconnect_reason::capabilities_timeout, "no CER came in time"));
        here.connection.close();
      }};
  limit.arm_after(peers_.node().configuration.capabilities_timeout);
  diameter::first_message reader{on.pool(), peers_.node().configuration.max_message_octets};
  diameter::first_message::outcome first;
  bool said_something = false;
  while (std::holds_alternative<diameter::need_more>(first)) {
    const mutable_bytes room = reader.prepare();
    const transport::io_result got = co_await from.read(room);
    if (got.error) {
      if (!here.told) {
        tell_of_lost_stranger(on, here, said_something, got.error);
      }
      co_return;
    }
    said_something = true;
    reader.commit(got.octets);
    first = reader.next();
  }
  limit.disarm();
  if (const auto* refused = std::get_if<diameter::refused_stranger>(&first)) {
    on.recorder.malformed_messages.add(metrics::malformed_from::peer);
    tell_of_stranger(on, here,
                     ending_of(reason_of(refused->reason), diameter::to_sentence(refused->reason)));
    co_return;
  }
  if (const auto* broken = std::get_if<diameter::broken_cer>(&first)) {
    on.recorder.malformed_messages.add(metrics::malformed_from::peer);
    diameter::ending why{.reason = disconnect_reason::capabilities_rejected};
    why.code = static_cast<std::uint32_t>(diameter::to_result_code(broken->cer.error.code));
    why.detail = diameter::to_sentence(broken->cer.error.code);
    why.exchanged = true;
    why.came.host = broken->origin_host;
    why.ours = diameter::advertised_applications(peers_.identity());
    tell_of_stranger(on, here, std::move(why));
    buffer_slice cea = cea_to(on, from, *broken);
    co_await refuse(on, from, std::move(cea));
    co_return;
  }
  auto& whole = std::get<diameter::whole_cer>(first);
  if (stopping_.load(std::memory_order_relaxed)) {
    co_return;  // nobody would send it a DPR
  }
  peer_table::found_peer found = peers_.find_or_add(whole.cer.view, on.shard.now());
  if (found.claimed) {
    hand_over(on, std::move(found.claimed), std::move(connection), std::move(whole));
    co_return;
  }
  diameter::ending why = ending_of_exchange(disconnect_reason::capabilities_rejected,
                                            whole.cer.view, peers_.identity(), {});
  why.code = static_cast<std::uint32_t>(diameter::unknown_peer().code);
  why.detail = found.refused_because;
  tell_of_stranger(on, here, std::move(why));
  buffer_slice cea = cea_to(on, from, whole.cer);
  co_await refuse(on, from, std::move(cea));
}

buffer_slice peer_listener::cea_to(shard_context& on, const transport::stream& connection,
                                   const diameter::message& cer_of_unknown_peer) const {
  const auto addresses = local_addresses(connection);
  const auto kept = diameter::keep_for_answer(cer_of_unknown_peer.view);
  return encode_message(on, [&](diameter::writer& out) {
    return diameter::encode_cea(out, peers_.node().identity, addresses, kept,
                                diameter::unknown_peer());
  });
}

buffer_slice peer_listener::cea_to(shard_context& on, const transport::stream& connection,
                                   const diameter::broken_cer& broken) const {
  const diameter::message_view& cer = broken.cer.view;
  const diameter::decode_error& error = broken.cer.error;
  const auto addresses = local_addresses(connection);
  const auto kept = diameter::keep_for_answer(diameter::header_of(cer),
                                              diameter::sound_avps(cer.octets(), error));
  const auto fault = diameter::to_violation(cer.octets(), error, &peers_.dictionary_of(on));
  return encode_message(on, [&](diameter::writer& out) {
    return diameter::encode_cea(out, peers_.node().identity, addresses, kept, fault);
  });
}

// RFC 6733 §5.3: the CEA, and the end of the connection.
transport::awaitable<void> peer_listener::refuse(shard_context& on, transport::stream& connection,
                                                 buffer_slice cea) {
  std::array<std::byte, 1024> room;  // NOLINT(*-member-init): what it reads is thrown away
  const std::array<bytes_view, 1> views{cea.octets};
  transport::deadline limit{on.shard, [&connection] { connection.close(); }};
  limit.arm_after(refused_linger);
  const transport::io_result written = co_await connection.write(views);
  if (written.error) {
    co_return;
  }
  connection.shutdown_send();
  // Let the CEA arrive: closing on unread octets would reset the connection before it.
  while (true) {
    const transport::io_result rest = co_await connection.read(room);
    if (rest.error) {
      co_return;
    }
  }
}

/// A connection on its way to its peer's shard.
struct peer_listener::accepted {
  std::unique_ptr<transport::detached_stream> connection;
  diameter::message cer;
  bytes_view rest;  // beside the CER in its slab
  std::shared_ptr<peer> to;
  std::string remote;
};

void peer_listener::attach(std::unique_ptr<accepted> a) {
  shard_context& home = a->to->home();
  if (auto attached = a->connection->attach(home.shard)) {
    a->to->accept(std::move(attached), a->cer, a->rest);
    return;
  }
  home.recorder.peer_disconnected(a->to->slot(), disconnect_reason::connection_lost);
  home.strangers.error({{log_key::peer, a->to->host()}, {log_key::address, a->remote}},
                       "peer {}: connection from {} cannot be taken by its shard", a->to->host(),
                       a->remote);
}

// A peer's two possible connections meet on its home shard, whichever shard accepted.
void peer_listener::hand_over(shard_context& from, std::shared_ptr<peer> to,
                              std::unique_ptr<transport::stream> connection,
                              diameter::whole_cer first) {
  const std::string remote = to_string(connection->remote());
  const std::string host = printable(first.origin_host);
  const std::vector<log_field> fields{{log_key::peer, host}, {log_key::address, remote}};
  shard_context& home = to->home();
  auto sent = std::make_unique<accepted>(
      accepted{connection->detach(), std::move(first.cer), first.rest, std::move(to), remote});
  if (sent->connection == nullptr) {
    from.recorder.peer_disconnected(metrics::other_peer, disconnect_reason::connection_lost);
    from.strangers.error(fields, "peer {}: connection from {} has ended on its way to its shard",
                         host, remote);
    return;
  }
  if (!home.shard.post([a = std::move(sent)]() mutable { attach(std::move(a)); })) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
    from.recorder.peer_disconnected(metrics::other_peer, disconnect_reason::other);
    from.strangers.error(fields, "peer {}: connection from {} cannot be moved to its shard", host,
                         remote);
  }
}

}  // namespace diamgw::gateway
