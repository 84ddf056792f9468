// A host's name becomes addresses: how a shard, or the main thread, waits for it.
#include <boost/asio/ip/tcp.hpp>
#include <future>
#include <optional>
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

/// Blocks.
name_lookups::answer ask_system(const std::string& name) {
  asio::io_context alone;
  tcp::resolver resolver{alone};
  error_code failed;
  const auto found = resolver.resolve(name, "0", tcp::resolver::numeric_service, failed);
  if (failed) {
    return failed;
  }
  addresses_of_host addresses;
  for (const auto& entry : found) {
    addresses.push_back(to_endpoint_address(entry.endpoint()));
  }
  if (addresses.empty()) {
    return error_code{asio::error::no_data};
  }
  return addresses;
}

result<addresses_of_host> with_port(name_lookups::answer found, std::uint16_t port) {
  if (found) {
    for (endpoint_address& e : *found) {
      e = e.with_port(port);
    }
  }
  return found;
}

/// Shared with a task on its way to the shard, which may come after the wait has ended.
struct wait_for_answer {
  explicit wait_for_answer(shard& on) : ended{on} {}

  event ended;
  std::optional<name_lookups::answer> found;

  void end(name_lookups::answer with) {
    if (!found) {
      found = std::move(with);
      ended.notify();
    }
  }
};

}  // namespace

std::shared_ptr<name_lookups> make_system_lookups() {
  return std::make_shared<name_lookups>(&ask_system);
}

awaitable<result<addresses_of_host>> resolve_by(std::shared_ptr<name_lookups> lookups, shard& on,
                                                address of, std::chrono::milliseconds timeout) {
  const auto wait = std::make_shared<wait_for_answer>(on);
  deadline limit{on, [wait] { wait->end(error_code{asio::error::timed_out}); }};
  limit.arm_after(timeout);
  const auto asker =
      lookups->ask(of.host, [weak = std::weak_ptr{wait}, &on](const name_lookups::answer& found) {
        on.tell([weak, found = name_lookups::answer{found}] {
          if (const auto waiting = weak.lock()) {
            waiting->end(found);
          }
        });
      });
  while (!wait->found) {
    co_await wait->ended.wait();
  }
  co_return with_port(std::move(*wait->found), of.port);
}

result<addresses_of_host> resolve_here_by(name_lookups& lookups, const address& of,
                                          std::chrono::milliseconds timeout) {
  std::promise<name_lookups::answer> promised;
  std::future<name_lookups::answer> found = promised.get_future();
  const auto asker = lookups.ask(
      of.host, [&promised](const name_lookups::answer& answer) { promised.set_value(answer); });
  if (found.wait_for(timeout) != std::future_status::ready) {
    return error_code{asio::error::timed_out};
  }
  return with_port(found.get(), of.port);
}

}  // namespace diamgw::transport
