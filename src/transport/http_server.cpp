#include "diamgw/transport/http_server.hpp"

#include <algorithm>
#include <array>

#include "content_coding.hpp"
#include "diamgw/transport/deadline.hpp"
#include "http_request_reader.hpp"
#include "http_text.hpp"

namespace diamgw::transport {

namespace {

/// For the client to take a last response before the connection is closed.
constexpr std::chrono::milliseconds closing_timeout{1000};

std::string encode_head(const http_response& response, bool keep_alive) {
  std::string text = status_line(response.status);
  append_field(text, "Content-Type", response.content_type);
  append_field(text, "Content-Length", std::to_string(response.body.size()));
  append_field(text, "Connection", keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : response.headers) {
    append_field(text, name, value);
  }
  return text.append("\r\n");
}

}  // namespace

std::string_view http_request::header(std::string_view name) const noexcept {
  const auto found = std::ranges::find(
      headers, name, [](const auto& field) -> std::string_view { return field.first; });
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

http_handler make_http_handler(http_function function) {
  return [f = std::move(function)](const http_request& request) -> awaitable<http_response> {
    co_return f(request);
  };
}

struct http_server::state : std::enable_shared_from_this<http_server::state> {
  struct session {
    std::unique_ptr<stream> connection;
    bool in_request = false;
  };

  state(shard& s, const http_server::options& o, http_handler h)
      : on{&s}, settings{o}, handler{std::move(h)} {}

  shard* on;
  http_server::options settings;
  http_handler handler;
  std::unique_ptr<listener> accepting;
  std::vector<session*> sessions;  // of `on`'s thread
  bool stopping = false;           // of `on`'s thread

  static awaitable<> serve(std::shared_ptr<state> self, std::unique_ptr<stream> connection);
  awaitable<bool> serve_requests(session& s);
  awaitable<bool> answer(session& s, const received_request& received);
  awaitable<http_response> handle(const http_request& request);
};

awaitable<> http_server::state::serve(std::shared_ptr<state> self,
                                      std::unique_ptr<stream> connection) {
  session s{std::move(connection)};
  self->sessions.push_back(&s);
  const bool orderly = co_await self->serve_requests(s);
  if (orderly) {
    co_await close_gracefully(*self->on, *s.connection, closing_timeout);
  }
  std::erase(self->sessions, &s);
}

/// Until the connection is to be closed: true where octets of ours may still be on their way.
awaitable<bool> http_server::state::serve_requests(session& s) {
  http_request_reader reader{settings.header_octets, settings.body_octets};
  deadline limit{*on, [&s] { s.connection->close(); }};
  limit.arm_after(settings.request_timeout);
  for (;;) {
    request_outcome outcome = reader.next();
    if (auto* received = std::get_if<received_request>(&outcome)) {
      s.in_request = true;
      limit.disarm();
      received->request.remote = s.connection->remote();
      const bool go_on = co_await answer(s, *received);
      s.in_request = false;
      if (!go_on || stopping) {
        co_return true;
      }
      limit.arm_after(settings.request_timeout);
    } else if (auto* refusal = std::get_if<http_refusal>(&outcome)) {
      const error_code ec = co_await write_refusal(*s.connection, std::move(*refusal));
      co_return !ec;
    } else if (std::holds_alternative<send_continue>(outcome)) {
      const std::array<bytes_view, 1> views{as_bytes("HTTP/1.1 100 Continue\r\n\r\n")};
      const io_result r = co_await s.connection->write(views);
      if (r.error) {
        co_return false;
      }
    } else {
      const mutable_bytes room = reader.prepare();
      const io_result r = co_await s.connection->read(room);
      if (r.error) {
        co_return false;
      }
      reader.commit(r.octets);
    }
  }
}

/// Writes the response; true where the connection goes on.
awaitable<bool> http_server::state::answer(session& s, const received_request& received) {
  http_response response = co_await handle(received.request);
  code_content(received.request, response);
  const bool go_on = received.keep_alive && !stopping;
  const std::string head = encode_head(response, go_on);
  const std::array<bytes_view, 2> views{as_bytes(head),
                                        received.head ? bytes_view{} : as_bytes(response.body)};
  deadline limit{*on, [&s] { s.connection->close(); }};
  limit.arm_after(settings.request_timeout);
  const io_result r = co_await s.connection->write(views);
  co_return go_on && !r.error;
}

awaitable<http_response> http_server::state::handle(const http_request& request) {
  try {
    co_return co_await handler(request);
  } catch (...) {
    on->report_failure("http handler", std::current_exception());
  }
  co_return http_response{.status = 500, .body = "The request failed; the log says why.\n"};
}

result<std::unique_ptr<http_server>> http_server::open(shard& on, const options& o,
                                                       http_handler handler) {
  auto s = std::make_shared<state>(on, o, std::move(handler));
  // Weak: the listener is the state's own.
  auto opened =
      transport::listen({&on}, o.at, o.listen,
                        [weak = std::weak_ptr<state>{s}](shard& at, std::unique_ptr<stream> c) {
                          if (std::shared_ptr<state> self = weak.lock()) {
                            spawn(at, state::serve(self, std::move(c)), "http");
                          }
                        });
  if (!opened) {
    return opened.error();
  }
  s->accepting = std::move(*opened);
  return std::unique_ptr<http_server>{new http_server{std::move(s)}};
}

http_server::http_server(std::shared_ptr<state> s) : state_{std::move(s)} {}

http_server::~http_server() {
  stop();
}

void http_server::stop() {
  state_->accepting->stop();
  state_->on->tell([s = state_] {
    s->stopping = true;
    for (state::session* idle : s->sessions) {
      if (!idle->in_request) {
        idle->connection->close();
      }
    }
  });
}

std::span<const endpoint_address> http_server::locals() const noexcept {
  return state_->accepting->locals();
}

}  // namespace diamgw::transport
