// How a coroutine waits for another part of its shard.
#pragma once
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <tuple>
#include <utility>

#include "diamgw/base/clock.hpp"
#include "diamgw/transport/awaitable.hpp"

namespace diamgw::transport {

class shard;

/// One coroutine, or function, waits, others wake it; what for is in variables of theirs, which it
/// looks at before it waits and afterwards. Thread: the shard's. An event may be destroyed while
/// nobody waits, or together with its shard's loop. Asio has no such thing: it is a timer that
/// never passes, and this is the only place of that.
class event {
 public:
  explicit event(shard& on);

  /// Until the next notify(). What it gives means nothing. At most one may wait.
  /// cost: no allocation in the steady state
  [[nodiscard]] awaitable<std::tuple<error_code>> wait();

  /// As wait, for who has no coroutine: `go_on()` is called after the next notify().
  template <class F>
  void wait_then(F go_on) {
    waiting_ = true;
    never_.async_wait([f = std::move(go_on)](error_code /*cancelled*/) mutable { f(); });
  }

  /// Lets who waits go on, not before this turn's handlers have ended; nothing happens where
  /// nobody waits: it is not remembered. Cost where nobody waits: a branch.
  void notify() noexcept;

  [[nodiscard]] bool waited_for() const noexcept { return waiting_; }

 private:
  boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                    boost::asio::io_context::executor_type>
      never_;
  bool waiting_ = false;
};

}  // namespace diamgw::transport
