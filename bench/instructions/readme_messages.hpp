// README's example, which the programs whose instructions are counted exchange.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/writer.hpp"

namespace diamgw::bench {

using octets = std::vector<std::byte>;

/// The CCR as a client writes it; without a Session-Id where none is named, as in README.
inline std::string make_ccr_text(std::string_view id, std::string_view session_id = {}) {
  std::string text = R"({"jsonrpc": "2.0", "id": )" + std::string{id};
  text += R"(, "method": "CCR", "params": {)";
  if (!session_id.empty()) {
    text += R"("Session-Id": ")" + std::string{session_id} + R"(", )";
  }
  return text + R"("Destination-Realm": "example", "Service-Context-Id": "32251@3gpp.org", )"
                R"("CC-Request-Type": "INITIAL_REQUEST", "CC-Request-Number": 0, )"
                R"("Subscription-Id": [{"Subscription-Id-Type": "END_USER_E164", )"
                R"("Subscription-Id-Data": "491701234567"}], )"
                R"("Requested-Service-Unit": {"CC-Total-Octets": "50000"}}})";
}

namespace detail {

class example_message {
 public:
  example_message(std::uint8_t flags, std::uint32_t command) {
    out_.begin_message(
        {.flags = flags, .command = command_code{command}, .application = application_id{4}});
  }
  example_message& text(std::uint32_t code, std::string_view value) {
    out_.text(avp_code{code}, ietf_vendor, diameter::avp_flags::mandatory, value);
    return *this;
  }
  example_message& number(std::uint32_t code, std::uint32_t value) {
    out_.unsigned32(avp_code{code}, ietf_vendor, diameter::avp_flags::mandatory, value);
    return *this;
  }
  /// An AVP of 64 bits within a group.
  example_message& units(std::uint32_t group, std::uint32_t code, std::uint64_t value) {
    const std::size_t mark =
        out_.begin_group(avp_code{group}, ietf_vendor, diameter::avp_flags::mandatory);
    out_.unsigned64(avp_code{code}, ietf_vendor, diameter::avp_flags::mandatory, value);
    out_.end_group(mark);
    return *this;
  }
  [[nodiscard]] octets finish() {
    const bytes_view whole = out_.finish();
    return {whole.begin(), whole.end()};
  }

 private:
  std::array<std::byte, 1024> room_{};
  diameter::writer out_{room_};
};

}  // namespace detail

inline octets make_cca(std::string_view session_id = "gateway.example;1795238529;0") {
  return detail::example_message{diameter::command_flags::proxiable, 272}
      .text(263, session_id)
      .number(268, 2001)
      .text(264, "ocs.example")
      .text(296, "example")
      .number(258, 4)
      .number(416, 1)
      .number(415, 0)
      .units(431, 421, 50000)
      .number(448, 3600)
      .finish();
}

inline octets make_rar() {
  constexpr std::uint8_t flags =
      diameter::command_flags::request | diameter::command_flags::proxiable;
  return detail::example_message{flags, 258}
      .text(263, "gateway.example;1795238529;0")
      .text(264, "ocs.example")
      .text(296, "example")
      .text(283, "example")
      .text(293, "gateway.example")
      .number(258, 4)
      .number(285, 0)
      .finish();
}

}  // namespace diamgw::bench
