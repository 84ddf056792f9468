#include "diamgw/gateway/listener_watch.hpp"

#include <utility>

namespace diamgw::gateway {

transport::on_listener_event watch_listener(
    metrics::listener_kind kind, std::string where,
    std::function<shard_context&(const transport::shard& on)> find) {
  return [kind, where = std::move(where), find = std::move(find)](
             transport::shard& on, const transport::listener_report& report) {
    shard_context& context = find(on);
    switch (report.what) {
      case transport::listener_event::refused:
        context.recorder.listener_refusals.add(kind);
        context.strangers.warn(
            {{log_key::listener, to_string(kind)},
             {log_key::address, where},
             {log_key::remote, to_string(report.remote)}},
            "{} listener {}: a connection from {} was closed at once: it has all that it may have",
            to_string(kind), where, to_string(report.remote));
        break;
      case transport::listener_event::short_of_descriptors:
        context.recorder.descriptor_refusals.add(kind);
        context.strangers.warn({{log_key::listener, to_string(kind)},
                                {log_key::address, where},
                                {log_key::remote, to_string(report.remote)}},
                               "{} listener {}: a connection from {} was closed at once: the last "
                               "descriptors are kept "
                               "for others",
                               to_string(kind), where, to_string(report.remote));
        break;
      case transport::listener_event::paused:
        context.recorder.listener_pauses.add(kind);
        context.strangers.warn(
            {{log_key::listener, to_string(kind)},
             {log_key::address, where},
             {log_key::error, report.why.message()}},
            "{} listener {}: no descriptors or memory for a connection, which waits: {}",
            to_string(kind), where, report.why.message());
        break;
    }
  };
}

}  // namespace diamgw::gateway
