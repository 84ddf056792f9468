#include "gateway/clients/batch.hpp"

#include <cstring>

namespace diamgw::gateway {

bool batch::append(std::size_t expected_octets, text_encoder encode) {
  constexpr std::size_t error_octets = 512;
  const std::size_t kept = text_.size() + waiting_ * error_octets;
  for (std::size_t octets = json_output::first_room(expected_octets); octets != 0;
       octets = json_output::larger_room(octets)) {
    const buffer_ref buffer = to_.on().pool().allocate(octets);
    const std::string_view answer = encode(buffer.whole());
    if (answer.empty()) {
      continue;
    }
    if (answer.size() > error_octets && kept + answer.size() > json_output::max_text_octets) {
      return false;
    }
    if (text_.size() > 1) {
      text_ += ',';
    }
    text_ += answer;
    return true;
  }
  return false;
}

void batch::done() {
  if (--waiting_ > 0 || text_.size() == 1) {
    return;
  }
  text_ += ']';
  static_cast<void>(to_.send(text_.size(), [this](mutable_bytes room) -> std::string_view {
    if (room.size() < text_.size()) {
      return {};
    }
    std::memcpy(room.data(), text_.data(), text_.size());
    return {reinterpret_cast<const char*>(room.data()), text_.size()};
  }));
}

}  // namespace diamgw::gateway
