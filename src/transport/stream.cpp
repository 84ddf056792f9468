#include "diamgw/transport/stream.hpp"

#include <array>
#include <boost/asio/error.hpp>

#include "diamgw/transport/deadline.hpp"

namespace diamgw::transport {

io_result stream::write_now(std::span<const bytes_view> /*views*/) {
  return {boost::asio::error::would_block, 0};
}

void stream::watch(std::function<void(const stream_report& report)> /*told*/) {}

awaitable<> close_gracefully(shard& on, stream& s, std::chrono::milliseconds timeout) {
  deadline limit{on, [&s] { s.close(); }};
  limit.arm_after(timeout);
  s.shutdown_send();
  std::array<std::byte, 1024> dropped;  // NOLINT: written by the read
  io_result r;
  while (!r.error) {
    r = co_await s.read(dropped);
  }
  s.close();
}

}  // namespace diamgw::transport
