// What operators learn of a listener: what happens at it reaches a metric and the log.
#pragma once
#include <functional>
#include <string>

#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/transport/network.hpp"

namespace diamgw::gateway {

/// For `listen_options::on_event`: counts each event, and writes a line of it at the rate of
/// `stranger_log`, since whoever can connect can cause them.
/// in:     `find` gives the context of a shard, on its thread; `where` is shown
[[nodiscard]] transport::on_listener_event watch_listener(
    metrics::listener_kind kind, std::string where,
    std::function<shard_context&(const transport::shard& on)> find);

}  // namespace diamgw::gateway
