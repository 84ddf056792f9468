#include "diamgw/transport/event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "diamgw/base/assert.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

namespace asio = boost::asio;

event::event(shard& on) : never_{on.context(), time_point::max()} {}

awaitable<std::tuple<error_code>> event::wait() {
  DIAMGW_ASSERT(!waiting_);
  waiting_ = true;
  // Not a coroutine of its own: Asio makes one for the operation already.
  return never_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void event::notify() noexcept {
  if (std::exchange(waiting_, false)) {
    never_.cancel_one();
  }
}

}  // namespace diamgw::transport
