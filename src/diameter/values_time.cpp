// Time (RFC 6733 §4.3.1) and its RFC 3339 text.
#include "diamgw/diameter/values.hpp"

namespace diamgw::diameter {
namespace {

using std::chrono::sys_seconds;

constexpr std::int64_t seconds_1900_to_1970 = 2'208'988'800;
constexpr std::int64_t era = std::int64_t{1} << 32U;
constexpr std::uint32_t bit_0 = 0x80000000U;

/// `digits` decimal digits off the front of `rest`; -1 where they are not there.
int cut_number(std::string_view& rest, std::size_t digits) noexcept {
  if (rest.size() < digits) {
    return -1;
  }
  int value = 0;
  for (const char c : rest.substr(0, digits)) {
    if (c < '0' || c > '9') {
      return -1;
    }
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return value;
}

bool cut_char(std::string_view& rest, char c) noexcept {
  // RFC 3339 §5.6: T and Z may be lower case.
  const bool letter = c >= 'A' && c <= 'Z';
  if (rest.empty() || (rest.front() != c && (!letter || rest.front() != c + ('a' - 'A')))) {
    return false;
  }
  rest.remove_prefix(1);
  return true;
}

/// "hh:mm", as used for the time of day and for the offset.
bool cut_hours_minutes(std::string_view& rest, int& hours, int& minutes) noexcept {
  hours = cut_number(rest, 2);
  if (hours < 0 || hours > 23 || !cut_char(rest, ':')) {
    return false;
  }
  minutes = cut_number(rest, 2);
  return minutes >= 0 && minutes <= 59;
}

bool cut_fraction(std::string_view& rest) noexcept {
  if (!cut_char(rest, '.')) {
    return true;
  }
  std::size_t digits = 0;
  while (cut_number(rest, 1) >= 0) {
    ++digits;
  }
  return digits > 0;
}

/// "Z" or "+hh:mm", to the end of the text.
bool cut_offset(std::string_view& rest, std::chrono::minutes& offset) noexcept {
  if (cut_char(rest, 'Z')) {
    return rest.empty();
  }
  const bool west = cut_char(rest, '-');
  int hours = 0;
  int minutes = 0;
  if ((!west && !cut_char(rest, '+')) || !cut_hours_minutes(rest, hours, minutes)) {
    return false;
  }
  offset = std::chrono::minutes{(west ? -1 : 1) * (hours * 60 + minutes)};
  return rest.empty();
}

void put_number(char*& out, unsigned value, unsigned digits) noexcept {
  for (unsigned i = digits; i-- > 0;) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out += digits;
}

}  // namespace

result<sys_seconds> decode_time(bytes_view data) noexcept {
  if (data.size() != 4) {
    return make_error_code(errc::value_length);
  }
  const std::uint32_t ntp = load_be32(data.data());
  const std::int64_t since_1900 = (ntp & bit_0) != 0 ? std::int64_t{ntp} : era + ntp;
  return sys_seconds{std::chrono::seconds{since_1900 - seconds_1900_to_1970}};
}

result<std::uint32_t> encode_time(sys_seconds t) noexcept {
  const std::int64_t since_1970 = t.time_since_epoch().count();
  if (since_1970 < std::int64_t{bit_0} - seconds_1900_to_1970 ||
      since_1970 >= era + std::int64_t{bit_0} - seconds_1900_to_1970) {
    return make_error_code(errc::value_time);
  }
  return static_cast<std::uint32_t>(since_1970 + seconds_1900_to_1970);
}

std::array<char, 20> format_time(sys_seconds t) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  std::array<char, 20> text{};
  char* out = text.data();
  put_number(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  put_number(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  put_number(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  put_number(out, static_cast<unsigned>(time.hours().count()), 2);
  *out++ = ':';
  put_number(out, static_cast<unsigned>(time.minutes().count()), 2);
  *out++ = ':';
  put_number(out, static_cast<unsigned>(time.seconds().count()), 2);
  *out++ = 'Z';
  return text;
}

result<sys_seconds> parse_time(std::string_view text) noexcept {
  const error_code bad = make_error_code(errc::value_time);
  std::string_view rest = text;
  const int year = cut_number(rest, 4);
  const bool dash1 = cut_char(rest, '-');
  const int month = cut_number(rest, 2);
  const bool dash2 = cut_char(rest, '-');
  const int day = cut_number(rest, 2);
  if (year < 0 || month < 0 || day < 0 || !dash1 || !dash2 || !cut_char(rest, 'T')) {
    return bad;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  int hours = 0;
  int minutes = 0;
  if (!date.ok() || !cut_hours_minutes(rest, hours, minutes) || !cut_char(rest, ':')) {
    return bad;
  }
  const int seconds = cut_number(rest, 2);
  std::chrono::minutes offset{};
  if (seconds < 0 || seconds > 60 || !cut_fraction(rest) || !cut_offset(rest, offset)) {
    return bad;
  }
  const sys_seconds t = std::chrono::sys_days{date} + std::chrono::hours{hours} +
                        std::chrono::minutes{minutes} + std::chrono::seconds{seconds} - offset;
  if (encode_time(t).has_error()) {
    return bad;
  }
  return t;
}

}  // namespace diamgw::diameter
