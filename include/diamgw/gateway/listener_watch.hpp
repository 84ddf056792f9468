// What operators learn of a listener: its refusals and pauses reach a metric and the log.
#pragma once
#include <functional>
#include <string>

#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/transport/network.hpp"

namespace diamgw::gateway {

/// For `listen_options::on_event`: counts each event, and writes a line of it at the rate of
/// `stranger_log`, since whoever can connect can cause them.
/// in:     `find` gives the context of a shard, on its thread; `where` is shown
[[nodiscard]] std::function<void(transport::shard& on, transport::listener_event what)>
watch_listener(metrics::listener_kind kind, std::string where,
               std::function<shard_context&(const transport::shard& on)> find);

}  // namespace diamgw::gateway
