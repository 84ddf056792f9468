// What the hand-written messages are made of: the same few lines that anybody would write who had
// one message to encode and decode.
//
// Rules for editors: a floor knows its one message, its AVPs and their order, and nothing else. It
// does all that correctness asks: room is checked before the first octet is written, every length
// before an octet is read by it, an AVP of another vendor is another AVP, a required AVP must be
// there, and one that may stand once stands once.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench::by_hand {

// Writing

inline constexpr std::uint32_t mandatory = 0x40000000U;
inline constexpr std::uint32_t optional = 0;

[[nodiscard]] constexpr std::size_t padded(std::size_t n) noexcept {
  return (n + 3U) & ~std::size_t{3};
}
[[nodiscard]] inline std::size_t text_octets(std::string_view text) noexcept {
  return 8 + padded(text.size());
}

[[nodiscard]] inline std::byte* put_message(std::byte* p, std::size_t length,
                                            std::uint32_t flags_and_command,
                                            std::uint32_t application, std::uint32_t hop_by_hop,
                                            std::uint32_t end_to_end) noexcept {
  store_be32(p, 0x01000000U | static_cast<std::uint32_t>(length));
  store_be32(p + 4, flags_and_command);
  store_be32(p + 8, application);
  store_be32(p + 12, hop_by_hop);
  store_be32(p + 16, end_to_end);
  return p + 20;
}

/// Code, flags and length; what follows is the data.
[[nodiscard]] inline std::byte* put_header(std::byte* p, std::uint32_t code, std::uint32_t flags,
                                           std::size_t data_octets) noexcept {
  store_be32(p, code);
  store_be32(p + 4, flags | static_cast<std::uint32_t>(8 + data_octets));
  return p + 8;
}
[[nodiscard]] inline std::byte* put_vendor_header(std::byte* p, std::uint32_t code,
                                                  std::uint32_t vendor, std::uint32_t flags,
                                                  std::size_t data_octets) noexcept {
  store_be32(p, code);
  store_be32(p + 4, 0x80000000U | flags | static_cast<std::uint32_t>(12 + data_octets));
  store_be32(p + 8, vendor);
  return p + 12;
}

[[nodiscard]] inline std::byte* put_u32(std::byte* p, std::uint32_t code, std::uint32_t v,
                                        std::uint32_t flags = mandatory) noexcept {
  p = put_header(p, code, flags, 4);
  store_be32(p, v);
  return p + 4;
}
[[nodiscard]] inline std::byte* put_u64(std::byte* p, std::uint32_t code,
                                        std::uint64_t v) noexcept {
  p = put_header(p, code, mandatory, 8);
  store_be64(p, v);
  return p + 8;
}
[[nodiscard]] inline std::byte* put_vendor_u32(std::byte* p, std::uint32_t code,
                                               std::uint32_t vendor, std::uint32_t v,
                                               std::uint32_t flags = mandatory) noexcept {
  p = put_vendor_header(p, code, vendor, flags, 4);
  store_be32(p, v);
  return p + 4;
}

/// The padding is cleared as the last word; the header and the text are written over it.
[[nodiscard]] inline std::byte* put_text(std::byte* p, std::uint32_t code, std::string_view text,
                                         std::uint32_t flags = mandatory) noexcept {
  std::byte* const end = p + text_octets(text);
  store_be32(end - 4, 0);
  std::memcpy(put_header(p, code, flags, text.size()), text.data(), text.size());
  return end;
}
[[nodiscard]] inline std::byte* put_vendor_octets(std::byte* p, std::uint32_t code,
                                                  std::uint32_t vendor, std::string_view octets,
                                                  std::uint32_t flags = mandatory) noexcept {
  std::byte* const end = p + 12 + padded(octets.size());
  store_be32(end - 4, 0);
  std::memcpy(put_vendor_header(p, code, vendor, flags, octets.size()), octets.data(),
              octets.size());
  return end;
}

// Reading

/// An AVP of vendor 10415 has this beside its code in `id`.
inline constexpr std::uint64_t tgpp = std::uint64_t{10415} << 32U;

/// Calls `each(id, data)` for each AVP, id being vendor and code; false where a length lies or
/// `each` says so.
template <class Each>
[[nodiscard]] bool walk(bytes_view octets, Each each) noexcept {
  while (!octets.empty()) {
    if (octets.size() < 8) {
      return false;
    }
    const std::uint32_t flags_and_length = load_be32(octets.data() + 4);
    const std::size_t length = flags_and_length & 0xffffffU;
    std::size_t header = 8;
    std::uint64_t id = load_be32(octets.data());
    if ((flags_and_length & 0x80000000U) != 0) {
      if (octets.size() < 12) {
        return false;
      }
      header = 12;
      id |= std::uint64_t{load_be32(octets.data() + 8)} << 32U;
    }
    if (length < header || padded(length) > octets.size() ||
        !each(id, octets.subspan(header, length - header))) {
      return false;
    }
    octets = octets.subspan(padded(length));
  }
  return true;
}

[[nodiscard]] inline bool get(bytes_view data, std::uint32_t& v) noexcept {
  if (data.size() != 4) {
    return false;
  }
  v = load_be32(data.data());
  return true;
}
[[nodiscard]] inline bool get(bytes_view data, std::uint64_t& v) noexcept {
  if (data.size() != 8) {
    return false;
  }
  v = load_be64(data.data());
  return true;
}
[[nodiscard]] inline bool get(bytes_view data, std::string_view& v) noexcept {
  v = as_text(data);
  return true;
}
/// An Address of IPv4.
[[nodiscard]] inline bool get_ipv4(bytes_view data, std::uint32_t& v) noexcept {
  return data.size() == 6 && load_be16(data.data()) == 1 && get(data.subspan(2), v);
}

/// Which AVPs of a message or group were there, by bits of the reader's choice.
class seen_avps {
 public:
  /// False where it was there before.
  [[nodiscard]] bool first(unsigned bit) noexcept {
    const std::uint32_t mask = 1U << bit;
    const bool is_first = (bits_ & mask) == 0;
    bits_ |= mask;
    return is_first;
  }
  template <class T>
  [[nodiscard]] bool take(unsigned bit, bytes_view data, T& v) noexcept {
    return first(bit) && get(data, v);
  }
  [[nodiscard]] bool all(std::uint32_t required) const noexcept {
    return (bits_ & required) == required;
  }

 private:
  std::uint32_t bits_ = 0;
};

/// Version and length, the command with its R bit, and whole words.
[[nodiscard]] inline bool is_message(bytes_view message, std::uint32_t request_and_command,
                                     std::uint32_t& hop_by_hop,
                                     std::uint32_t& end_to_end) noexcept {
  if (message.size() < 20 || message.size() > 0xffffff || message.size() % 4 != 0 ||
      load_be32(message.data()) != (0x01000000U | static_cast<std::uint32_t>(message.size())) ||
      (load_be32(message.data() + 4) & 0x80ffffffU) != request_and_command) {
    return false;
  }
  hop_by_hop = load_be32(message.data() + 12);
  end_to_end = load_be32(message.data() + 16);
  return true;
}

/// Session-Id stands first (RFC 6733 §8.8).
[[nodiscard]] inline bool begins_with_session_id(bytes_view message) noexcept {
  return message.size() >= 28 && load_be32(message.data() + 20) == 263;
}

}  // namespace diamgw::bench::by_hand
