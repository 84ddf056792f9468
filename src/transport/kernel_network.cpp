#include "kernel_network.hpp"

#include <utility>

#include "kernel_protocol.hpp"

namespace diamgw::transport {

namespace {

class kernel_network final : public network {
 public:
  result<std::unique_ptr<listener>> listen(std::vector<shard*> shards, const address& at,
                                           const addresses_of_host& where,
                                           const listen_options& options,
                                           on_accept handler) override {
    return listen_in_kernel(std::move(shards), at, where, options, std::move(handler));
  }
  awaitable<result<std::unique_ptr<stream>>> dial(shard& on, address to, endpoint_address at,
                                                  dial_options options) override {
    const kernel_protocol& by = kernel_protocol_of(to.over);
    return by.dial(on, std::move(to), at, std::move(options));
  }
  awaitable<result<addresses_of_host>> resolve(shard& on, address of,
                                               std::chrono::milliseconds timeout) override {
    return resolve_by(lookups_, on, std::move(of), timeout);
  }
  result<addresses_of_host> resolve_now(const address& of,
                                        std::chrono::milliseconds timeout) override {
    return resolve_here_by(*lookups_, of, timeout);
  }

 private:
  std::shared_ptr<name_lookups> lookups_ = make_system_lookups();
};

}  // namespace

std::shared_ptr<network> make_kernel_network() {
  return std::make_shared<kernel_network>();
}

}  // namespace diamgw::transport
