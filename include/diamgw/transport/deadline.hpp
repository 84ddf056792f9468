// A point in time at which something is ended, moved as often as one likes.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "diamgw/base/clock.hpp"

namespace diamgw::transport {

/// Calls `on_expired` once when the armed time has passed. Moving it to later is an assignment:
/// the timer is set anew only when it fires. Destroying it disarms it. Thread: the context's.
/// This, and not "a timer or a read, whichever ends first", is how an operation gets a time-out:
/// `on_expired` closes the stream, and the operation ends with operation_aborted.
class deadline {
 public:
  deadline(boost::asio::io_context& context, std::function<void()> on_expired);
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline();

  void arm(time_point at);
  void arm_after(duration from_now);
  void disarm() noexcept;
  /// True from the call of `on_expired` until armed again.
  [[nodiscard]] bool expired() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace diamgw::transport
