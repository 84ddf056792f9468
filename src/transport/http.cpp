#include "diamgw/transport/http.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <limits>

#include "diamgw/base/letter_case.hpp"
#include "header_buffer.hpp"
#include "http_target.hpp"
#include "http_text.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using request_parser = http::request_parser<http::empty_body>;

http_fields fields_of(const http::fields& fields) {
  http_fields all;
  for (const auto& field : fields) {
    all.emplace_back(to_lower(field.name_string()),
                     std::string{field.value().data(), field.value().size()});
  }
  return all;
}

http_refusal bad_request(std::string reason) {
  return {400, std::move(reason), {}};
}

http_head_outcome take_head(const request_parser& parser) {
  const http::request_header<>& request = parser.get().base();
  const auto target = decode_request_target({request.target().data(), request.target().size()});
  if (!target) {
    return bad_request("The request target is not a path.");
  }
  http_request_head head;
  head.method.assign(request.method_string().data(), request.method_string().size());
  head.version = request.version();
  head.path = target->path;
  head.query = target->query;
  head.fields = fields_of(request);
  set_host(head.fields, *target);
  head.has_body = parser.chunked() || parser.content_length().value_or(0) != 0;
  return head;
}

}  // namespace

http_refusal refuse_unavailable(std::string reason, std::chrono::seconds retry_after) {
  return {503, std::move(reason), {{"Retry-After", std::to_string(retry_after.count())}}};
}

struct http_head_reader::state {
  header_buffer buffer;
  bool answered = false;
};

http_head_reader::http_head_reader(std::size_t limit_octets)
    : state_{std::make_unique<state>(header_buffer{limit_octets})} {}
http_head_reader::http_head_reader(http_head_reader&&) noexcept = default;
http_head_reader& http_head_reader::operator=(http_head_reader&&) noexcept = default;
http_head_reader::~http_head_reader() = default;

mutable_bytes http_head_reader::prepare() {
  return state_->buffer.prepare();
}

void http_head_reader::commit(std::size_t octets) {
  state_->buffer.commit(octets);
}

http_head_outcome http_head_reader::next() {
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
  parser.body_limit(boost::none);  // whoever reads the head says what it thinks of a body
  error_code ec;
  parser.put(asio::buffer(state_->buffer.held().data(), octets), ec);
  if (ec || !parser.is_header_done()) {
    return bad_request("The request's header is malformed.");
  }
  http_head_outcome outcome = take_head(parser);
  state_->buffer.consume(octets);
  return outcome;
}

bytes_view http_head_reader::leftover() const noexcept {
  return state_->buffer.held();
}

result<std::variant<need_more, http_response_head>> decode_response_head(bytes_view octets) {
  using outcome = std::variant<need_more, http_response_head>;
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
  const bytes_view rest = octets.subspan(end + 4);
  return outcome{http_response_head{.status = parser.get().result_int(),
                                    .fields = fields_of(parser.get()),
                                    .leftover = {rest.begin(), rest.end()}}};
}

std::string status_line(unsigned status) {
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  std::string line = "HTTP/1.1 " + std::to_string(status) + " ";
  return line.append(reason.data(), reason.size()).append("\r\n");
}

}  // namespace diamgw::transport
