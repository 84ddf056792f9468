#include "diamgw/transport/timer_queue.hpp"

#include <exception>
#include <utility>

#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

namespace {

/// Time stands still once the loop is gone: what is destroyed with it may still ask.
class stopped_time final : public time_source {
 public:
  explicit stopped_time(time_point at) noexcept : at_{at} {}
  time_point now() noexcept override { return at_; }
  void wake_at(time_point /*at*/) override {}

 private:
  time_point at_;
};

}  // namespace

timer_queue::timer_queue(shard& on, const make_time_source& make, boost::asio::io_context& loop)
    : shard_{&on}, source_{make(loop, [this] { on_time(); })}, wheel_{source_->now()} {}

void timer_queue::schedule(timeout& t, time_point at) {
  // By what it is rounded to: deadlines of one tick with the alarm's own need no look at the wheel.
  if (wheel_.schedule(t, at) < armed_for_) {
    arm();
  }
}

// One alarm for all deadlines, moved only when an earlier one comes: to move it costs a system
// call, so it is rounded to the wheel's own grain.
void timer_queue::arm() {
  const auto next = wheel_.next_deadline();
  if (next && *next < armed_for_) {
    armed_for_ = *next;
    source_->wake_at(*next);
  }
}

void timer_queue::on_time() {
  shard_->time_has_passed();
  armed_for_ = time_point::max();
  wheel_.advance(shard_->now(), [this](wheel_entry& entry) {
    try {
      static_cast<timeout&>(entry).on_timeout();
    } catch (...) {
      shard_->report_failure("timeout", std::current_exception());
    }
  });
  arm();
}

void timer_queue::end() noexcept {
  source_ = std::make_unique<stopped_time>(source_->now());
}

}  // namespace diamgw::transport
