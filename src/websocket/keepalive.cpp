#include "diamgw/websocket/keepalive.hpp"

namespace diamgw::websocket {

keepalive_actions keepalive::on_start(time_point now) {
  last_traffic_ = now;
  waiting_ = false;
  stopped_ = options_.ping_interval.count() == 0;
  if (stopped_) {
    return {};
  }
  return {set_timer{now + options_.ping_interval}};
}

keepalive_actions keepalive::on_timer(time_point now) {
  if (stopped_) {
    return {};
  }
  // Traffic of the very instant of the ping came before its answer could.
  if (waiting_ && last_traffic_ > pinged_) {
    waiting_ = false;
  }
  const time_point due =
      waiting_ ? pinged_ + options_.pong_timeout : last_traffic_ + options_.ping_interval;
  if (now < due) {
    return {set_timer{due}};
  }
  if (waiting_) {
    stopped_ = true;
    return {drop_peer{}};
  }
  waiting_ = true;
  pinged_ = now;
  return {send_ping{}, set_timer{now + options_.pong_timeout}};
}

}  // namespace diamgw::websocket
