// DiameterURI (RFC 6733 §4.3.1).
#include <charconv>

#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

bool starts_with_cut(std::string_view& rest, std::string_view prefix) noexcept {
  if (!rest.starts_with(prefix)) {
    return false;
  }
  rest.remove_prefix(prefix.size());
  return true;
}

/// The front of `rest` up to any of `ends`, cut off.
std::string_view cut_until(std::string_view& rest, std::string_view ends) noexcept {
  const std::string_view part = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(part.size());
  return part;
}

bool parse_port(std::string_view text, std::uint16_t& port) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, ec] = std::from_chars(text.data(), end, port);
  return ec == std::errc{} && stop == end && port != 0;
}

bool parse_transport(std::string_view text, diameter_uri& uri) noexcept {
  using kind = diameter_uri::transport_kind;
  if (text == "tcp") {
    uri.transport = kind::tcp;
  } else if (text == "sctp") {
    uri.transport = kind::sctp;
  } else if (text == "udp") {
    uri.transport = kind::udp;
  } else {
    return false;
  }
  return true;
}

bool parse_protocol(std::string_view text, diameter_uri& uri) noexcept {
  using kind = diameter_uri::protocol_kind;
  if (text == "diameter") {
    uri.protocol = kind::diameter;
  } else if (text == "radius") {
    uri.protocol = kind::radius;
  } else if (text == "tacacs+") {
    uri.protocol = kind::tacacs_plus;
  } else {
    return false;
  }
  return true;
}

}  // namespace

result<diameter_uri> parse_diameter_uri(std::string_view text) noexcept {
  const error_code bad = make_error_code(errc::value_uri);
  diameter_uri uri;
  std::string_view rest = text;
  if (starts_with_cut(rest, "aaas://")) {
    uri.secure = true;
    uri.port = default_secure_port;
  } else if (!starts_with_cut(rest, "aaa://")) {
    return bad;
  }
  uri.fqdn = cut_until(rest, ":;");
  if (!is_diameter_identity(uri.fqdn)) {
    return bad;
  }
  if (starts_with_cut(rest, ":") && !parse_port(cut_until(rest, ";"), uri.port)) {
    return bad;
  }
  if (starts_with_cut(rest, ";transport=") && !parse_transport(cut_until(rest, ";"), uri)) {
    return bad;
  }
  if (starts_with_cut(rest, ";protocol=") && !parse_protocol(cut_until(rest, ";"), uri)) {
    return bad;
  }
  // §4.3.1: "UDP MUST NOT be used when the aaa-protocol field is set to diameter."
  const bool udp_diameter = uri.transport == diameter_uri::transport_kind::udp &&
                            uri.protocol == diameter_uri::protocol_kind::diameter;
  if (!rest.empty() || udp_diameter) {
    return bad;
  }
  return uri;
}

}  // namespace diamgw::diameter
