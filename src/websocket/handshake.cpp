#include "diamgw/websocket/handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace diamgw::websocket {
namespace {

// §1.3: the GUID that stands for this protocol.
constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

template <std::size_t Octets>
std::string base64(const std::array<unsigned char, Octets>& octets) {
  std::string text((Octets + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a zero octet
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                  static_cast<int>(Octets));
  text.pop_back();
  return text;
}

bool is_base64_digit(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

bool is_valid_key(std::string_view sec_websocket_key) noexcept {
  // 16 octets are 22 digits and two pads. The last digit's 4 low bits mean nothing, and encoders
  // that leave something there exist: not checked.
  return sec_websocket_key.size() == 24 && sec_websocket_key.ends_with("==") &&
         std::ranges::all_of(sec_websocket_key.substr(0, 22), is_base64_digit);
}

std::string accept_key(std::string_view sec_websocket_key) {
  std::string text{sec_websocket_key};
  text += guid;
  std::array<unsigned char, 20> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  return base64(digest);
}

std::string encode_key(std::span<const std::byte, 16> nonce) {
  std::array<unsigned char, 16> octets{};
  std::ranges::transform(nonce, octets.begin(),
                         [](std::byte b) { return std::to_integer<unsigned char>(b); });
  return base64(octets);
}

}  // namespace diamgw::websocket
