#include "diamgw/transport/http.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>
#include <limits>
#include <optional>

#include "header_buffer.hpp"
#include "http_text.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using request_parser = http::request_parser<http::empty_body>;

std::string to_string(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

bool has_token(boost::beast::string_view list, std::string_view token) {
  return http::token_list{list}.exists({token.data(), token.size()});
}

/// All values of a field, joined (RFC 9110 §5.3).
template <class Name>
std::string joined(const http::fields& fields, Name name) {
  std::string all;
  const auto [begin, end] = fields.equal_range(name);
  for (auto i = begin; i != end; ++i) {
    all.append(all.empty() ? "" : ", ").append(i->value().data(), i->value().size());
  }
  return all;
}

std::size_t count_of(const http::fields& fields, http::field name) {
  return fields.count(name);
}

/// "path?query" of origin-form "/path?query" and absolute-form "ws://host/path?query" (RFC 9112
/// §3.2); empty where it is neither, or has a fragment.
std::string_view path_and_query(std::string_view target) {
  if (target.find('#') != std::string_view::npos) {
    return {};
  }
  if (target.starts_with('/')) {
    return target;
  }
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const std::size_t slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
}

/// Base64 (RFC 4648 §4) of 16 octets: 22 digits and "==".
bool is_key(std::string_view key) {
  constexpr std::size_t digits = 22;
  if (key.size() != digits + 2 || !key.ends_with("==")) {
    return false;
  }
  for (const char c : key.substr(0, digits)) {
    const bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '/';
    if (!digit) {
      return false;
    }
  }
  return true;
}

bool is_token_octet(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";  // RFC 9110 §5.6.2
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

/// The tokens of a list (RFC 9110 §5.6.1), empty elements left out; nothing where one is no token.
std::optional<std::vector<std::string>> split_tokens(std::string_view list) {
  std::vector<std::string> tokens;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view token = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    const std::size_t first = token.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
      continue;
    }
    token = token.substr(first, token.find_last_not_of(" \t") - first + 1);
    if (!std::all_of(token.begin(), token.end(), is_token_octet)) {
      return std::nullopt;
    }
    tokens.emplace_back(token);
  }
  return tokens;
}

http_refusal bad_request(std::string reason) {
  return {400, std::move(reason), {}};
}

/// RFC 6455 §4.2.1 on what names the resource: the request line and Host.
std::optional<http_refusal> check_resource(const http::request_header<>& request,
                                           const upgrade_rules& rules, upgrade_request& out) {
  if (request.version() != 11) {
    return bad_request("A WebSocket upgrade needs HTTP/1.1.");
  }
  if (count_of(request, http::field::host) != 1) {
    return bad_request("There must be one Host field.");
  }
  out.target = to_string(request.target());
  const std::string_view rest = path_and_query(out.target);
  if (rest.empty()) {
    return bad_request("The request target is not a path.");
  }
  const std::size_t mark = rest.find('?');
  out.path = rest.substr(0, mark);
  out.query = mark == std::string_view::npos ? "" : rest.substr(mark + 1);
  if (!rules.paths.empty() &&
      std::find(rules.paths.begin(), rules.paths.end(), out.path) == rules.paths.end()) {
    return http_refusal{404, "There is no WebSocket service at this path.", {}};
  }
  if (request.method() != http::verb::get) {
    return http_refusal{405, "A WebSocket upgrade is a GET request.", {{"Allow", "GET"}}};
  }
  return std::nullopt;
}

/// RFC 6455 §4.2.1 items 3 to 6: the fields of the handshake.
std::optional<http_refusal> check_handshake(const http::request_header<>& request) {
  if (!has_token(joined(request, http::field::upgrade), "websocket") ||
      !has_token(joined(request, http::field::connection), "upgrade")) {
    return http_refusal{426,
                        "Only WebSocket is served here: the request is no upgrade to it.",
                        {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}};
  }
  if (count_of(request, http::field::sec_websocket_version) == 0) {
    return bad_request("Sec-WebSocket-Version is missing.");
  }
  // §4.4: other versions are answered with those that are understood.
  if (joined(request, http::field::sec_websocket_version) != "13") {
    return http_refusal{426,
                        "Only version 13 of WebSocket is served here.",
                        {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}};
  }
  // §11.3.1: the key must not come more than once.
  if (count_of(request, http::field::sec_websocket_key) != 1 ||
      !is_key(to_string(request[http::field::sec_websocket_key]))) {
    return bad_request("Sec-WebSocket-Key must be one value of 16 octets in base64.");
  }
  if (count_of(request, http::field::origin) > 1) {
    return bad_request("There must be at most one Origin field.");
  }
  return std::nullopt;
}

