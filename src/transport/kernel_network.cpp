#include "kernel_network.hpp"

#include <utility>

#include "kernel_protocol.hpp"

namespace diamgw::transport {

namespace {

class kernel_network final : public network {
 public:
  result<std::unique_ptr<listener>> listen(std::vector<shard*> shards, const address& at,
                                           const listen_options& options,
                                           on_accept handler) override {
    return listen_in_kernel(std::move(shards), at, options, std::move(handler));
  }
  awaitable<result<std::unique_ptr<stream>>> dial(shard& on, address to,
                                                  dial_options options) override {
    const kernel_protocol& by = kernel_protocol_of(to.over);
    return by.dial(on, std::move(to), std::move(options));
  }
  awaitable<result<std::vector<endpoint_address>>> resolve(
      shard& on, address of, std::chrono::milliseconds timeout) override {
    return resolve_in_kernel(on, std::move(of), timeout);
  }
};

}  // namespace

std::shared_ptr<network> make_kernel_network() {
  return std::make_shared<kernel_network>();
}

}  // namespace diamgw::transport
