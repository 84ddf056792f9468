// Rules for editors: see the header.
#include "diamgw/websocket/handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::websocket {
namespace {

using refusal_field = std::pair<std::string_view, std::string_view>;

// §1.3: the GUID that stands for this protocol.
constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

constexpr std::array<refusal_field, 1> get_alone{{{"Allow", "GET"}}};
constexpr std::array<refusal_field, 2> upgrade_to_13{
    {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}};

// ---- fields

std::size_t count_of(handshake_fields fields, std::string_view name) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count(fields, name, &std::pair<std::string, std::string>::first));
}

/// The field's first value; empty where there is none.
std::string_view value_of(handshake_fields fields, std::string_view name) noexcept {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view{} : found->second;
}

/// Without the spaces around it.
std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `take` with each element of a list (RFC 9110 §5.6.1), over all fields of that name (§5.3
/// there); empty ones are left out. Ends where it gives false.
template <class Take>
void for_each_element(handshake_fields fields, std::string_view name, Take take) {
  for (const auto& [field, value] : fields) {
    std::string_view list = field == name ? std::string_view{value} : std::string_view{};
    while (!list.empty()) {
      const std::size_t comma = list.find(',');
      const std::string_view element = trimmed(list.substr(0, comma));
      list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
      if (!element.empty() && !take(element)) {
        return;
      }
    }
  }
}

bool has_token(handshake_fields fields, std::string_view name, std::string_view token) {
  bool found = false;
  for_each_element(fields, name, [&](std::string_view element) {
    found = same_text(element, token);
    return !found;
  });
  return found;
}

bool is_token_octet(char c) noexcept {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";  // RFC 9110 §5.6.2
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_token_octet);
}

/// The tokens of a list; nothing where one is no token.
std::optional<std::vector<std::string_view>> tokens_of(handshake_fields fields,
                                                       std::string_view name) {
  std::vector<std::string_view> tokens;
  bool good = true;
  for_each_element(fields, name, [&](std::string_view element) {
    good = is_token(element);
    tokens.push_back(element);
    return good;
  });
  return good ? std::optional{std::move(tokens)} : std::nullopt;
}

/// A token, or one in quotes and with escapes (RFC 2616 §2.2); nothing where it is none.
std::optional<std::string> parameter_value_of(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    return is_token(text) ? std::optional<std::string>{text} : std::nullopt;
  }
  std::string value;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    i += text[i] == '\\' ? 1U : 0U;
    value += text[i];  // that of the last quote, where it is what is escaped: no token
  }
  return is_token(value) ? std::optional{std::move(value)} : std::nullopt;
}

/// token [ "=" ( token | quoted-string ) ], spaces allowed between them, and what the quotes hold
/// must be a token, too (§9.1): so neither "," nor ";" can stand in them. Nothing where it is none.
std::optional<extension_parameter> parameter_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  extension_parameter p{.name = trimmed(text.substr(0, equals)), .value = std::nullopt};
  if (equals != std::string_view::npos) {
    p.value = parameter_value_of(trimmed(text.substr(equals + 1)));
    if (!p.value) {
      return std::nullopt;
    }
  }
  return is_token(p.name) ? std::optional{std::move(p)} : std::nullopt;
}

/// extension = token *( ";" parameter ). Nothing where it is none.
std::optional<extension_offer> offer_of(std::string_view element) {
  std::size_t end = element.find(';');
  extension_offer offer{.name = trimmed(element.substr(0, end))};
  if (!is_token(offer.name)) {
    return std::nullopt;
  }
  while (end != std::string_view::npos) {
    element = element.substr(end + 1);
    end = element.find(';');
    auto parameter = parameter_of(element.substr(0, end));
    if (!parameter) {
      return std::nullopt;
    }
    offer.parameters.push_back(*std::move(parameter));
  }
  return offer;
}

/// All offers; nothing where one is none.
/// deviates: §9.1 wants one at least; a field without any is taken for none.
std::optional<std::vector<extension_offer>> extensions_of(handshake_fields fields) {
  std::vector<extension_offer> offers;
  bool good = true;
  for_each_element(fields, "sec-websocket-extensions", [&](std::string_view element) {
    auto offer = offer_of(element);
    good = offer.has_value();
    if (good) {
      offers.push_back(*std::move(offer));
    }
    return good;
  });
  return good ? std::optional{std::move(offers)} : std::nullopt;
}

// ---- keys

template <std::size_t Octets>
std::string base64(const std::array<unsigned char, Octets>& octets) {
  std::string text((Octets + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a zero octet
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                  static_cast<int>(Octets));
  text.pop_back();
  return text;
}

bool is_base64_digit(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

/// The base64 form of 16 octets (§4.1): 22 digits and two pads. The last digit's 4 low bits mean
/// nothing, and encoders that leave something there exist: not checked.
bool is_valid_key(std::string_view key) noexcept {
  return key.size() == 24 && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, 22), is_base64_digit);
}

/// Sec-WebSocket-Accept: base64(SHA-1(key + GUID)), 28 characters (§4.2.2 item 5.4).
std::string accept_key(std::string_view key) {
  std::string text{key};
  text += guid;
  std::array<unsigned char, 20> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  return base64(digest);
}

// ---- the rules of §4.2.1

opening_refusal bad_request(std::string_view sentence) noexcept {
  return {opening_fault::bad_request, 400, sentence};
}

