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

namespace {

template <class Enum>
void clear(counters<Enum>& all) noexcept {
  for (std::size_t i = 0; i < counters<Enum>::size; ++i) {
    all.clear(static_cast<Enum>(i));
  }
}

}  // namespace

void recorder::forget_peer(peer_slot peer) noexcept {
  if (peer == other_peer || peer >= peers_) {
    return;
  }
  peer_counters& row = peer_row(peer);
  row.requests_in_flight.set(0);
  row.latency.clear();
  row.connects.clear();
  clear(row.disconnects);
  clear(row.watchdog);
  for (std::size_t i = 0; i < commands_; ++i) {
    clear(row.commands[i].requests);
    for (counters<result_class>& way : row.commands[i].answers) {
      clear(way);
    }
  }
}

}  // namespace diamgw::metrics
