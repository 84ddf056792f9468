// All deadlines of one shard, and the one alarm behind them.
#pragma once
#include <memory>

#include "diamgw/transport/time_source.hpp"
#include "diamgw/transport/timing_wheel.hpp"

namespace diamgw::transport {

class shard;

/// Something that is told once that its time has come: derive from it, and schedule it. Leaves the
/// queue when destroyed. `deadline` is the same for who has a function.
class timeout : public wheel_entry {
 public:
  /// May schedule, unlink and destroy any timeout, this one too.
  virtual void on_timeout() = 0;

 protected:
  timeout() noexcept = default;
  ~timeout() = default;
};

/// See the top of the file: `shard::timers()`. Thread: the shard's.
class timer_queue {
 public:
  timer_queue(shard& on, const make_time_source& make, boost::asio::io_context& loop);
  timer_queue(const timer_queue&) = delete;
  timer_queue& operator=(const timer_queue&) = delete;

  /// Calls `t.on_timeout()` once, at `at` or up to a tick (4 ms) after it, in a turn of its own;
  /// moves it where it waits already. `at` is not max(). An exception out of it is a failure
  /// reported. Cost: O(1), no allocation.
  void schedule(timeout& t, time_point at);

  [[nodiscard]] time_source& source() noexcept { return *source_; }
  /// No alarm any more: before the loop is destroyed. The last time stays.
  void end() noexcept;

 private:
  void arm();
  void on_time();

  shard* shard_;
  std::unique_ptr<time_source> source_;
  timing_wheel wheel_;
  time_point armed_for_ = time_point::max();
};

}  // namespace diamgw::transport
