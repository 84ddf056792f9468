#include "codec/json_floor.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "codec/by_hand.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::bench::by_hand {
namespace {

/// Appends; never past the end.
class text {
 public:
  explicit text(mutable_bytes out) noexcept
      : begin_{reinterpret_cast<char*>(out.data())}, at_{begin_}, end_{begin_ + out.size()} {}

  void raw(std::string_view s) noexcept {
    if (s.size() > static_cast<std::size_t>(end_ - at_)) {
      good_ = false;
      return;
    }
    std::memcpy(at_, s.data(), s.size());
    at_ += s.size();
  }
  template <class Number>
  void number(Number v) noexcept {
    const auto [end, ec] = std::to_chars(at_, end_, v);
    good_ = good_ && ec == std::errc{};
    at_ = end;
  }
  /// UTF-8 and nothing to escape is what this message has; anything else is refused.
  void string(bytes_view octets) noexcept {
    raw("\"");
    for (const std::byte b : octets) {
      const auto c = std::to_integer<unsigned char>(b);
      good_ = good_ && c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
    }
    raw(as_text(octets));
    raw("\"");
  }
  void refuse() noexcept { good_ = false; }
  [[nodiscard]] std::string_view whole() const noexcept {
    return good_ ? std::string_view{begin_, static_cast<std::size_t>(at_ - begin_)}
                 : std::string_view{};
  }

 private:
  char* begin_;
  char* at_;
  char* end_;
  bool good_ = true;
};

[[nodiscard]] bool put_number(text& out, bytes_view data) noexcept {
  std::uint32_t v = 0;
  if (!get(data, v)) {
    return false;
  }
  out.number(v);
  return true;
}

[[nodiscard]] bool put_quoted_u64(text& out, bytes_view data) noexcept {
  std::uint64_t v = 0;
  if (!get(data, v)) {
    return false;
  }
  out.raw("\"");
  out.number(v);
  out.raw("\"");
  return true;
}

template <std::size_t N>
[[nodiscard]] bool put_name(text& out, bytes_view data, std::uint32_t first,
                            const std::array<std::string_view, N>& names) noexcept {
  std::uint32_t v = 0;
  if (!get(data, v)) {
    return false;
  }
  if (v - first < N) {
    out.raw(names[v - first]);
  } else {
    out.number(static_cast<std::int32_t>(v));
  }
  return true;
}

[[nodiscard]] bool put_time(text& out, bytes_view data) noexcept {
  const auto when = diameter::decode_time(data);
  if (!when) {
    return false;
  }
  const auto shown = diameter::format_time(*when);
  out.raw("\"");
  out.raw({shown.data(), shown.size()});
  out.raw("\"");
  return true;
}

/// What may stand as an identity or as text; this message's is ASCII.
[[nodiscard]] bool put_text(text& out, bytes_view data) noexcept {
  out.string(data);
  return true;
}

[[nodiscard]] bool put_subscription(text& out, bytes_view group) noexcept {
  constexpr std::array<std::string_view, 5> types{"\"END_USER_E164\"", "\"END_USER_IMSI\"",
                                                  "\"END_USER_SIP_URI\"", "\"END_USER_NAI\"",
                                                  "\"END_USER_PRIVATE\""};
  bool first = true;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    out.raw(first ? "" : ",");
    first = false;
    switch (id) {
      case 450:
        out.raw("\"Subscription-Id-Type\":");
        return put_name(out, data, 0, types);
      case 444:
        out.raw("\"Subscription-Id-Data\":");
        return put_text(out, data);
      default:
        return false;
    }
  });
}

[[nodiscard]] bool put_units(text& out, bytes_view group) noexcept {
  bool first = true;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    out.raw(first ? "" : ",");
    first = false;
    switch (id) {
      case 421:
        out.raw("\"CC-Total-Octets\":");
        return put_quoted_u64(out, data);
      case 420:
        out.raw("\"CC-Time\":");
        return put_number(out, data);
      default:
        return false;
    }
  });
}

[[nodiscard]] bool put_service(text& out, bytes_view group) noexcept {
  bool first = true;
  return walk(group, [&](std::uint64_t id, bytes_view data) {
    out.raw(first ? "" : ",");
    first = false;
    switch (id) {
      case 432:
        out.raw("\"Rating-Group\":");
        return put_number(out, data);
      case 437: {
        out.raw("\"Requested-Service-Unit\":{");
        const bool good = put_units(out, data);
        out.raw("}");
        return good;
      }
      case 446: {  // may repeat; here it does not
        out.raw("\"Used-Service-Unit\":[{");
        const bool good = put_units(out, data);
        out.raw("}]");
        return good;
      }
      default:
        return false;
    }
  });
}

}  // namespace

std::string_view write_json(std::string_view id, bytes_view ccr, mutable_bytes room) noexcept {
  constexpr std::array<std::string_view, 4> types{"\"INITIAL_REQUEST\"", "\"UPDATE_REQUEST\"",
                                                  "\"TERMINATION_REQUEST\"", "\"EVENT_REQUEST\""};
  text out{room};
  out.raw("{\"jsonrpc\":\"2.0\",\"id\":");
  out.raw(id);
  out.raw(",\"method\":\"CCR\",\"params\":{\"$application\":");
  out.number(load_be32(ccr.data() + 8));
  std::uint64_t open = 0;  // the array that is open
  const bool good = walk(ccr.subspan(20), [&](std::uint64_t avp, bytes_view data) {
    if (open != 0 && open != avp) {
      out.raw("]");
      open = 0;
    }
    switch (avp) {
      case 263:
        out.raw(",\"Session-Id\":");
        return put_text(out, data);
      case 264:
        out.raw(",\"Origin-Host\":");
        return put_text(out, data);
      case 296:
        out.raw(",\"Origin-Realm\":");
        return put_text(out, data);
      case 283:
        out.raw(",\"Destination-Realm\":");
        return put_text(out, data);
      case 258:
        out.raw(",\"Auth-Application-Id\":");
        return put_number(out, data);
      case 461:
        out.raw(",\"Service-Context-Id\":");
        return put_text(out, data);
      case 416:
        out.raw(",\"CC-Request-Type\":");
        return put_name(out, data, 1, types);
      case 415:
        out.raw(",\"CC-Request-Number\":");
        return put_number(out, data);
      case 1:
        out.raw(",\"User-Name\":");
        return put_text(out, data);
      case 55:
        out.raw(",\"Event-Timestamp\":");
        return put_time(out, data);
      case 443: {
        out.raw(open == 0 ? ",\"Subscription-Id\":[{" : ",{");
        open = avp;
        const bool good_group = put_subscription(out, data);
        out.raw("}");
        return good_group;
      }
      case 456: {
        out.raw(open == 0 ? ",\"Multiple-Services-Credit-Control\":[{" : ",{");
        open = avp;
        const bool good_group = put_service(out, data);
        out.raw("}");
        return good_group;
      }
      default:
        return false;
    }
  });
  if (open != 0) {
    out.raw("]");
  }
  out.raw("}}");
  if (!good) {
    out.refuse();
  }
  return out.whole();
}

}  // namespace diamgw::bench::by_hand
