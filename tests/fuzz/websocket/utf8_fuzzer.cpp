// First octet: size of the pieces. The text in pieces, octet by octet and whole must be judged as
// simdjson judges the whole.
#include "diamgw/websocket/utf8.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using diamgw::bytes_view;
using diamgw::websocket::utf8_validator;

bool judge(bytes_view text, std::size_t piece) {
  utf8_validator validator;
  bool fine = true;
  while (!text.empty()) {
    const std::size_t n = std::min(piece, text.size());
    const bool still = validator.update(text.first(n));
    if (still && !fine) {
      std::abort();  // once wrong, always wrong
    }
    fine = still;
    text = text.subspan(n);
  }
  return fine && validator.complete();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const bytes_view text = std::as_bytes(std::span{data + 1, size - 1});
  const bool expected =
      simdjson::validate_utf8(reinterpret_cast<const char*>(text.data()), text.size());

  for (const std::size_t piece : {std::size_t{data[0]} + 1, std::size_t{1}, size}) {
    if (judge(text, piece) != expected) {
      std::abort();
    }
  }
  return 0;
}
