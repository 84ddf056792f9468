// A host's name becomes addresses.
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/shard.hpp"
#include "kernel_network.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Shared with the resolver's handler, which may run after the wait for it has ended.
struct question {
  explicit question(shard& on) : resolver{on.context()}, answered{on} {}

  tcp_resolver resolver;
  event answered;
  std::vector<endpoint_address> found;
  error_code error;
  bool done = false;

  void end(error_code why) {
    if (!done) {
      done = true;
      error = why;
      answered.notify();
    }
  }
};

}  // namespace

awaitable<result<std::vector<endpoint_address>>> resolve_in_kernel(
    shard& on, address of, std::chrono::milliseconds timeout) {
  const endpoint_address numeric = endpoint_address::from_text(of.host, of.port);
  if (numeric.kind() != endpoint_address::family::none) {
    co_return std::vector<endpoint_address>{numeric};
  }
  // The resolver's thread cannot be interrupted, so that it is an event that is waited for: the
  // resolver, or the deadline, ends it.
  const auto q = std::make_shared<question>(on);
  deadline limit{on, [q] { q->end(asio::error::timed_out); }};
  limit.arm_after(timeout);
  q->resolver.async_resolve(of.host, std::to_string(of.port), tcp::resolver::numeric_service,
                            [q, &on](error_code failed, const tcp::resolver::results_type& found) {
                              on.time_has_passed();
                              for (const auto& entry : found) {
                                q->found.push_back(to_endpoint_address(entry.endpoint()));
                              }
                              q->end(failed);
                            });
  co_await q->answered.wait();
  q->resolver.cancel();
  if (q->error) {
    co_return q->error;
  }
  if (q->found.empty()) {
    co_return error_code{asio::error::host_not_found};
  }
  co_return std::move(q->found);
}

}  // namespace diamgw::transport
