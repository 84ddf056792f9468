// Where a shard's time comes from: the system, or a test that owns time.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "diamgw/base/clock.hpp"

namespace diamgw::transport {

/// The clock of one shard, and its one alarm. Thread: the shard's.
class time_source {
 public:
  time_source() = default;
  time_source(const time_source&) = delete;
  time_source& operator=(const time_source&) = delete;
  virtual ~time_source() = default;

  [[nodiscard]] virtual time_point now() noexcept = 0;

  /// Calls `on_time` (see make_time_source) once, on the shard's thread, at `at` or soon after it,
  /// and never from within this call. A later call takes the place of an earlier one; max() is
  /// never. A waiting alarm alone does not keep the shard's loop from ending.
  virtual void wake_at(time_point at) = 0;
};

/// Makes a shard's source. `loop` and what `on_time` uses outlive it.
using make_time_source = std::function<std::unique_ptr<time_source>(boost::asio::io_context& loop,
                                                                    std::function<void()> on_time)>;

/// The daemon's: diamgw::clock, and a timer of Asio's.
[[nodiscard]] std::unique_ptr<time_source> make_system_time(boost::asio::io_context& loop,
                                                            std::function<void()> on_time);

}  // namespace diamgw::transport
