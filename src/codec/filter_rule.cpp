#include "diamgw/codec/filter_rule.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

using endpoint = ip_filter_rule::endpoint;
using name_set = ip_filter_rule::name_set;

constexpr std::string_view blanks = " \t";

/// Cuts the next word, at blanks, off the front of `rest`; empty at the end.
std::string_view next_word(std::string_view& rest) noexcept {
  const std::size_t begin = std::min(rest.find_first_not_of(blanks), rest.size());
  const std::size_t end = std::min(rest.find_first_of(blanks, begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

/// The word that `next_word` would cut.
std::string_view peek(std::string_view rest) noexcept {
  return next_word(rest);
}

bool take_prefix(std::string_view& rest, std::string_view prefix) noexcept {
  if (!rest.starts_with(prefix)) {
    return false;
  }
  rest.remove_prefix(prefix.size());
  return true;
}

template <class T>
bool parse_number(std::string_view text, T& out) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, ec] = std::from_chars(text.data(), end, out);
  return ec == std::errc{} && stop == end;
}

/// Cuts the next element, up to a comma, off the front of a list that is not empty.
std::string_view next_element(std::string_view& list) noexcept {
  const std::string_view element = list.substr(0, list.find(','));
  list.remove_prefix(std::min(element.size() + 1, list.size()));
  return element;
}

/// No element is empty: no comma begins or ends the list, none follows another.
bool is_list(std::string_view text) noexcept {
  return !text.empty() && text.front() != ',' && text.back() != ',' &&
         text.find(",,") == std::string_view::npos;
}

template <class T>
bool parse_range(std::string_view text, T& first, T& last) noexcept {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    const bool good = parse_number(text, first);
    last = first;
    return good;
  }
  return parse_number(text.substr(0, dash), first) && parse_number(text.substr(dash + 1), last) &&
         first <= last;
}

// Addresses

bool has_bits_beyond(std::span<const std::byte> octets, std::size_t bits) noexcept {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t in_mask = bits > 8 * i ? std::min<std::size_t>(bits - 8 * i, 8) : 0;
    if ((std::to_integer<unsigned>(octets[i]) & (0xffU >> in_mask)) != 0) {
      return true;
    }
  }
  return false;
}

bool parse_address_and_mask(std::string_view text, endpoint& out) noexcept {
  if (text == "any" || text == "assigned") {
    out.address = text == "any" ? endpoint::kind::any : endpoint::kind::assigned;
    return true;
  }
  const std::size_t slash = text.find('/');
  const std::string_view number = text.substr(0, slash);
  std::array<std::byte, 64> room;
  if (max_address_data(number) > room.size()) {
    return false;
  }
  const auto data = parse_address(number, room);
  const auto address = data ? decode_address(*data) : result<diameter::address>{data.error()};
  if (!address ||
      (address->family != address_families::ipv4 && address->family != address_families::ipv6)) {
    return false;
  }
  const std::size_t octets = address->octets.size();
  out.address =
      address->family == address_families::ipv4 ? endpoint::kind::ipv4 : endpoint::kind::ipv6;
  std::ranges::copy(address->octets, out.octets.begin());
  const auto width = static_cast<std::uint8_t>(8 * octets);
  out.bits = width;
  if (slash != std::string_view::npos && !parse_number(text.substr(slash + 1), out.bits)) {
    return false;
  }
  return out.bits <= width && !has_bits_beyond(std::span{out.octets}.first(octets), out.bits);
}

/// "[!] address[/bits] [ports]", before `end` or the options.
bool parse_endpoint(std::string_view& rest, endpoint& out) noexcept {
  std::string_view word = next_word(rest);
  if (take_prefix(word, "!")) {
    out.inverted = true;
    word = word.empty() ? next_word(rest) : word;
  }
  if (!parse_address_and_mask(word, out)) {
    return false;
  }
  if (const std::string_view ports = peek(rest);
      !ports.empty() && ports[0] >= '0' && ports[0] <= '9') {
    const auto list = port_list::parse(ports);
    if (!list) {
      return false;
    }
    out.ports = *list;
    next_word(rest);
  }
  return true;
}

bool has_ports(const std::optional<std::uint8_t>& protocol) noexcept {
  constexpr std::array<std::uint8_t, 3> with_ports{6, 17, 132};  // TCP, UDP, SCTP
  return !protocol || std::ranges::find(with_ports, *protocol) != with_ports.end();
}

// Options

bool parse_names(std::string_view list, std::span<const std::string_view> names,
                 std::optional<name_set>& out) noexcept {
  if (out || !is_list(list)) {
    return false;
  }
  name_set set;
  while (!list.empty()) {
    std::string_view name = next_element(list);
    const bool absent = take_prefix(name, "!");
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
      return false;
    }
    const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(found - names.begin()));
    (absent ? set.absent : set.present) |= bit;
  }
  out = set;
  return (set.present & set.absent) == 0;
}

