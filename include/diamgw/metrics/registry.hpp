// All recorders of a process, the names behind their slots, and the scrape that merges them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/metrics/catalogue.hpp"
#include "diamgw/metrics/process_statistics.hpp"
#include "diamgw/metrics/recorder.hpp"

namespace diamgw::metrics {

/// A command as its labels name it; from the dictionary.
struct command_label {
  application_id application;
  command_code code;
  std::string application_name;  // e.g. "Diameter Credit Control"
  std::string command_name;      // e.g. "Credit-Control"
};

struct build_information {
  std::string version;
  std::string compiler;
  std::string build_type;
};

class registry {
 public:
  struct options {
    std::size_t shards = 1;
    std::size_t max_peers = 1024;     // above: counted under peer="other"
    std::size_t max_commands = 1024;  // above: application="other", command="other"
    std::size_t spare_commands = 64;  // of those, slots for `add_commands`
    std::vector<command_label> commands;
    build_information build;
    /// Of the log, since the start; any thread. Empty: none are ever dropped.
    std::function<std::uint64_t()> log_lines_dropped{};
  };

  explicit registry(options o);
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;
  ~registry();

  /// The recorder of one shard; lives as long as the registry. Its thread alone writes to it.
  [[nodiscard]] recorder& shard(std::size_t index) noexcept;
  [[nodiscard]] std::size_t shards() const noexcept;

  /// The slot of a pair of application and command. Cost: one look-up, no allocation. Any thread.
  [[nodiscard]] command_slot find_command(application_id application,
                                          command_code code) const noexcept;

  /// Gives slots to the pairs that have none, while there are spare ones; the others count as
  /// "other". A pair keeps the names that it had first, since counters may not change theirs. May
  /// lock and allocate; one thread at a time, any.
  void add_commands(const std::vector<command_label>& commands);

  /// The slot of a peer, a free one where `host` has none; `other_peer` above the limit. May lock
  /// and allocate: not for each message.
  [[nodiscard]] peer_slot register_peer(std::string_view host);
  /// The peer's series end, and its slot is free: for peers that were not configured, so that there
  /// are never more of them than are known. Its home shard has called recorder::forget_peer, and no
  /// shard records anything under this slot any more. Nothing happens to `other_peer`.
  void release_peer(peer_slot peer) noexcept;

  /// The state that diameter_peer_state shows. Called by whoever owns the peer; any thread, no
  /// lock.
  void set_peer_state(peer_slot peer, peer_state state) noexcept;
  [[nodiscard]] peer_state state_of(peer_slot peer) const noexcept;

  /// Any thread.
  void count_reload(reload_result result) noexcept;

  /// Pools whose statistics are added up in the scrape. `remove_pool` before the pool goes.
  void add_pool(const buffer_pool& pool);
  void remove_pool(const buffer_pool& pool) noexcept;

  /// Everything in Prometheus' text format (version 0.0.4). Any thread; locks out only
  /// `register_peer`, `release_peer`, `add_commands` and the pools' calls, never a recorder.
  [[nodiscard]] std::string scrape(const process_statistics& process) const;

  // For the drain, which looks often. Any thread.
  /// Over all shards. Cost: a load for each of them.
  [[nodiscard]] std::int64_t clients_connected() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// Value of the Content-Type header of what `scrape` gives.
inline constexpr std::string_view scrape_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace diamgw::metrics
