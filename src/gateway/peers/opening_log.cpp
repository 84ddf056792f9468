#include "gateway/peers/opening_log.hpp"

#include <algorithm>
#include <utility>

namespace diamgw::gateway {

std::optional<std::uint64_t> opening_log::on_opened(time_point now) {
  if (at_once_ != 0) {
    --at_once_;
    next_ = now + first_interval;
  } else if (now >= next_) {
    interval_ = std::min(interval_ * 2, longest_interval);
    next_ = now + interval_;
  } else {
    told_ = false;
    ++left_out_;
    return std::nullopt;
  }
  told_ = true;
  return std::exchange(left_out_, 0);
}

std::optional<std::uint64_t> opening_log::on_steady(time_point now) {
  at_once_ = told_at_once;
  interval_ = first_interval;
  next_ = now + first_interval;
  if (std::exchange(told_, true)) {
    return std::nullopt;
  }
  return std::exchange(left_out_, 0) - 1;  // it is one of them itself
}

}  // namespace diamgw::gateway
