#include "diamgw/transport/deadline.hpp"

#include <utility>

#include "diamgw/base/result.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

/// Shared with the timer's handler, which may be queued already when the deadline ends.
struct deadline::state {
  state(boost::asio::io_context& context, std::function<void()> f)
      : timer{context}, on_expired{std::move(f)} {}

  context_timer timer;
  std::function<void()> on_expired;
  time_point at = time_point::max();
  bool waiting = false;
  bool expired = false;

  static void wait(const std::shared_ptr<state>& self) {
    self->waiting = true;
    self->timer.expires_at(self->at);
    self->timer.async_wait([self](error_code ec) {
      if (ec) {
        return;  // set anew for an earlier time, or ended
      }
      self->waiting = false;
      if (self->at == time_point::max()) {
        return;
      }
      if (clock::now() < self->at) {
        wait(self);
        return;
      }
      self->at = time_point::max();
      self->expired = true;
      self->on_expired();
    });
  }
};

deadline::deadline(boost::asio::io_context& context, std::function<void()> on_expired)
    : state_{std::make_shared<state>(context, std::move(on_expired))} {}

deadline::~deadline() {
  disarm();
  state_->timer.cancel();
}

void deadline::arm(time_point at) {
  state_->expired = false;
  state_->at = at;
  if (!state_->waiting || at < state_->timer.expiry()) {
    state::wait(state_);
  }
}

void deadline::arm_after(duration from_now) {
  arm(clock::now() + from_now);
}

void deadline::disarm() noexcept {
  state_->at = time_point::max();
}

bool deadline::expired() const noexcept {
  return state_->expired;
}

}  // namespace diamgw::transport
