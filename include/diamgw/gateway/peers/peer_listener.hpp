// Connections that others open: from a stranger's first octets to the peer that it is.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/diameter/first_message.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/start_failure.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/network.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

class newcomers;

/// A connection is read on the shard that accepted it until its first message is whole; then it
/// moves, with the octets that came, to the home shard of the peer that its CER names. Bounds:
/// `diameter.max_connections` whose CER has not come, then the one that has waited longest gives
/// way, and as many of peers; for the first message `diameter.capabilities_timeout`, and 16 KiB or
/// `diameter.max_message_octets`, whichever is less. Then the connection is closed.
class peer_listener {
 public:
  /// `shards` by index, all of one group. The references outlive it.
  peer_listener(peer_table& peers, std::vector<shard_context*> shards);
  peer_listener(const peer_listener&) = delete;
  peer_listener& operator=(const peer_listener&) = delete;
  ~peer_listener();

  /// Binds the configured endpoints; the error names the one that failed.
  [[nodiscard]] result<void, start_failure> listen(std::size_t keep_descriptors = 0);
  /// Ports that the listeners got, in the order of the configuration.
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  /// Where it listens, the ports being the real ones. After listen.
  [[nodiscard]] std::vector<transport::endpoint_address> addresses() const;
  /// Nobody becomes a peer any more, not even by a connection that is there already. Any thread.
  void stop();

  /// A connection that was accepted on this shard, by its thread.
  void accept(shard_context& on, std::unique_ptr<transport::stream> connection);

 private:
  [[nodiscard]] transport::awaitable<void> receive_cer(
      shard_context& on, std::unique_ptr<transport::stream> connection);
  [[nodiscard]] buffer_slice cea_to(shard_context& on, const transport::stream& connection,
                                    const diameter::message& cer_of_unknown_peer) const;
  [[nodiscard]] buffer_slice cea_to(shard_context& on, const transport::stream& connection,
                                    const diameter::broken_cer& broken) const;
  [[nodiscard]] transport::awaitable<void> refuse(shard_context& on, transport::stream& connection,
                                                  buffer_slice cea);
  static void hand_over(shard_context& from, std::shared_ptr<peer> to,
                        std::unique_ptr<transport::stream> connection, diameter::whole_cer first);
  struct accepted;
  static void attach(std::unique_ptr<accepted> a);

  peer_table& peers_;
  std::vector<shard_context*> shards_;
  std::unique_ptr<const newcomers> newcomers_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<transport::listener>> listeners_;
};

}  // namespace diamgw::gateway