/// Items 1 and 2: the request line and Host.
std::optional<opening_refusal> check_request(const opening_request& request) {
  // deviates: "an HTTP/1.1 or higher GET request"; there is no higher one that is read so.
  if (request.http_version != 11) {
    return bad_request("A WebSocket upgrade needs HTTP/1.1.");
  }
  if (count_of(request.fields, "host") != 1) {
    return bad_request("There must be one Host field.");
  }
  if (request.method != "GET") {
    return opening_refusal{opening_fault::wrong_method, 405,
                           "A WebSocket upgrade is a GET request.", get_alone};
  }
  // What follows the head is taken for frames.
  if (request.has_body) {
    return bad_request("A WebSocket upgrade has no body.");
  }
  return std::nullopt;
}

/// Items 3 to 7: the fields of the handshake.
std::optional<opening_refusal> check_fields(handshake_fields fields) {
  if (!has_token(fields, "upgrade", "websocket") || !has_token(fields, "connection", "upgrade")) {
    return opening_refusal{opening_fault::not_an_upgrade, 426,
                           "Only WebSocket is served here: the request is no upgrade to it.",
                           upgrade_to_13};
  }
  const std::size_t versions = count_of(fields, "sec-websocket-version");
  if (versions == 0) {
    return bad_request("Sec-WebSocket-Version is missing.");
  }
  // §4.4: other versions are answered with those that are understood.
  if (versions != 1 || value_of(fields, "sec-websocket-version") != "13") {
    return opening_refusal{opening_fault::unsupported_version, 426,
                           "Only version 13 of WebSocket is served here.", upgrade_to_13};
  }
  // §11.3.1: the key must not come more than once.
  if (count_of(fields, "sec-websocket-key") != 1 ||
      !is_valid_key(value_of(fields, "sec-websocket-key"))) {
    return bad_request("Sec-WebSocket-Key must be one value of 16 octets in base64.");
  }
  if (count_of(fields, "origin") > 1) {
    return bad_request("There must be at most one Origin field.");
  }
  return std::nullopt;
}

void append_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::variant<opening, opening_refusal> judge_opening(const opening_request& request) {
  if (const auto refused = check_request(request)) {
    return *refused;
  }
  if (const auto refused = check_fields(request.fields)) {
    return *refused;
  }
  auto offered = tokens_of(request.fields, "sec-websocket-protocol");
  if (!offered) {
    return bad_request("Sec-WebSocket-Protocol is not a list of tokens.");
  }
  auto extensions = extensions_of(request.fields);
  if (!extensions) {
    return bad_request("Sec-WebSocket-Extensions is not a list of extensions.");
  }
  return opening{.key = value_of(request.fields, "sec-websocket-key"),
                 .origin = value_of(request.fields, "origin"),
                 .protocols = std::move(*offered),
                 .extensions = std::move(*extensions)};
}

std::optional<std::size_t> choose_subprotocol(std::span<const std::string_view> offered,
                                              std::span<const std::string_view> known) noexcept {
  for (const std::string_view name : offered) {
    const auto found = std::ranges::find(known, name);
    if (found != known.end()) {
      return static_cast<std::size_t>(found - known.begin());
    }
  }
  return std::nullopt;
}

std::string encode_acceptance(std::string_view key, std::string_view protocol,
                              std::string_view extensions) {
  std::string text = "HTTP/1.1 101 Switching Protocols\r\n";
  append_field(text, "Upgrade", "websocket");
  append_field(text, "Connection", "Upgrade");
  append_field(text, "Sec-WebSocket-Accept", accept_key(key));
  if (!protocol.empty()) {
    append_field(text, "Sec-WebSocket-Protocol", protocol);
  }
  if (!extensions.empty()) {
    append_field(text, "Sec-WebSocket-Extensions", extensions);
  }
  return text.append("\r\n");
}

std::string encode_opening(const opening_query& query) {
  std::string text = "GET ";
  text.append(query.target).append(" HTTP/1.1\r\n");
  append_field(text, "Host", query.host);
  append_field(text, "Upgrade", "websocket");
  append_field(text, "Connection", "Upgrade");
  append_field(text, "Sec-WebSocket-Key", query.key);
  append_field(text, "Sec-WebSocket-Version", "13");
  for (const std::string_view protocol : query.protocols) {
    append_field(text, "Sec-WebSocket-Protocol", protocol);
  }
  return text.append("\r\n");
}

std::string encode_key(std::span<const std::byte, 16> nonce) {
  std::array<unsigned char, 16> octets{};
  std::ranges::transform(nonce, octets.begin(),
                         [](std::byte b) { return std::to_integer<unsigned char>(b); });
  return base64(octets);
}

// Items 2 to 6 of what §4.1 has a client check; we offer no extensions.
std::string_view find_fault(handshake_fields reply, const opening_query& asked) {
  if (!has_token(reply, "upgrade", "websocket") || !has_token(reply, "connection", "upgrade")) {
    return "the reply is no upgrade to WebSocket";
  }
  if (value_of(reply, "sec-websocket-accept") != accept_key(asked.key)) {
    return "wrong Sec-WebSocket-Accept";
  }
  if (!value_of(reply, "sec-websocket-extensions").empty()) {
    return "an extension that was not asked for";
  }
  const std::string_view chosen = value_of(reply, "sec-websocket-protocol");
  if (!chosen.empty() && std::ranges::find(asked.protocols, chosen) == asked.protocols.end()) {
    return "a subprotocol that was not asked for";
  }
  return {};
}

}  // namespace diamgw::websocket
