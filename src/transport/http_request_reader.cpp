#include "http_request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <limits>
#include <optional>

#include "header_buffer.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using parser_type = http::request_parser<http::string_body>;

std::string lower_case(boost::beast::string_view text) {
  std::string out{text.data(), text.size()};
  std::ranges::transform(out, out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

std::optional<http_refusal> check_header(const http::request_header<>& request) {
  const auto method = request.method();
  if (method != http::verb::get && method != http::verb::head && method != http::verb::post) {
    return http_refusal{
        405, "Only GET, HEAD and POST are served here.", {{"Allow", "GET, HEAD, POST"}}};
  }
  if (!request.target().starts_with('/')) {
    return http_refusal{400, "The request target is not a path.", {}};
  }
  return std::nullopt;
}

received_request take_request(parser_type& parser) {
  received_request out;
  out.keep_alive = parser.keep_alive();
  out.head = parser.get().method() == http::verb::head;
  http::request<http::string_body> message = parser.release();
  out.request.method = message.method() == http::verb::post ? "POST" : "GET";
  const std::string_view target{message.target().data(), message.target().size()};
  const std::size_t mark = target.find('?');
  out.request.path = target.substr(0, mark);
  out.request.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  for (const auto& field : message) {
    out.request.headers.emplace_back(lower_case(field.name_string()),
                                     std::string{field.value().data(), field.value().size()});
  }
  out.request.body = std::move(message.body());
  return out;
}

}  // namespace

struct http_request_reader::state {
  header_buffer buffer;
  std::size_t body_octets;
  std::optional<parser_type> parser{};  // from the end of a header to that of its request
  bool refused = false;

  request_outcome refuse(http_refusal refusal) {
    refused = true;
    return refusal;
  }
  request_outcome begin();
  request_outcome go_on();
};

request_outcome http_request_reader::state::begin() {
  using header = header_buffer::header;
  switch (buffer.find_header()) {
    case header::partial:
      return need_more{};
    case header::too_large:
      return refuse({431, "The request's header is larger than is taken here.", {}});
    case header::not_http:
      return refuse({400, "This is not HTTP.", {}});
    case header::whole:
      break;
  }
  parser.emplace();
  parser->header_limit(std::numeric_limits<std::uint32_t>::max());
  parser->body_limit(body_octets);
  error_code ec;
  const std::size_t taken =
      parser->put(asio::buffer(buffer.held().data(), buffer.header_octets()), ec);
  if (ec == http::error::body_limit) {
    return refuse({413, "The request's body is larger than is taken here.", {}});
  }
  if (ec || !parser->is_header_done()) {
    return refuse({400, "The request's header is malformed.", {}});
  }
  buffer.consume(taken);
  if (auto refusal = check_header(parser->get().base())) {
    return refuse(std::move(*refusal));
  }
  parser->eager(true);
  const bool waits = http::token_list{parser->get()[http::field::expect]}.exists("100-continue");
  if (waits && !parser->is_done() && buffer.held().empty()) {
    return send_continue{};
  }
  return go_on();
}

request_outcome http_request_reader::state::go_on() {
  error_code ec;
  while (!parser->is_done() && !buffer.held().empty() && !ec) {
    buffer.consume(parser->put(asio::buffer(buffer.held().data(), buffer.held().size()), ec));
  }
  if (ec == http::error::body_limit) {
    return refuse({413, "The request's body is larger than is taken here.", {}});
  }
  if (ec && ec != http::error::need_more) {
    return refuse({400, "The request's body is malformed.", {}});
  }
  if (!parser->is_done()) {
    // What the parser leaves is a chunk's header in pieces, which has a limit as headers do.
    return buffer.prepare().empty() ? refuse({400, "The request's body is malformed.", {}})
                                    : request_outcome{need_more{}};
  }
  request_outcome whole = take_request(*parser);
  parser.reset();
  return whole;
}

http_request_reader::http_request_reader(std::size_t header_octets, std::size_t body_octets)
    : state_{std::make_unique<state>(header_buffer{header_octets}, body_octets)} {}
http_request_reader::http_request_reader(http_request_reader&&) noexcept = default;
http_request_reader::~http_request_reader() = default;

mutable_bytes http_request_reader::prepare() {
  return state_->buffer.prepare();
}

void http_request_reader::commit(std::size_t octets) {
  state_->buffer.commit(octets);
}

request_outcome http_request_reader::next() {
  if (state_->refused) {
    return need_more{};
  }
  return state_->parser ? state_->go_on() : state_->begin();
}

bool http_request_reader::idle() const noexcept {
  return !state_->parser && state_->buffer.held().empty();
}

}  // namespace diamgw::transport
