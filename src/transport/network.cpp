#include "diamgw/transport/network.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "diamgw/base/host_name.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

namespace {

/// Addresses of a name that a sentence has.
constexpr std::size_t most_told = 4;
/// An address gets at least this of what is left, so that those of a long list are not all given
/// up before they could answer.
constexpr duration least_share = std::chrono::seconds{1};

/// One that answers nothing leaves time for those after it.
std::chrono::milliseconds share_of(duration left, std::size_t addresses) {
  const duration share = std::max<duration>(left / static_cast<long>(addresses), least_share);
  return std::chrono::ceil<std::chrono::milliseconds>(std::min(share, left));
}

endpoint_address numeric(const address& a) {
  return endpoint_address::from_text(a.host, a.port);
}

bool is_name(const endpoint_address& of) noexcept {
  return of.kind() == endpoint_address::family::none;
}

}  // namespace

std::string to_sentence(const dial_failure& why) {
  if (why.at == dial_failure::step::lookup) {
    return "the name was not resolved: " + why.why.message();
  }
  if (why.tried.empty()) {
    return why.why.message();
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(why.tried.size(), most_told); ++i) {
    text += i == 0 ? "" : "; ";
    text += to_string(why.tried[i].first) + ": " + why.tried[i].second.message();
  }
  return why.tried.size() <= most_told
             ? text
             : text + "; and " + std::to_string(why.tried.size() - most_told) + " more";
}

result<std::unique_ptr<listener>> listen(std::vector<shard*> shards, const address& at,
                                         const listen_options& options, on_accept handler) {
  if (shards.empty()) {
    return error_code{boost::asio::error::invalid_argument};
  }
  network& through = shards.front()->group().network();
  addresses_of_host where{numeric(at)};
  if (is_name(where.front())) {
    if (!is_host_name(at.host)) {
      return error_code{boost::asio::error::invalid_argument};
    }
    auto found = through.resolve_now(at, options.lookup_timeout);
    if (!found) {
      return found.error();
    }
    where = std::move(*found);
  }
  return through.listen(std::move(shards), at, where, options, std::move(handler));
}

result<std::unique_ptr<listener>> listen(shard_group& group, const address& at,
                                         const listen_options& options, on_accept handler) {
  std::vector<shard*> shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    shards.push_back(&group.at(i));
  }
  return listen(std::move(shards), at, options, std::move(handler));
}

awaitable<result<std::unique_ptr<stream>, dial_failure>> dial(shard& on, address to,
                                                              dial_options options) {
  network& through = on.group().network();
  const time_point end = on.now() + options.timeout;
  addresses_of_host where{numeric(to)};
  const bool by_name = is_name(where.front());
  if (by_name) {
    if (!is_host_name(to.host)) {
      co_return dial_failure{.why = boost::asio::error::invalid_argument,
                             .at = dial_failure::step::lookup};
    }
    auto found = co_await through.resolve(on, to, options.timeout);
    if (!found) {
      co_return dial_failure{.why = found.error(), .at = dial_failure::step::lookup};
    }
    where = std::move(*found);
  }
  dial_failure failed{.why = boost::asio::error::timed_out};
  for (std::size_t i = 0; i < where.size(); ++i) {
    const duration left = end - on.now();
    if (left <= duration{}) {
      break;
    }
    dial_options once = options;
    once.timeout = share_of(left, where.size() - i);
    auto connected = co_await through.dial(on, to, where[i], std::move(once));
    if (connected) {
      co_return std::move(*connected);
    }
    failed.why = connected.error();
    if (by_name) {
      failed.tried.emplace_back(where[i], failed.why);
    }
  }
  co_return failed;
}

}  // namespace diamgw::transport
