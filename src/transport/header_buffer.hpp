// Octets of an HTTP connection: finds where a header ends, looking at each octet once.
#pragma once
#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"

namespace diamgw::transport {

/// Beast's parser is given whole headers only: what it says of one then does not depend on the
/// pieces in which it came, and neither does the limit.
class header_buffer {
 public:
  explicit header_buffer(std::size_t header_octets)
      : limit_{std::max(header_octets, least_octets)}, octets_(limit_ + spare_octets) {}

  [[nodiscard]] mutable_bytes prepare() {
    if (begin_ != 0 && end_ == octets_.size()) {
      std::memmove(octets_.data(), octets_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      scanned_ -= std::min(scanned_, begin_);
      begin_ = 0;
    }
    return mutable_bytes{octets_}.subspan(end_);
  }
  void commit(std::size_t octets) noexcept { end_ += std::min(octets, octets_.size() - end_); }

  /// What is held and not consumed.
  [[nodiscard]] bytes_view held() const noexcept {
    return bytes_view{octets_}.subspan(begin_, end_ - begin_);
  }
  void consume(std::size_t octets) noexcept {
    begin_ += octets;
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
    scanned_ = begin_;
  }

  enum class header { partial, whole, too_large, not_http };

  /// Whether held() begins with a whole header; its size then is header_octets().
  [[nodiscard]] header find_header() noexcept {
    skip_empty_lines();
    const std::string_view text = as_text(held());
    if (text.empty() || text == "\r") {
      return header::partial;
    }
    // A method is a name (RFC 9110 §9.1): no TLS hello or other protocol waits here for its end.
    const auto first = static_cast<unsigned char>(text.front());
    if (!((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z'))) {
      return header::not_http;
    }
    const std::size_t from = scanned_ > begin_ + 3 ? scanned_ - begin_ - 3 : 0;
    const std::size_t at = text.find("\r\n\r\n", from);
    scanned_ = end_;
    if (at == std::string_view::npos) {
      return text.size() < limit_ ? header::partial : header::too_large;
    }
    header_octets_ = at + 4;
    return header_octets_ <= limit_ ? header::whole : header::too_large;
  }
  [[nodiscard]] std::size_t header_octets() const noexcept { return header_octets_; }

 private:
  /// RFC 9112 §2.2: empty lines before the request line are ignored; some clients end a body so.
  void skip_empty_lines() noexcept {
    while (as_text(held()).starts_with("\r\n")) {
      consume(2);
    }
  }

  static constexpr std::size_t least_octets = 64;
  static constexpr std::size_t spare_octets = 1024;  // so that there is always room

  std::size_t limit_;
  std::vector<std::byte> octets_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;
  std::size_t header_octets_ = 0;
};

}  // namespace diamgw::transport
