// First octet: role and options. Second: how many octets of piece sizes follow. The rest is the
// stream. Properties: the events do not depend on the pieces, and writing the events as frames
// gives a stream with the same events.
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "diamgw/websocket/writer.hpp"
#include "support/websocket_frames.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::websocket;

void check(bool condition) {
  if (!condition) {
    std::abort();
  }
}

// One event as the frame of the peer of `receiver`, a message as `fragments` frames; nothing for
// what has no frame.
std::string as_frames(buffer_pool& pool, const reader_event& event, role receiver) {
  const auto key = receiver == role::server ? std::optional{testing::test_key} : std::nullopt;
  const auto text = [](const buffer_slice& slice) { return std::string{as_text(slice.octets)}; };
  if (const auto* m = std::get_if<message>(&event)) {
    const auto op = m->kind == message_kind::text ? opcode::text : opcode::binary;
    const bytes_view payload = m->payload.octets;
    if (payload.size() % 3 != 0) {
      return testing::frame(op, as_text(payload), {.rsv1 = m->rsv1}, receiver);
    }
    const bytes_view front = payload.first(payload.size() / 2);
    return testing::frame(op, as_text(front), {.fin = false, .rsv1 = m->rsv1}, receiver) +
           testing::frame(opcode::continuation, as_text(payload.subspan(front.size())), {},
                          receiver);
  }
  if (const auto* p = std::get_if<ping>(&event)) {
    return text(make_frame(pool, opcode::ping, p->payload.octets, key));
  }
  if (const auto* p = std::get_if<pong>(&event)) {
    return text(make_frame(pool, opcode::pong, p->payload.octets, key));
  }
  if (const auto* c = std::get_if<websocket::close>(&event)) {
    return text(make_close(pool, c->code, as_text(c->reason.octets), key));
  }
  return {};
}

// Headers that decode are in the one form there is, so that they encode to the same octets.
void check_header(std::string_view stream, const reader::options& options) {
  const auto decoded = decode_header(as_bytes(stream), {options.role, options.rsv1_allowed});
  if (const auto* found = std::get_if<decoded_header>(&decoded)) {
    const auto encoded = encode_header(found->header);
    check(as_text(encoded.view()) == stream.substr(0, found->octets));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size < 2U + data[1] % 16U) {
    return 0;
  }
  const std::size_t sizes = data[1] % 16U;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 2 + sizes, size - 2 - sizes};
  const reader::options options{
      .role = (data[0] & 1U) != 0 ? role::server : role::client,
      .rsv1_allowed = (data[0] & 2U) != 0,
      .max_message_octets = (data[0] & 4U) != 0 ? 65536U : 100U,
      .max_fragments = (data[0] & 8U) != 0 ? 1024U : 3U,
      .read_octets = (data[0] & 16U) != 0 ? 16384U : 1U,
      .min_read_octets = (data[0] & 32U) != 0 ? 1024U : 1U,
  };
  check_header(stream, options);
  static buffer_pool pool;

  const auto whole = testing::read_in_pieces(pool, options, stream, [] { return 1U << 20U; });
  const auto octets = testing::read_in_pieces(pool, options, stream, [] { return 1U; });
  std::size_t turn = 0;
  const auto pieces = testing::read_in_pieces(pool, options, stream, [&]() -> std::size_t {
    return sizes == 0 ? 5U : data[2 + turn++ % sizes];
  });
  check(whole == octets);
  check(whole == pieces);

  // Again from our own frames: fragments and pieces differ, the events do not. What is malformed
  // cannot be written, and ends the list.
  reader r{pool, options};
  std::string rewritten;
  std::string_view rest = stream;
  bool broken = false;
  while (!rest.empty() && !broken) {
    rest.remove_prefix(r.feed(as_bytes(rest)));
    for (reader_event e = r.next(); !std::holds_alternative<need_more>(e); e = r.next()) {
      broken = std::holds_alternative<malformed>(e);
      if (broken) {
        break;
      }
      rewritten += as_frames(pool, e, options.role);
    }
  }
  auto expected = whole;
  if (broken) {
    expected.pop_back();
  }
  check(testing::read_in_pieces(pool, options, rewritten, [] { return 77U; }) == expected);
  return 0;
}
