// What one shard records; and the slots by which it names peers and commands.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/metrics/catalogue.hpp"
#include "diamgw/metrics/instruments.hpp"

namespace diamgw::metrics {

/// A peer's place in every recorder; `other_peer` for those above the registry's limit.
using peer_slot = std::uint32_t;
inline constexpr peer_slot other_peer = 0;

/// The place of a pair of application and command; `other_command` for those not in the catalogue.
using command_slot = std::uint32_t;
inline constexpr command_slot other_command = 0;

/// The counters of one command with one peer on one shard.
struct command_counters {
  counters<direction> requests;
  std::array<counters<result_class>, static_cast<std::size_t>(direction::count)> answers;
};

/// The counters of one peer on one shard.
struct peer_counters {
  gauge requests_in_flight;
  request_histogram latency;
  counter connects;
  counters<disconnect_reason> disconnects;
  counters<watchdog_event> watchdog;
  std::unique_ptr<command_counters[]> commands;  // by command_slot
};

/// The request latencies of one command on one shard, by flow.
using command_latencies =
    std::array<request_histogram, static_cast<std::size_t>(request_flow::count)>;

/// Written by one shard's thread only (but for `registry`, which adds rows); read by any thread.
/// No lock, no allocation: every row exists before its slot is given out.
class recorder {
 public:
  // Converting messages. Indexed by codec_path.
  std::array<codec_histogram, static_cast<std::size_t>(codec_path::count)> marshal;
  std::array<codec_histogram, static_cast<std::size_t>(codec_path::count)> unmarshal;
  counters<codec_path> marshal_bytes;
  counters<codec_path> unmarshal_bytes;

  // What the catalogue says that shards count.
#define DIAMGW_MEMBER(instrument, id, ...) instrument id;
#define DIAMGW_NONE(...)
  DIAMGW_METRICS(DIAMGW_MEMBER, DIAMGW_NONE)
#undef DIAMGW_MEMBER
#undef DIAMGW_NONE

  /// `octets` written in `took`.
  void marshalled(codec_path path, nanoseconds took, std::size_t octets) noexcept {
    marshal[static_cast<std::size_t>(path)].observe(took);
    marshal_bytes.add(path, octets);
  }
  void unmarshalled(codec_path path, nanoseconds took, std::size_t octets) noexcept {
    unmarshal[static_cast<std::size_t>(path)].observe(took);
    unmarshal_bytes.add(path, octets);
  }

  /// One Diameter request or answer exchanged with a peer. A slot out of range counts as "other".
  void request(peer_slot peer, command_slot command, direction way) noexcept {
    command_row(peer, command).requests.add(way);
  }
  void answer(peer_slot peer, command_slot command, direction way, result_class result) noexcept {
    command_row(peer, command).answers[static_cast<std::size_t>(way)].add(result);
  }

  /// A request that was answered, from its arrival at the gateway to its answer's departure.
  void request_took(request_flow flow, command_slot command, nanoseconds took) noexcept {
    latencies_[command < commands_ ? command : other_command][static_cast<std::size_t>(flow)]
        .observe(took);
  }

  /// Requests that wait for the answers of a peer; valid as long as this.
  [[nodiscard]] gauge& requests_in_flight(peer_slot peer) noexcept {
    return peer_row(peer).requests_in_flight;
  }
  /// From the departure of a request to the arrival of its answer.
  void peer_took(peer_slot peer, nanoseconds took) noexcept {
    peer_row(peer).latency.observe(took);
  }

  void peer_connected(peer_slot peer) noexcept { peer_row(peer).connects.add(); }
  void peer_disconnected(peer_slot peer, disconnect_reason reason) noexcept {
    peer_row(peer).disconnects.add(reason);
  }
  void watchdog(peer_slot peer, watchdog_event event) noexcept {
    peer_row(peer).watchdog.add(event);
  }
  /// A peer that was not configured has gone for good: its counts begin anew for whoever gets the
  /// slot. Nothing happens to `other_peer`. See registry::release_peer.
  void forget_peer(peer_slot peer) noexcept;

 private:
  friend class registry;
  /// `commands` counts `other_command`, `max_peers` does not count `other_peer`.
  recorder(std::size_t max_peers, std::size_t commands);

  /// Makes the row of a slot that has none. The registry's lock is held.
  void add_peer(peer_slot slot);
  /// Null where the slot has no row yet.
  [[nodiscard]] const peer_counters* find_peer(peer_slot slot) const noexcept {
    return rows_[slot].load(std::memory_order_acquire);
  }

  [[nodiscard]] peer_counters& peer_row(peer_slot peer) noexcept {
    peer_counters* row = peer < peers_ ? rows_[peer].load(std::memory_order_acquire) : nullptr;
    return row != nullptr ? *row : *rows_[other_peer].load(std::memory_order_relaxed);
  }
  [[nodiscard]] command_counters& command_row(peer_slot peer, command_slot command) noexcept {
    return peer_row(peer).commands[command < commands_ ? command : other_command];
  }

  std::size_t peers_;
  std::size_t commands_;
  std::unique_ptr<std::atomic<peer_counters*>[]> rows_;  // owned; set once, never replaced
  std::unique_ptr<command_latencies[]> latencies_;

 public:
  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;
  ~recorder();
};

}  // namespace diamgw::metrics
