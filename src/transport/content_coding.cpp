#include "content_coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::transport {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  const std::size_t last = text.find_last_not_of(blanks);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// What stands before the first `mark`, which is taken off `text` with it.
std::string_view take_until(std::string_view& text, char mark) noexcept {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(before);
}

/// §12.4.2: 0 to 1 with up to three decimals, here in thousandths.
std::optional<int> parse_weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
      (text.size() > 1 && text[1] != '.')) {
    return std::nullopt;
  }
  int thousandths = (text[0] - '0') * 1000;
  int place = 100;
  for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    thousandths += (c - '0') * place;
    place /= 10;
  }
  return thousandths <= 1000 ? std::optional{thousandths} : std::nullopt;
}

/// Of "gzip;q=0.5".
std::optional<int> weight_of(std::string_view parameters) noexcept {
  if (parameters.empty()) {
    return 1000;
  }
  const std::string_view name = take_until(parameters, '=');
  return same_text(name, "q") ? parse_weight(trim(parameters)) : std::nullopt;
}

struct weights {
  std::optional<int> gzip;
  std::optional<int> identity;
  std::optional<int> any;

  void note(std::string_view coding, int weight) noexcept {
    if (same_text(coding, "gzip") || same_text(coding, "x-gzip")) {
      gzip = std::max(gzip.value_or(0), weight);
    } else if (same_text(coding, "identity")) {
      identity = weight;
    } else if (coding == "*") {
      any = weight;
    }
  }
};

}  // namespace

bool accepts_gzip(const http_request& request) noexcept {
  weights asked;
  for (const auto& [name, value] : request.headers) {
    std::string_view list = name == "accept-encoding" ? std::string_view{value} : "";
    while (!list.empty()) {
      std::string_view member = take_until(list, ',');
      const std::string_view coding = take_until(member, ';');
      if (const auto weight = weight_of(trim(member))) {
        asked.note(coding, *weight);
      }
    }
  }
  // Of what is not named, "*" has the weight; identity that is not named is good only for want of
  // another.
  const int gzip = asked.gzip.value_or(asked.any.value_or(0));
  return gzip > 0 && gzip >= asked.identity.value_or(0);
}

std::string to_gzip(std::string_view text) {
  constexpr int gzip_of_largest_window = MAX_WBITS + 16;
  constexpr int usual_memory = 8;
  z_stream z{};
  if (text.size() > std::numeric_limits<uInt>::max() ||
      deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, gzip_of_largest_window, usual_memory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string coded(deflateBound(&z, static_cast<uLong>(text.size())), '\0');
  // zlib does not write there, whatever its type says.
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(coded.data());
  z.avail_out = static_cast<uInt>(coded.size());
  const int ended = deflate(&z, Z_FINISH);
  coded.resize(ended == Z_STREAM_END ? z.total_out : 0);
  deflateEnd(&z);
  return coded;
}

void code_content(const http_request& request, http_response& response) {
  if (response.body.size() < least_coded_octets) {
    return;
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(request)) {
    return;
  }
  if (std::string coded = to_gzip(response.body); !coded.empty()) {
    response.body = std::move(coded);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
}

}  // namespace diamgw::transport
