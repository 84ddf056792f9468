#include "diamgw/gateway/listener_watch.hpp"

#include <utility>

namespace diamgw::gateway {

std::function<void(transport::shard& on, transport::listener_event what)> watch_listener(
    metrics::listener_kind kind, std::string where,
    std::function<shard_context&(const transport::shard& on)> find) {
  return [kind, where = std::move(where), find = std::move(find)](transport::shard& on,
                                                                  transport::listener_event what) {
    shard_context& context = find(on);
    switch (what) {
      case transport::listener_event::refused:
        context.recorder.listener_refusals.add(kind);
        context.strangers.warn(
            "{} listener {}: a connection was closed at once: it has all that it may have",
            to_string(kind), where);
        break;
      case transport::listener_event::paused:
        context.recorder.listener_pauses.add(kind);
        context.strangers.warn(
            "{} listener {}: no descriptors or memory for a connection: it waits to be accepted",
            to_string(kind), where);
        break;
    }
  };
}

}  // namespace diamgw::gateway
