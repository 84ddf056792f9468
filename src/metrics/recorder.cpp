#include "diamgw/metrics/recorder.hpp"

namespace diamgw::metrics {

recorder::recorder(std::size_t max_peers, std::size_t commands)
    : peers_{max_peers + 1},
      commands_{commands},
      rows_{std::make_unique<std::atomic<peer_counters*>[]>(max_peers + 1)},
      latencies_{std::make_unique<command_latencies[]>(commands)} {
  add_peer(other_peer);
}

recorder::~recorder() {
  for (std::size_t i = 0; i < peers_; ++i) {
    delete rows_[i].load(std::memory_order_relaxed);
  }
}

void recorder::add_peer(peer_slot slot) {
  auto row = std::make_unique<peer_counters>();
  row->commands = std::make_unique<command_counters[]>(commands_);
  rows_[slot].store(row.release(), std::memory_order_release);
}

}  // namespace diamgw::metrics
