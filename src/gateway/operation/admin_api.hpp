// What the admin listener answers: a table of method, path and handler.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {

/// Thread: the admin listener's shard.
class admin_api {
 public:
  /// One request as its handler gets it; lives until the handler has answered.
  struct call {
    const transport::http_request& request;
    std::vector<std::string> names;  // what stood where the path has {…}, decoded
  };
  using handler = std::function<transport::awaitable<transport::http_response>(const call&)>;

  struct entry {
    std::string method;  // GET also answers HEAD
    std::string path;    // without the query; a segment "{…}" stands for any one
    handler answer;
  };

  /// A handler that waits for nothing.
  [[nodiscard]] static handler at_once(std::function<transport::http_response(const call&)> f);

  explicit admin_api(std::vector<entry> entries) : entries_{std::move(entries)} {}

  /// Who answers the request, and the names in its path. Else the refusal: 404 with the paths that
  /// there are; 405 with Allow where the path has other methods; 400 where a name cannot be
  /// decoded.
  struct found {
    const entry* by;
    std::vector<std::string> names;
  };
  [[nodiscard]] std::variant<found, transport::http_response> find(
      const transport::http_request& request) const;

 private:
  std::vector<entry> entries_;
};

}  // namespace diamgw::gateway
