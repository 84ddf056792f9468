// A point in time at which something is ended, moved as often as one likes.
#pragma once
#include <functional>

#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

/// Calls `on_expired` once when the armed time has passed (or up to 4 ms later, as timer_queue
/// says). Moving it to later is an assignment. Destroying it disarms it; `on_expired` must not
/// destroy it. Thread: the shard's. Cost: no allocation, and no timer of Asio's.
/// This, and not "a timer or a read, whichever ends first", is how an operation gets a time-out:
/// `on_expired` closes the stream, and the operation ends with operation_aborted.
class deadline final : private timeout {
 public:
  deadline(shard& on, std::function<void()> on_expired);

  /// max() disarms it.
  void arm(time_point at);
  void arm_after(duration from_now);
  void disarm() noexcept;
  /// True from the call of `on_expired` until armed again.
  [[nodiscard]] bool expired() const noexcept { return expired_; }

 private:
  void on_timeout() override;

  shard* shard_;
  std::function<void()> on_expired_;
  time_point at_ = time_point::max();
  time_point scheduled_for_ = time_point::max();  // where it stands in the queue, if it does
  bool expired_ = false;
};

}  // namespace diamgw::transport