constexpr std::array<std::string_view, 4> ip_option_names{"ssrr", "lsrr", "rr", "ts"};
constexpr std::array<std::string_view, 5> tcp_option_names{"mss", "window", "sack", "ts", "cc"};
constexpr std::array<std::string_view, 6> tcp_flag_names{"fin", "syn", "rst", "psh", "ack", "urg"};
constexpr std::array<std::string_view, 15> icmp_names{
    "echo reply",        "destination unreachable", "source quench",       "redirect",
    "echo request",      "router advertisement",    "router solicitation", "time-to-live exceeded",
    "IP header bad",     "timestamp request",       "timestamp reply",     "information request",
    "information reply", "address mask request",    "address mask reply"};

/// Cuts one type, or a range of them, off the front; the names have blanks in them.
bool take_icmp_type(std::string_view& rest) noexcept {
  for (const std::string_view name : icmp_names) {
    if (take_prefix(rest, name)) {
      return true;
    }
  }
  const std::string_view element = rest.substr(0, rest.find_first_of(", \t"));
  rest.remove_prefix(element.size());
  std::uint8_t first = 0;
  std::uint8_t last = 0;
  return parse_range(element, first, last);
}

bool parse_icmp_types(std::string_view& rest, std::string_view& out) noexcept {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  const std::string_view begin = rest;
  do {
    if (!take_icmp_type(rest)) {
      return false;
    }
  } while (take_prefix(rest, ","));
  const bool again = !out.empty();
  out = begin.substr(0, begin.size() - rest.size());
  return !again && (rest.empty() || blanks.find(rest.front()) != std::string_view::npos);
}

bool parse_flag(bool& flag) noexcept {
  const bool again = flag;
  flag = true;
  return !again;
}

bool parse_option(std::string_view& rest, ip_filter_rule& out) noexcept {
  const std::string_view word = next_word(rest);
  if (word == "frag") {
    return parse_flag(out.fragment);
  }
  if (word == "established") {
    return parse_flag(out.established);
  }
  if (word == "setup") {
    return parse_flag(out.setup);
  }
  if (word == "ipoptions") {
    return parse_names(next_word(rest), ip_option_names, out.ip_options);
  }
  if (word == "tcpoptions") {
    return parse_names(next_word(rest), tcp_option_names, out.tcp_options);
  }
  if (word == "tcpflags") {
    return parse_names(next_word(rest), tcp_flag_names, out.tcp_flags);
  }
  return word == "icmptypes" && parse_icmp_types(rest, out.icmp_types);
}

bool parse_head(std::string_view& rest, ip_filter_rule& out) noexcept {
  const std::string_view action = next_word(rest);
  const std::string_view direction = next_word(rest);
  const std::string_view protocol = next_word(rest);
  if ((action != "permit" && action != "deny") || (direction != "in" && direction != "out")) {
    return false;
  }
  out.action =
      action == "permit" ? ip_filter_rule::action_kind::permit : ip_filter_rule::action_kind::deny;
  out.direction =
      direction == "in" ? ip_filter_rule::direction_kind::in : ip_filter_rule::direction_kind::out;
  if (protocol == "ip") {
    return true;
  }
  return parse_number(protocol, out.protocol.emplace());
}

}  // namespace

std::optional<port_list> port_list::parse(std::string_view text) noexcept {
  if (!is_list(text)) {
    return std::nullopt;
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    range ports;
    if (!parse_range(next_element(rest), ports.first, ports.last)) {
      return std::nullopt;
    }
  }
  return port_list{text};
}

bool port_list::contains(std::uint16_t port) const noexcept {
  std::string_view rest = text_;
  while (!rest.empty()) {
    range ports;
    if (parse_range(next_element(rest), ports.first, ports.last) && ports.first <= port &&
        port <= ports.last) {
      return true;
    }
  }
  return false;
}

result<ip_filter_rule> parse_ip_filter_rule(std::string_view text) noexcept {
  const error_code bad = make_error_code(errc::value_filter_rule);
  ip_filter_rule rule;
  std::string_view rest = text;
  if (!parse_head(rest, rule) || next_word(rest) != "from" || !parse_endpoint(rest, rule.source) ||
      next_word(rest) != "to" || !parse_endpoint(rest, rule.destination)) {
    return bad;
  }
  while (!peek(rest).empty()) {
    if (!parse_option(rest, rule)) {
      return bad;
    }
  }
  const bool ports = !rule.source.ports.empty() || !rule.destination.ports.empty();
  if ((ports && !has_ports(rule.protocol)) || (rule.fragment && (ports || rule.tcp_flags))) {
    return bad;
  }
  return rule;
}

}  // namespace diamgw::diameter
