// Frames as a peer would send them, and events as text that compares well.
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/websocket/frame.hpp"
#include "diamgw/websocket/mask.hpp"
#include "diamgw/websocket/reader.hpp"

namespace diamgw::websocket::testing {

inline constexpr masking_key test_key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21},
                                      std::byte{0x3d}};

struct frame_bits {
  bool fin = true;
  bool rsv1 = false;
};

/// One frame of the peer of `receiver`: masked where that is a server.
inline std::string frame(opcode op, std::string_view payload, frame_bits bits = {},
                         role receiver = role::server) {
  frame_header header{.opcode = op, .fin = bits.fin, .rsv1 = bits.rsv1, .length = payload.size()};
  std::string masked{payload};
  if (receiver == role::server) {
    header.key = test_key;
    mask(std::as_writable_bytes(std::span{masked}), test_key);
  }
  return std::string{as_text(encode_header(header).view())} + masked;
}

/// The payload of a close frame.
inline std::string close_payload(unsigned code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)} +
         std::string{reason};
}

inline std::string describe(const reader_event& event) {
  struct visitor {
    static std::string text(bytes_view octets) {
      return std::to_string(octets.size()) + ":" + std::string{as_text(octets)};
    }
    std::string operator()(need_more) const { return "need_more"; }
    std::string operator()(const message& m) const {
      return std::string{m.kind == message_kind::text ? "text" : "binary"} +
             (m.rsv1 ? " rsv1 " : " ") + text(m.payload.octets);
    }
    std::string operator()(const ping& p) const { return "ping " + text(p.payload.octets); }
    std::string operator()(const pong& p) const { return "pong " + text(p.payload.octets); }
    std::string operator()(const close& c) const {
      return "close " + std::to_string(static_cast<unsigned>(c.code)) + " " + text(c.reason.octets);
    }
    std::string operator()(const malformed& m) const {
      return "malformed " + std::to_string(static_cast<unsigned>(m.code)) + " " +
             make_error_code(m.reason).message();
    }
  };
  return std::visit(visitor{}, event);
}

/// Feeds `octets` in pieces whose sizes `next_piece` gives, by prepare and commit, and lists the
/// events up to the last octet or the first malformed one.
inline std::vector<std::string> read_in_pieces(buffer_pool& pool, const reader::options& options,
                                               std::string_view octets,
                                               const std::function<std::size_t()>& next_piece,
                                               shared_slab* shared = nullptr) {
  reader r{pool, options, shared};
  std::vector<reader_event> events;  // kept to the end: they must not be written over
  while (!octets.empty()) {
    const mutable_bytes room = r.prepare();
    const std::size_t wanted = std::max<std::size_t>(next_piece(), 1);
    const std::size_t n = std::min({room.size(), octets.size(), wanted});
    std::ranges::copy(as_bytes(octets.substr(0, n)), room.data());
    r.commit(n);
    octets.remove_prefix(n);
    for (;;) {
      reader_event event = r.next();
      if (std::holds_alternative<need_more>(event)) {
        break;
      }
      const bool last = std::holds_alternative<malformed>(event);
      events.push_back(std::move(event));
      if (last) {
        octets = {};
        break;
      }
    }
    r.let_go();
  }
  std::vector<std::string> texts;
  std::ranges::transform(events, std::back_inserter(texts), describe);
  return texts;
}

}  // namespace diamgw::websocket::testing
