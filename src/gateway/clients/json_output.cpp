#include "gateway/clients/json_output.hpp"

#include <utility>

#include "diamgw/base/stopwatch.hpp"

namespace diamgw::gateway {

bool json_output::send(std::size_t expected_octets, text_encoder encode) {
  stopwatch watch;
  for (std::size_t octets = first_room(expected_octets); octets != 0;
       octets = larger_room(octets)) {
    buffer_ref buffer = on_.pool().allocate(websocket::max_header_octets + octets);
    const std::string_view text = encode(buffer.whole().subspan(websocket::max_header_octets));
    if (!text.empty()) {
      on_.recorder.marshalled(metrics::codec_path::json_client, watch.lap(), text.size());
      return to_.send(websocket::message_kind::text, std::move(buffer), text.size());
    }
  }
  return false;
}

}  // namespace diamgw::gateway
