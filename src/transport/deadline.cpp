#include "diamgw/transport/deadline.hpp"

#include <utility>

namespace diamgw::transport {

deadline::deadline(shard& on, std::function<void()> on_expired)
    : shard_{&on}, on_expired_{std::move(on_expired)} {}

void deadline::arm(time_point at) {
  expired_ = false;
  at_ = at;
  if (at != time_point::max() && (!scheduled() || at < scheduled_for_)) {
    scheduled_for_ = at;
    shard_->timers().schedule(*this, at);
  }
}

void deadline::arm_after(duration from_now) {
  arm(shard_->now() + from_now);
}

void deadline::disarm() noexcept {
  at_ = time_point::max();
}

void deadline::on_timeout() {
  if (at_ == time_point::max()) {
    return;
  }
  if (shard_->now() < at_) {  // it was moved to later
    scheduled_for_ = at_;
    shard_->timers().schedule(*this, at_);
    return;
  }
  at_ = time_point::max();
  expired_ = true;
  on_expired_();
}

}  // namespace diamgw::transport
