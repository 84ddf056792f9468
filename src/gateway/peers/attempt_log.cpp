#include "gateway/peers/attempt_log.hpp"

#include <algorithm>
#include <utility>

namespace diamgw::gateway {

attempt_log::kind& attempt_log::kind_of(const diameter::ending& why) {
  const auto end = kinds_.begin() + static_cast<std::ptrdiff_t>(known_);
  const auto found = std::find_if(kinds_.begin(), end, [&](const kind& k) {
    return k.reason == why.reason && k.code == why.code;
  });
  if (found != end) {
    return *found;
  }
  if (known_ == kinds_.size()) {
    return kinds_.back();
  }
  kinds_[known_] = {.reason = why.reason, .code = why.code};
  return kinds_[known_++];
}

std::optional<std::uint64_t> attempt_log::note(const diameter::ending& why, time_point now) {
  if (streak_.attempts++ == 0) {
    streak_.since = now;
  }
  const std::size_t before = known_;
  kind& k = kind_of(why);
  const bool fresh = known_ != before;
  if (!fresh && now < k.next) {
    ++k.left_out;
    return std::nullopt;
  }
  k.interval = fresh ? first_interval : std::min(k.interval * 2, longest_interval);
  k.next = now + k.interval;
  return std::exchange(k.left_out, 0);
}

void attempt_log::on_unwritten(const diameter::ending& why, std::uint64_t left_out,
                               time_point now) {
  kind& k = kind_of(why);
  k.left_out = left_out + 1;
  k.interval = std::max(k.interval / 2, first_interval);
  k.next = now;
}

}  // namespace diamgw::gateway
