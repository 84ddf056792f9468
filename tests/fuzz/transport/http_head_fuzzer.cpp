// Heads of requests and replies, and the admin server's requests: what comes of the octets must not
// depend on the pieces in which they come. The first octet is the size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "diamgw/transport/http.hpp"
#include "transport/http_request_reader.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::transport;

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

template <class Reader>
auto first_outcome(Reader& reader, bytes_view octets, std::size_t piece) {
  for (;;) {
    auto outcome = reader.next();
    const mutable_bytes room = reader.prepare();
    const std::size_t n = std::min({piece, octets.size(), room.size()});
    if (!std::holds_alternative<need_more>(outcome) || n == 0) {
      return outcome;
    }
    std::memcpy(room.data(), octets.data(), n);
    reader.commit(n);
    octets = octets.subspan(n);
  }
}

void try_head(bytes_view octets, std::size_t piece) {
  http_head_reader whole{2048};
  http_head_reader pieces{2048};
  const http_head_outcome a = first_outcome(whole, octets, octets.size());
  const http_head_outcome b = first_outcome(pieces, octets, piece);
  check(a.index() == b.index());
  if (const auto* refusal = std::get_if<http_refusal>(&a)) {
    const auto& other = std::get<http_refusal>(b);
    check(refusal->status == other.status && refusal->reason == other.reason);
    check(encode_refusal(*refusal).ends_with("\n"));
  }
  if (const auto* head = std::get_if<http_request_head>(&a)) {
    const auto& other = std::get<http_request_head>(b);
    check(head->path == other.path && head->query == other.query);
    check(head->fields == other.fields && head->has_body == other.has_body);
  }
}

void try_server(bytes_view octets, std::size_t piece) {
  http_request_reader whole{2048, 4096};
  http_request_reader pieces{2048, 4096};
  const request_outcome a = first_outcome(whole, octets, octets.size());
  const request_outcome b = first_outcome(pieces, octets, piece);
  const auto* received = std::get_if<received_request>(&a);
  const auto* other = std::get_if<received_request>(&b);
  // Only whether the client is told to go on depends on what came with the header.
  if (received != nullptr && other != nullptr) {
    check(received->request.body == other->request.body && received->request.body.size() <= 4096);
    check(received->request.path == other->request.path);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::size_t piece = std::size_t{data[0]} % 64 + 1;
  const bytes_view octets = std::as_bytes(std::span{data + 1, size - 1});
  try_head(octets, piece);
  try_server(octets, piece);
  static_cast<void>(decode_response_head(octets));
  return 0;
}
