// The driver of the drain: looks every 5 ms at what is left, and does what the machine says.
#pragma once
#include <functional>

#include "diamgw/gateway/event_log.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/shard.hpp"
#include "gateway/operation/drain_machine.hpp"

namespace diamgw::gateway {

/// What the gateway can do to leave. Thread: the drain's shard; the work itself may be on others.
class drain_duties {
 public:
  virtual void refuse_requests() = 0;
  virtual void give_up_requests() = 0;
  virtual void close_clients(duration spread) = 0;
  virtual void disconnect_peers() = 0;
  [[nodiscard]] virtual drain_progress left() const = 0;

 protected:
  ~drain_duties() = default;
};

/// Thread: `on`'s.
class drain {
 public:
  drain(transport::shard& on, const drain_machine::options& o, drain_duties& duties,
        event_log& log);
  drain(const drain&) = delete;
  drain& operator=(const drain&) = delete;

  /// Begins, once; `on_done` is told whether nothing was cut off.
  void start(std::function<void(bool whole)> on_done);

 private:
  void on_tick();
  void perform(const drain_actions& actions);

  transport::shard& on_;
  drain_duties& duties_;
  event_log& log_;
  drain_machine machine_;
  transport::deadline tick_;
  std::function<void(bool)> on_done_;
};

}  // namespace diamgw::gateway
