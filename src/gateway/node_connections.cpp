// Connections that others open: from a stranger's first octets to the peer that it is.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/codec/values.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/gateway/node.hpp"
#include "diamgw/transport/deadline.hpp"

namespace diamgw::gateway {
namespace {

/// What a stranger may send before its CER is whole: a CER is far smaller.
constexpr std::size_t max_cer_octets = 16384;

}  // namespace

transport::awaitable<void> node::receive_cer(transport::shard& on,
                                             std::unique_ptr<transport::stream> connection) {
  shard_context& here = *shards_[on.index()];
  transport::stream& from = *connection;
  transport::deadline limit{on.context(), [&from] { from.close(); }};
  limit.arm_after(options_.diameter.capabilities_timeout);
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
    here.recorder.malformed_messages.add(metrics::malformed_from::peer);
    here.strangers.warn("{}: the first message is no CER: connection closed",
                        from.remote_endpoint());
    co_return;
  }
  if (stopping_.load(std::memory_order_relaxed)) {
    co_return;  // nobody would send it a DPR
  }
  if (peer* known = find_or_add(diameter::find_origin_host(*first), *first)) {
    hand_over(here, *known, std::move(connection), std::move(octets));
    co_return;
  }
  here.strangers.warn("{}: CER from unknown peer '{}' refused", from.remote_endpoint(),
                      printable(diameter::find_origin_host(*first)));
  co_await refuse_cer(here, from, *first);
}

transport::awaitable<void> node::refuse_cer(shard_context& on, transport::stream& connection,
                                            const diameter::message_view& cer) {
  std::array<std::byte, 4096> room;  // NOLINT(*-member-init): written before it is read
  diameter::writer out{room};
  const auto addresses = local_addresses(connection);
  const bytes_view cea = diameter::encode_cea(out, options_.identity, addresses,
                                              diameter::ids_of(cer), diameter::unknown_peer());
  const std::array<bytes_view, 1> views{cea};
  co_await connection.write(views);
  connection.shutdown_send();
  // Let the CEA arrive: closing on unread octets would reset the connection in front of it.
  transport::deadline limit{on.shard.context(), [&connection] { connection.close(); }};
  limit.arm_after(std::chrono::seconds{2});
  while (true) {
    const transport::io_result rest = co_await connection.read(room);
    if (rest.error) {
      co_return;
    }
  }
}

peer* node::find_or_add(std::string_view host, const diameter::message_view& cer) {
  if (host.empty() || host.size() > diameter::max_identity_octets) {
    return nullptr;
  }
  if (const auto index = find_peer(host); index != routing::no_peer) {
    return peers_[index].get();
  }
  // A stranger's name becomes a label and part of log lines: it must be one (RFC 6733 §4.3.1).
  if (!options_.diameter.accept_unknown_peers || !diameter::is_diameter_identity(host)) {
    return nullptr;
  }
  routing::peer_index index = routing::no_peer;
  {
    const std::lock_guard lock{adding_};
    if (const auto found = find_peer(host); found != routing::no_peer) {
      return peers_[found].get();  // another shard was faster
    }
    const std::size_t count = peer_count();
    if (count == peers_.size()) {
      return nullptr;
    }
    index = static_cast<routing::peer_index>(count);
    config::peer_options o;
    o.host = std::string{host};
    if (const auto realm = cer.find(diameter::avps::origin_realm)) {
      if (diameter::is_diameter_identity(as_text(realm->data))) {
        o.realm = std::string{as_text(realm->data)};
      }
    }
    peers_[index] =
        std::make_unique<peer>(*this, *shards_[count % shards_.size()], index, std::move(o));
    count_.store(count + 1, std::memory_order_release);
  }
  peer& fresh = *peers_[index];
  static_cast<void>(fresh.home().shard.post([&fresh] { fresh.start(); }));
  if (on_new_peer) {
    on_new_peer(index);
  }
  return &fresh;
}

// A peer's two possible connections meet on its home shard, whichever shard accepted.
void node::hand_over(shard_context& from, peer& to, std::unique_ptr<transport::stream> connection,
                     std::vector<std::byte> octets) {
  const std::string remote = connection->remote_endpoint();
  struct parcel {
    std::unique_ptr<transport::detached_stream> connection;
    std::vector<std::byte> octets;
  };
  auto sent = std::make_unique<parcel>();
  sent->connection = connection->detach();
  sent->octets = std::move(octets);
  if (sent->connection == nullptr || !to.home().shard.post([&to, p = std::move(sent)]() mutable {
        if (auto attached = p->connection->attach(to.home().shard)) {
          to.accept(std::move(attached), std::move(p->octets));
        }
      })) {
    from.log.error("peer {}: connection from {} cannot be moved to its shard", to.host(), remote);
  }
}

}  // namespace diamgw::gateway
