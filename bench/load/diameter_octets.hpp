// Diameter messages of the load programs, put together by hand.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::load {

inline void append_be(std::string& out, std::uint64_t value, int octets) {
  for (int i = octets - 1; i >= 0; --i) {
    out.push_back(static_cast<char>(value >> (8 * i)));
  }
}

inline void append_avp(std::string& out, std::uint32_t code, std::string_view data) {
  append_be(out, code, 4);
  append_be(out, (std::uint64_t{0x40} << 24U) | (8 + data.size()), 4);
  out.append(data);
  out.append((4 - data.size() % 4) % 4, '\0');
}

inline void append_avp32(std::string& out, std::uint32_t code, std::uint32_t value) {
  std::string data;
  append_be(data, value, 4);
  append_avp(out, code, data);
}

/// A whole message around AVPs.
inline std::string make_message(std::uint8_t flags, std::uint32_t command,
                                std::uint32_t application, std::uint32_t identifier,
                                std::string_view avps) {
  std::string out;
  append_be(out, (std::uint64_t{1} << 24U) | (20 + avps.size()), 4);
  append_be(out, (std::uint64_t{flags} << 24U) | command, 4);
  append_be(out, application, 4);
  append_be(out, identifier, 4);
  append_be(out, identifier, 4);
  return out.append(avps);
}

inline void append_origin(std::string& avps, std::string_view host) {
  append_avp(avps, 264, host);
  append_avp(avps, 296, "example");
}

/// What CER and CEA say of a node: host, address, vendor, product, credit control.
inline void append_capabilities(std::string& avps, std::string_view host) {
  append_origin(avps, host);
  append_avp(avps, 257, std::string_view{"\x00\x01\x7f\x00\x00\x01", 6});
  append_avp32(avps, 266, 0);
  append_avp(avps, 269, "load");
  append_avp32(avps, 258, 4);
}

/// The Credit-Control-Request that both protocols of load_client send: an initial request for
/// one rating group, of one slot of one connection.
inline std::string make_ccr(std::string_view session_id, std::uint32_t slot) {
  std::string avps;
  append_avp(avps, 263, session_id);
  append_origin(avps, "load.example");
  append_avp(avps, 283, "example");
  append_avp32(avps, 258, 4);
  append_avp(avps, 461, "32251@3gpp.org");
  append_avp32(avps, 416, 1);
  append_avp32(avps, 415, 0);
  std::string subscription;
  append_avp32(subscription, 450, 0);
  append_avp(subscription, 444, "491701234567");
  append_avp(avps, 443, subscription);
  std::string units;
  append_avp(units, 421, std::string_view{"\0\0\0\0\0\x01\x86\xa0", 8});
  std::string service;
  append_avp(service, 437, units);
  append_avp32(service, 432, 10);
  append_avp(avps, 456, service);
  return make_message(0xc0, 272, 4, slot, avps);
}

/// Octets of the first whole Diameter message in front, or 0 where it is not whole yet.
inline std::size_t whole_message(bytes_view octets) {
  if (octets.size() < 20) {
    return 0;
  }
  const std::size_t length = load_be24(octets.data() + 1);
  return length <= octets.size() ? length : 0;
}

}  // namespace diamgw::load
