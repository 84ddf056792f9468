// Opening handshakes: whatever is refused is refused by a response that says why, and whatever is
// taken is taken again in our own words, by both sides. The first octet chooses the request line,
// the rest are its fields, one a line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/letter_case.hpp"
#include "diamgw/websocket/handshake.hpp"

namespace {

using namespace diamgw::websocket;
using fields = std::vector<std::pair<std::string, std::string>>;

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The lines with a colon, as a reader of HTTP gives them.
fields split(std::string_view text) {
  fields all;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      all.emplace_back(diamgw::to_lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
  }
  return all;
}

std::string written(const std::vector<extension_offer>& offers) {
  std::string text;
  for (const extension_offer& offer : offers) {
    text.append(text.empty() ? "" : ", ").append(offer.name);
    for (const extension_parameter& p : offer.parameters) {
      text.append("; ").append(p.name).append(p.value ? "=" + *p.value : "");
    }
  }
  return text;
}

void check_offers(const opening& taken) {
  const std::string text = written(taken.extensions);
  const fields again{{"host", "a"},
                     {"upgrade", "websocket"},
                     {"connection", "upgrade"},
                     {"sec-websocket-version", "13"},
                     {"sec-websocket-key", std::string{taken.key}},
                     {"sec-websocket-extensions", text}};
  const auto judged = judge_opening({.method = "GET", .fields = again});
  check(std::get<opening>(judged).extensions == taken.extensions);
}

void check_taken(const opening& taken) {
  const opening_query again{.host = "gw.example", .key = taken.key, .protocols = taken.protocols};
  const fields asked = split(encode_opening(again));
  const auto judged = judge_opening({.method = "GET", .fields = asked});
  check(std::holds_alternative<opening>(judged));
  check(std::get<opening>(judged).key == taken.key);
  check(std::get<opening>(judged).protocols == taken.protocols);

  check_offers(taken);

  const std::string_view chosen = taken.protocols.empty() ? "" : taken.protocols.front();
  check(find_fault(split(encode_acceptance(taken.key, chosen)), again).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const unsigned line = data[0];
  const fields said = split(diamgw::as_text(std::as_bytes(std::span{data + 1, size - 1})));
  const auto outcome = judge_opening({.method = (line & 1U) != 0 ? "POST" : "GET",
                                      .http_version = (line & 2U) != 0 ? 10U : 11U,
                                      .has_body = (line & 4U) != 0,
                                      .fields = said});
  if (const auto* refused = std::get_if<opening_refusal>(&outcome)) {
    check((refused->status == 400) == (refused->fault == opening_fault::bad_request));
    check(refused->status >= 400 && refused->status < 500 && !refused->sentence.empty());
  } else {
    check((line & 7U) == 0);
    check_taken(std::get<opening>(outcome));
  }
  static_cast<void>(find_fault(said, {.key = "dGhlIHNhbXBsZSBub25jZQ=="}));
  return 0;
}
