#include "diamgw/transport/network.hpp"

#include <boost/asio/error.hpp>
#include <utility>

#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

result<std::unique_ptr<listener>> listen(std::vector<shard*> shards, const address& at,
                                         const listen_options& options, on_accept handler) {
  if (shards.empty()) {
    return error_code{boost::asio::error::invalid_argument};
  }
  network& through = shards.front()->group().network();
  return through.listen(std::move(shards), at, options, std::move(handler));
}

result<std::unique_ptr<listener>> listen(shard_group& group, const address& at,
                                         const listen_options& options, on_accept handler) {
  std::vector<shard*> shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    shards.push_back(&group.at(i));
  }
  return listen(std::move(shards), at, options, std::move(handler));
}

awaitable<result<std::unique_ptr<stream>>> dial(shard& on, address to, dial_options options) {
  return on.group().network().dial(on, std::move(to), std::move(options));
}

}  // namespace diamgw::transport
