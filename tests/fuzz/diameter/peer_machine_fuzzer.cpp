// Any sequence of events. The first two octets choose host and options; each further one is an
// event, or a step of time. Properties: no open without a close before the next, service only
// while open, each connection ended once, and deadlines that lie ahead once they are served.
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "support/peer_script.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::diameter;
using namespace diamgw::test;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// What a driver knows from the actions alone.
class observer {
 public:
  explicit observer(const peer_bench& bench) : bench_{bench} {}

  void check(const peer_actions& actions) {
    for (const peer_action& action : actions) {
      std::visit([this](const auto& a) { see(a); }, action);
      check_encoding(action);
    }
    require(open_ == bench_.machine.is_open() ||
            (open_ && bench_.machine.state() == peer_state::closing));
    if (serves_) {
      require(bench_.machine.watchdog() == watchdog_state::okay);
    }
  }

 private:
  void see(const opened&) {
    require(!open_);
    open_ = true;
  }
  void see(const closed&) { open_ = serves_ = connecting_ = false; }
  void see(const okay&) {
    require(open_ && !serves_);
    serves_ = true;
  }
  void see(const suspect&) {
    require(open_ && serves_);
    serves_ = false;
  }
  void see(const draining&) {
    require(open_);
    serves_ = false;
  }
  void see(const connect&) {
    require(!open_ && !connecting_);
    connecting_ = true;
  }
  void see(const deliver& a) { require(open_ && a.on == bench_.machine.open_connection()); }
  void see(const send_dwr& a) { require(open_ && a.on == bench_.machine.open_connection()); }
  void see(const accept_incoming&) { require(!open_); }
  void see(const send_cer&) { require(connecting_ && !open_); }
  template <class Other>
  void see(const Other&) {}

  void check_encoding(const peer_action& action) const {
    std::array<std::byte, 1024> octets;
    writer out{octets};
    const bytes_view encoded = encode(action, bench_.node, {}, out);
    require(encoded.empty() || encoded.size() % 4 == 0);
  }

  const peer_bench& bench_;
  bool open_ = false;
  bool serves_ = false;
  bool connecting_ = false;
};

peer_options options_from(std::uint8_t bits) {
  peer_options options = peer_bench::default_options();
  options.policy = (bits & 1U) != 0 ? connect_policy::accept_only : connect_policy::initiate;
  options.identity = (bits & 2U) != 0 ? identity_check::any : identity_check::exact;
  options.reconnect_min = (bits & 4U) != 0 ? 0ms : 1s;
  options.watchdog.reopen_dwas = (bits & 8U) != 0 ? 0 : 3;
  options.watchdog.reopen_interval = (bits & 16U) != 0 ? 100ms : 0ms;
  options.watchdog.twinit_floor = (bits & 32U) != 0 ? 0ms : 6s;
  options.watchdog.twinit = (bits & 64U) != 0 ? 0ms : 30s;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  peer_bench bench{(data[0] & 1U) != 0 ? peer_bench::low_host : peer_bench::high_host,
                   options_from(data[1])};
  observer watcher{bench};
  for (std::size_t i = 2; i < size; ++i) {
    if (data[i] >= 0x80) {
      bench.now += 1s * (data[i] & 0x7f);
      continue;
    }
    const auto event = static_cast<peer_event>(data[i] % peer_event_count);
    const time_point deadline = bench.machine.next_deadline();
    if (event == peer_event::timeout && bench.now > deadline) {
      bench.now += 1ms;  // a driver that comes late: time does not run back
      watcher.check(bench.machine.on_timer(bench.now));
    } else {
      watcher.check(bench.feed(event));
    }
    if (event == peer_event::timeout) {
      require(bench.machine.next_deadline() > bench.now);
    }
  }
  return 0;
}
