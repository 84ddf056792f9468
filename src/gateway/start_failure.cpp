#include "diamgw/gateway/start_failure.hpp"

namespace diamgw::gateway {
namespace {

std::string_view who_would_connect(metrics::listener_kind kind) noexcept {
  switch (kind) {
    case metrics::listener_kind::diameter:
      return "Diameter";
    case metrics::listener_kind::websocket:
      return "WebSocket clients";
    case metrics::listener_kind::admin:
    case metrics::listener_kind::count:
      break;
  }
  return "administration";
}

}  // namespace

start_failure cannot_listen(metrics::listener_kind kind, std::string_view where,
                            const error_code& why) {
  const std::string error = why.message();
  return {.sentence =
              fmt::format("cannot listen for {} on {}: {}", who_would_connect(kind), where, error),
          .fields = {{log_key::listener, to_string(kind)},
                     {log_key::address, where},
                     {log_key::error, error}}};
}

}  // namespace diamgw::gateway
