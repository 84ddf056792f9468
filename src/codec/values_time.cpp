// Time (RFC 6733 §4.3.1) and its RFC 3339 text.
#include <algorithm>

#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

using std::chrono::sys_seconds;

constexpr std::int64_t seconds_1900_to_1970 = 2'208'988'800;
constexpr std::int64_t era = std::int64_t{1} << 32U;
constexpr std::uint32_t bit_0 = 0x80000000U;

/// The number of two digits; sets `wrong` where they are none.
[[nodiscard]] unsigned two_digits(const char* p, bool& wrong) noexcept {
  const auto tens = static_cast<unsigned>(p[0] - '0');
  const auto ones = static_cast<unsigned>(p[1] - '0');
  wrong |= tens > 9 || ones > 9;
  return tens * 10 + ones;
}

/// The five characters of "hh:mm", as used for the time of day and for the offset.
[[nodiscard]] std::chrono::minutes hours_minutes(const char* p, bool& wrong) noexcept {
  const unsigned hours = two_digits(p, wrong);
  const unsigned minutes = two_digits(p + 3, wrong);
  wrong |= hours > 23 || minutes > 59 || p[2] != ':';
  return std::chrono::minutes{hours * 60 + minutes};
}

/// ".123", where there is one, off the front of `rest`.
[[nodiscard]] bool cut_fraction(std::string_view& rest) noexcept {
  if (!rest.starts_with('.')) {
    return true;
  }
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789", 1), rest.size()) - 1;
  rest.remove_prefix(digits + 1);
  return digits > 0;
}

/// "Z" or "+hh:mm" to the end of the text.
[[nodiscard]] std::chrono::minutes offset(std::string_view rest, bool& wrong) noexcept {
  if (rest == "Z" || rest == "z") {
    return {};
  }
  if (rest.size() != 6 || (rest.front() != '+' && rest.front() != '-')) {
    wrong = true;
    return {};
  }
  const std::chrono::minutes east = hours_minutes(rest.data() + 1, wrong);
  return rest.front() == '-' ? -east : east;
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
  constexpr std::size_t up_to_seconds = std::string_view{"2026-02-07T06:28:16"}.size();
  if (text.size() <= up_to_seconds) {
    return make_error_code(errc::value_time);
  }
  const char* const p = text.data();
  // RFC 3339 §5.6: T and Z may be lower case.
  bool wrong = p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != 't') || p[16] != ':';
  const unsigned century = two_digits(p, wrong);
  const std::chrono::year_month_day date{
      std::chrono::year{static_cast<int>(century * 100 + two_digits(p + 2, wrong))},
      std::chrono::month{two_digits(p + 5, wrong)}, std::chrono::day{two_digits(p + 8, wrong)}};
  const std::chrono::minutes of_day = hours_minutes(p + 11, wrong);
  const std::chrono::seconds seconds{two_digits(p + 17, wrong)};
  std::string_view rest = text.substr(up_to_seconds);
  wrong |= !date.ok() || seconds > std::chrono::seconds{60} || !cut_fraction(rest);
  const sys_seconds t = std::chrono::sys_days{date} + of_day + seconds - offset(rest, wrong);
  if (wrong || encode_time(t).has_error()) {
    return make_error_code(errc::value_time);
  }
  return t;
}

}  // namespace diamgw::diameter
