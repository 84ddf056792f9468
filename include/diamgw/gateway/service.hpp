// The gateway as one object: shards, Diameter node, WebSocket listeners, metrics, admin listener.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/event_log.hpp"
#include "diamgw/gateway/start_failure.hpp"
#include "diamgw/metrics/catalogue.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::gateway {

/// Built, started, drained and destroyed by one thread that is no shard's.
class service {
 public:
  /// `o` must be what config::load and resolve_applications accepted; `log` outlives the gateway.
  service(config::options o, std::shared_ptr<const dictionary::dictionary> names, event_log& log);
  /// On shards that the caller has made and runs itself, in whatever time and network they have;
  /// `o.shards` does not count.
  service(config::options o, std::shared_ptr<const dictionary::dictionary> names, event_log& log,
          std::unique_ptr<transport::shard_group> shards);
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  /// Ends everything at once, unless `drain` has ended it before.
  ~service();

  /// Binds all listeners, then starts the shards and connects to peers.
  [[nodiscard]] result<void, start_failure> start();

  /// Stops accepting, refuses new requests, waits for those in flight, closes clients with 1001
  /// spread over time, leaves the peers by DPR; then returns. At most `drain.timeout`, of which
  /// requests get what closing the clients leaves, but half of it at least; then they end with
  /// `draining`. True where nothing was cut off.
  bool drain();

  /// From now on new requests go by this dictionary; those in flight end by the one that they began
  /// with. Returns once every shard has it, and frees those that nothing uses any more: that is
  /// done here, and never on a shard's thread. After start, before drain.
  /// errors: a shard did not come to it in time: a sentence; the others have the new dictionary
  [[nodiscard]] result<void, std::string> use_dictionary(
      std::shared_ptr<const dictionary::dictionary> names);
  /// Connects at once to every peer that has no connection and waits for its next attempt, or has
  /// left. After start. Any thread.
  void retry_peers();
  /// From now on /api/v1 wants this token (see admin_access.hpp); empty: none. `start` has taken
  /// that of `admin.token_file`. Any thread.
  void use_admin_token(std::string token);
  /// For diamgw_config_reloads_total. Any thread.
  void count_reload(metrics::reload_result result) noexcept;

  struct endpoints {
    std::vector<std::uint16_t> diameter;
    std::vector<std::uint16_t> websocket;
    std::uint16_t admin = 0;  // 0: off
  };
  /// The ports that the listeners got. After start.
  [[nodiscard]] endpoints ports() const;

  struct listening {
    metrics::listener_kind kind;
    std::string address;  // "127.0.0.1:3868", the port being the real one
  };
  /// All listeners, in the order of their kinds. After start.
  [[nodiscard]] std::vector<listening> listeners() const;

 private:
  struct composition;
  bool runs_shards_;  // by a thread for each
  std::unique_ptr<composition> all_;
};

}  // namespace diamgw::gateway