upgrade_outcome judge(const request_parser& parser, const upgrade_rules& rules) {
  const http::request_header<>& request = parser.get().base();
  upgrade_request out;
  if (auto refused = check_resource(request, rules, out)) {
    return std::move(*refused);
  }
  if (parser.chunked() || parser.content_length().value_or(0) != 0) {
    return bad_request("A WebSocket upgrade has no body.");
  }
  if (auto refused = check_handshake(request)) {
    return std::move(*refused);
  }
  auto offered = split_tokens(joined(request, http::field::sec_websocket_protocol));
  if (!offered) {
    return bad_request("Sec-WebSocket-Protocol is not a list of tokens.");
  }
  out.protocols = std::move(*offered);
  out.host = to_string(request[http::field::host]);
  out.origin = to_string(request[http::field::origin]);
  out.key = to_string(request[http::field::sec_websocket_key]);
  out.extensions = joined(request, http::field::sec_websocket_extensions);
  out.forwarded_for = joined(request, "X-Forwarded-For");
  out.authorization = to_string(request[http::field::authorization]);
  out.cookie = joined(request, http::field::cookie);
  out.user_agent = to_string(request[http::field::user_agent]);
  return out;
}

}  // namespace

http_refusal refuse_unavailable(std::string reason, std::chrono::seconds retry_after) {
  return {503, std::move(reason), {{"Retry-After", std::to_string(retry_after.count())}}};
}

struct upgrade_reader::state {
  explicit state(upgrade_rules r) : rules{std::move(r)}, buffer{rules.header_octets} {}

  upgrade_rules rules;
  header_buffer buffer;
  bool answered = false;
};

upgrade_reader::upgrade_reader(upgrade_rules rules)
    : state_{std::make_unique<state>(std::move(rules))} {}
upgrade_reader::upgrade_reader(upgrade_reader&&) noexcept = default;
upgrade_reader& upgrade_reader::operator=(upgrade_reader&&) noexcept = default;
upgrade_reader::~upgrade_reader() = default;

mutable_bytes upgrade_reader::prepare() {
  return state_->buffer.prepare();
}

void upgrade_reader::commit(std::size_t octets) {
  state_->buffer.commit(octets);
}

upgrade_outcome upgrade_reader::next() {
  using header = header_buffer::header;
  if (state_->answered) {
    return need_more{};
  }
  const header found = state_->buffer.find_header();
  if (found == header::partial) {
    return need_more{};
  }
  state_->answered = true;
  if (found == header::not_http) {
    return bad_request("This is not HTTP.");
  }
  if (found == header::too_large) {
    return http_refusal{431, "The request's header is larger than is taken here.", {}};
  }
  const std::size_t octets = state_->buffer.header_octets();
  request_parser parser;
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);  // a body is refused, and by our own sentence
  error_code ec;
  parser.put(asio::buffer(state_->buffer.held().data(), octets), ec);
  if (ec || !parser.is_header_done()) {
    return bad_request("The request's header is malformed.");
  }
  upgrade_outcome outcome = judge(parser, state_->rules);
  state_->buffer.consume(octets);
  return outcome;
}

bytes_view upgrade_reader::leftover() const noexcept {
  return state_->buffer.held();
}

result<std::variant<need_more, upgrade_reply>> decode_upgrade_reply(bytes_view octets) {
  using outcome = std::variant<need_more, upgrade_reply>;
  const std::string_view text = as_text(octets);
  const std::size_t end = text.find("\r\n\r\n");
  const bool other =
      !text.substr(0, 5).empty() && !std::string_view{"HTTP/"}.starts_with(text.substr(0, 5));
  if (other) {
    return error_code{asio::error::invalid_argument};
  }
  if (end == std::string_view::npos) {
    return outcome{need_more{}};
  }
  http::response_parser<http::empty_body> parser;
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.skip(true);
  error_code ec;
  parser.put(asio::buffer(text.data(), end + 4), ec);
  if (ec || !parser.is_header_done()) {
    return error_code{asio::error::invalid_argument};
  }
  const auto& response = parser.get();
  upgrade_reply reply;
  reply.status = response.result_int();
  reply.accept = to_string(response[http::field::sec_websocket_accept]);
  reply.protocol = joined(response, http::field::sec_websocket_protocol);
  reply.extensions = joined(response, http::field::sec_websocket_extensions);
  const bytes_view rest = octets.subspan(end + 4);
  if (reply.status == 101) {
    // RFC 6455 §4.1 items 2 and 3 of what the client checks; the caller compares the key.
    if (!has_token(joined(response, http::field::upgrade), "websocket") ||
        !has_token(joined(response, http::field::connection), "upgrade")) {
      return error_code{asio::error::connection_refused};
    }
    reply.leftover.assign(rest.begin(), rest.end());
  } else {
    reply.reason = as_text(rest);
  }
  return outcome{std::move(reply)};
}

std::string status_line(unsigned status) {
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  return "HTTP/1.1 " + std::to_string(status) + " " + to_string(reason) + "\r\n";
}

}  // namespace diamgw::transport
