// What the admin listener answers: a table of method, path and handler.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {

/// Thread: the admin listener's shard.
class admin_api {
 public:
  struct entry {
    std::string method;  // GET also answers HEAD
    std::string path;    // compared exactly, without the query
    std::function<transport::http_response(const transport::http_request&)> handler;
  };

  explicit admin_api(std::vector<entry> entries) : entries_{std::move(entries)} {}

  /// 404 with the paths that there are; 405 with Allow where the path has other methods.
  [[nodiscard]] transport::http_response answer(const transport::http_request& request) const;

 private:
  std::vector<entry> entries_;
};

}  // namespace diamgw::gateway
