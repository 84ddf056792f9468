#include "diamgw/websocket/error.hpp"

#include <string>

namespace diamgw::websocket {
namespace {

const char* sentence(errc e) noexcept {
  switch (e) {
    case errc::reserved_bits:
      return "a reserved bit is set without an extension that defines it";
    case errc::reserved_opcode:
      return "the opcode is reserved";
    case errc::fragmented_control:
      return "a control frame is fragmented";
    case errc::long_control:
      return "a control frame is longer than 125 octets";
    case errc::mask_missing:
      return "a frame of the client is not masked";
    case errc::mask_unexpected:
      return "a frame of the server is masked";
    case errc::length_not_minimal:
      return "the payload length is not in its shortest form";
    case errc::length_top_bit:
      return "the payload length has its top bit set";
    case errc::continuation_without_start:
      return "a continuation frame continues nothing";
    case errc::data_inside_fragments:
      return "a new message begins inside a fragmented one";
    case errc::invalid_utf8:
      return "a text message is not valid UTF-8";
    case errc::message_too_big:
      return "the message is larger than the limit";
    case errc::too_many_fragments:
      return "the message has more fragments than the limit";
    case errc::close_length:
      return "a close frame has a payload of one octet";
    case errc::invalid_close_code:
      return "a close frame has a code that must not be sent";
    case errc::close_reason_utf8:
      return "the reason of a close frame is not valid UTF-8";
  }
  return "unknown error of the WebSocket layer";
}

class category final : public error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "diamgw.websocket"; }
  [[nodiscard]] std::string message(int value) const override {
    return sentence(static_cast<errc>(value));
  }
};

}  // namespace

const error_category& websocket_category() noexcept {
  static const category instance;
  return instance;
}

close_code to_close_code(errc e) noexcept {
  switch (e) {
    case errc::invalid_utf8:
    case errc::close_reason_utf8:
      return close_code::invalid_frame_payload_data;
    case errc::message_too_big:
    case errc::too_many_fragments:
      return close_code::message_too_big;
    default:
      return close_code::protocol_error;
  }
}

}  // namespace diamgw::websocket
