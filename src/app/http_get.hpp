// One GET of a command to an admin listener.
#pragma once
#include <chrono>
#include <string>

namespace diamgw::app {

struct http_question {
  std::string authority;   // HOST:PORT
  std::string target;      // path and query
  std::string token_file;  // with a bearer token; empty: none is sent
  std::chrono::milliseconds timeout{10'000};
};

/// The body of a response 200. Throws usage_error where the question is wrong, std::runtime_error
/// with a sentence where there is no such response.
[[nodiscard]] std::string http_get(const http_question& q);

}  // namespace diamgw::app
