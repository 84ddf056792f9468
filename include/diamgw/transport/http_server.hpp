// A small HTTP/1.1 server for the admin listener: keep-alive, GET, HEAD and POST, bounded bodies.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "diamgw/transport/network.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

struct http_request {
  std::string method{};  // GET or POST; HEAD is shown as GET, and its answer's body is left out
  std::string path{};
  std::string query{};                                         // without '?', not decoded
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};
  endpoint_address remote{};  // the client's

  /// The field's first value, or an empty view. `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

struct http_response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// One request in, its response out, on the server's shard; the request lives until it returns.
/// An exception out of it is answered by 500 and reported as a failure.
using http_handler = std::function<awaitable<http_response>(const http_request&)>;
/// A handler that waits for nothing.
using http_function = std::function<http_response(const http_request&)>;
[[nodiscard]] http_handler make_http_handler(http_function function);

/// Serves connections on one shard. Bodies of 1 KiB and more are gzip-coded for who asks for it.
/// Refuses by itself: 400 malformed, 405 other method (Allow), 411 chunked body, 413 body above the
/// limit, 431 header above the limit. Connections above listen_options::limit_connections are
/// closed at once.
class http_server {
 public:
  struct options {
    address at{.host = "127.0.0.1"};
    listen_options listen{.limit_connections = 64};
    std::size_t header_octets = 8192;
    std::size_t body_octets = 1U << 20U;
    /// For one whole request to arrive, and between two on one connection; then closed.
    std::chrono::milliseconds request_timeout{10000};
  };

  /// errors: as network::listen
  [[nodiscard]] static result<std::unique_ptr<http_server>> open(shard& on, const options& o,
                                                                 http_handler handler);
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server();

  /// Stops accepting and closes idle connections; those in a handler answer first. Any thread.
  void stop();
  /// See listener::locals.
  [[nodiscard]] std::span<const endpoint_address> locals() const noexcept;
  [[nodiscard]] const endpoint_address& local() const noexcept { return locals().front(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return local().port(); }

 private:
  struct state;
  explicit http_server(std::shared_ptr<state> s);

  std::shared_ptr<state> state_;
};

}  // namespace diamgw::transport
