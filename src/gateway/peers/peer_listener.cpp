#include "diamgw/gateway/peers/peer_listener.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/codec/values.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/transport/deadline.hpp"
#include "gateway/peers/local_addresses.hpp"
#include "gateway/peers/node_context.hpp"
#include "gateway/peers/peer.hpp"

namespace diamgw::gateway {
namespace {

/// What a stranger may send before its CER is whole: a CER is far smaller.
constexpr std::size_t max_cer_octets = 16384;

}  // namespace

peer_listener::peer_listener(peer_table& peers, std::vector<shard_context*> shards)
    : peers_{peers}, shards_{std::move(shards)} {}

peer_listener::~peer_listener() = default;

result<void, std::string> peer_listener::listen() {
  transport::shard_group& group = shards_.front()->shard.group();
  const config::diameter_options& d = peers_.node().configuration;
  for (const config::endpoint& where : d.listen) {
    transport::listener_options o;
    o.address = where.address;
    o.port = where.port;
    o.limit_connections = d.max_connections;
    o.tcp.no_delay = d.tcp_no_delay;
    auto opened = transport::listener::open(
        group, o, [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          accept(*shards_[on.index()], std::move(connection));
        });
    if (!opened) {
      return "cannot listen for Diameter on " + where.address + ":" + std::to_string(where.port) +
             ": " + opened.error().message();
    }
    listeners_.push_back(std::move(*opened));
  }
  return {};
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
  transport::deadline limit{on.shard, [&from] { from.close(); }};
  limit.arm_after(peers_.node().configuration.capabilities_timeout);
  std::vector<std::byte> octets;
  std::size_t whole = diameter::header_octets;  // of the first message, as far as it is known
  while (octets.size() < whole) {
    const std::size_t used = octets.size();
    octets.resize(std::max(whole, used + 2048));
    const mutable_bytes room = mutable_bytes{octets}.subspan(used);
    const transport::io_result got = co_await from.read(room);
    octets.resize(used + got.octets);
    if (got.error) {
      co_return;
    }
    if (octets.size() >= diameter::header_octets) {
      whole = load_be24(octets.data() + 1);
      if (load_u8(octets.data()) != 1 || whole < diameter::header_octets ||
          whole > max_cer_octets) {
        break;
      }
    }
  }
  limit.disarm();
  const auto first = octets.size() < whole
                         ? decltype(diameter::check_message(octets)){diameter::decode_error{}}
                         : diameter::check_message(bytes_view{octets}.first(whole));
  if (!first || !first->is_request() ||
      first->command() != diameter::commands::capabilities_exchange) {
    on.recorder.malformed_messages.add(metrics::malformed_from::peer);
    on.strangers.warn("{}: the first message is no CER: connection closed", from.remote_endpoint());
    co_return;
  }
  if (stopping_.load(std::memory_order_relaxed)) {
    co_return;  // nobody would send it a DPR
  }
  if (peer* known = peers_.find_or_add(*first)) {
    hand_over(on, *known, std::move(connection), std::move(octets));
    co_return;
  }
  on.strangers.warn("{}: CER from unknown peer '{}' refused", from.remote_endpoint(),
                    printable(diameter::find_origin_host(*first)));
  co_await refuse(on, from, *first);
}

transport::awaitable<void> peer_listener::refuse(shard_context& on, transport::stream& connection,
                                                 const diameter::message_view& cer) {
  std::array<std::byte, 4096> room;  // NOLINT(*-member-init): written before it is read
  diameter::writer out{room};
  const auto addresses = local_addresses(connection);
  const bytes_view cea = diameter::encode_cea(out, peers_.node().identity, addresses,
                                              diameter::ids_of(cer), diameter::unknown_peer());
  const std::array<bytes_view, 1> views{cea};
  co_await connection.write(views);
  connection.shutdown_send();
  // Let the CEA arrive: closing on unread octets would reset the connection in front of it.
  transport::deadline limit{on.shard, [&connection] { connection.close(); }};
  limit.arm_after(std::chrono::seconds{2});
  while (true) {
    const transport::io_result rest = co_await connection.read(room);
    if (rest.error) {
      co_return;
    }
  }
}

// A peer's two possible connections meet on its home shard, whichever shard accepted.
void peer_listener::hand_over(shard_context& from, peer& to,
                              std::unique_ptr<transport::stream> connection,
                              std::vector<std::byte> octets) {
  const std::string remote = connection->remote_endpoint();
  struct accepted {
    std::unique_ptr<transport::detached_stream> connection;
    std::vector<std::byte> octets;
  };
  auto sent = std::make_unique<accepted>();
  sent->connection = connection->detach();
  sent->octets = std::move(octets);
  if (sent->connection == nullptr || !to.home().shard.post([&to, p = std::move(sent)]() mutable {
        if (auto attached = p->connection->attach(to.home().shard)) {
          to.accept(std::move(attached), p->octets);
        }
      })) {
    from.log.error("peer {}: connection from {} cannot be moved to its shard", to.host(), remote);
  }
}

}  // namespace diamgw::gateway
