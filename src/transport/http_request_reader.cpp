#include "http_request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <limits>
#include <optional>

#include "diamgw/base/letter_case.hpp"
#include "header_buffer.hpp"
#include "http_target.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using parser_type = http::request_parser<http::empty_body>;

std::optional<request_target> target_of(const http::request_header<>& request) noexcept {
  return decode_request_target({request.target().data(), request.target().size()});
}

/// What is served, of what the header says.
std::optional<http_refusal> check_header(const parser_type& parser, std::size_t body_octets) {
  const http::request_header<>& request = parser.get().base();
  const auto method = request.method();
  if (method != http::verb::get && method != http::verb::head && method != http::verb::post) {
    return http_refusal{
        405, "Only GET, HEAD and POST are served here.", {{"Allow", "GET, HEAD, POST"}}};
  }
  if (!target_of(request)) {
    return http_refusal{400, "The request target is not a path.", {}};
  }
  // RFC 9112 §6.1 lets a server ask for a length. Beast's parser of chunks fails an assertion on
  // some trailers, so that it is not used.
  if (request.count(http::field::transfer_encoding) != 0) {
    return http_refusal{411, "A body needs a Content-Length here, not a Transfer-Encoding.", {}};
  }
  if (parser.content_length().value_or(0) > body_octets) {
    return http_refusal{413, "The request's body is larger than is taken here.", {}};
  }
  return std::nullopt;
}

received_request take_header(const parser_type& parser) {
  const http::request_header<>& header = parser.get().base();
  received_request out;
  out.keep_alive = parser.keep_alive();
  out.head = header.method() == http::verb::head;
  out.request.method = header.method() == http::verb::post ? "POST" : "GET";
  const request_target target = target_of(header).value_or(request_target{});  // check_header's
  out.request.path = target.path;
  out.request.query = target.query;
  for (const auto& field : header) {
    out.request.headers.emplace_back(to_lower(field.name_string()),
                                     std::string{field.value().data(), field.value().size()});
  }
  set_host(out.request.headers, target);
  return out;
}

}  // namespace

struct http_request_reader::state {
  header_buffer buffer;
  std::size_t body_octets;
  std::optional<received_request> coming{};  // its header is whole, its body not yet
  std::size_t body_left = 0;
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
  parser_type parser;
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);  // check_header's business
  error_code ec;
  parser.put(asio::buffer(buffer.held().data(), buffer.header_octets()), ec);
  if (ec || !parser.is_header_done()) {
    return refuse({400, "The request's header is malformed.", {}});
  }
  buffer.consume(buffer.header_octets());
  if (auto refusal = check_header(parser, body_octets)) {
    return refuse(std::move(*refusal));
  }
  coming = take_header(parser);
  body_left = static_cast<std::size_t>(parser.content_length().value_or(0));
  const bool waits = http::token_list{parser.get()[http::field::expect]}.exists("100-continue");
  if (waits && body_left != 0 && buffer.held().empty()) {
    return send_continue{};
  }
  return go_on();
}

request_outcome http_request_reader::state::go_on() {
  const std::string_view come = as_text(buffer.held()).substr(0, body_left);
  coming->request.body.append(come);
  body_left -= come.size();
  buffer.consume(come.size());
  if (body_left != 0) {
    return need_more{};
  }
  request_outcome whole = std::move(*coming);
  coming.reset();
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
  return state_->coming ? state_->go_on() : state_->begin();
}

bool http_request_reader::idle() const noexcept {
  return !state_->coming && state_->buffer.held().empty();
}

}  // namespace diamgw::transport
