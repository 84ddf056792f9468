// What an endpoint gives, as text that compares well.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/websocket/endpoint.hpp"
#include "support/websocket_frames.hpp"

namespace diamgw::websocket::testing {

/// The frame in `octets`, which `receiver` gets: "pong 1:?".
inline std::string describe_frame(bytes_view octets, role receiver) {
  buffer_pool pool;
  reader r{pool, {.role = receiver, .max_message_octets = octets.size()}};
  for (;;) {
    octets = octets.subspan(r.feed(octets));
    const reader_event event = r.next();
    if (!std::holds_alternative<need_more>(event)) {
      return octets.empty() && r.idle() ? describe(event) : "more than a frame";
    }
    if (octets.empty()) {
      return "less than a frame";
    }
  }
}

/// `of`: the endpoint's own role.
inline std::string describe(const endpoint_event& event, role of) {
  struct visitor {
    role of;
    std::string operator()(need_more) const { return "need_more"; }
    std::string operator()(const message& m) const { return describe(reader_event{m}); }
    std::string operator()(const malformed& m) const { return describe(reader_event{m}); }
    std::string operator()(const send_frame& s) const {
      return std::string{s.last ? "sends last " : "sends "} +
             describe_frame(s.octets.octets, of == role::server ? role::client : role::server);
    }
    std::string operator()(const disconnect_tcp& d) const {
      return d.manner == disconnect_manner::orderly ? "ends orderly" : "aborts";
    }
    std::string operator()(drop_peer) const { return "drops"; }
  };
  return std::visit(visitor{of}, event);
}

/// All that it has to give now.
inline std::vector<std::string> take_all(endpoint& e, role of, time_point now) {
  std::vector<std::string> texts;
  for (;;) {
    const endpoint_event event = e.next(now, test_key);
    if (std::holds_alternative<need_more>(event)) {
      e.let_go();
      return texts;
    }
    texts.push_back(describe(event, of));
  }
}

}  // namespace diamgw::websocket::testing
