#include "gateway/operation/admin_api.hpp"

#include <algorithm>

namespace diamgw::gateway {
namespace {

/// "a, b and c"
std::string join(const std::vector<std::string>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += i == 0 ? "" : i + 1 == all.size() ? " and " : ", ";
    text += all[i];
  }
  return text;
}

}  // namespace

transport::http_response admin_api::answer(const transport::http_request& request) const {
  std::string allowed;
  for (const entry& e : entries_) {
    if (e.path != request.path) {
      continue;
    }
    if (e.method == request.method) {
      return e.handler(request);
    }
    allowed += (allowed.empty() ? "" : ", ") + e.method + (e.method == "GET" ? ", HEAD" : "");
  }
  if (!allowed.empty()) {
    return {.status = 405,
            .body = request.path + " takes " + allowed + "\n",
            .headers = {{"Allow", allowed}}};
  }
  std::vector<std::string> paths;
  for (const entry& e : entries_) {
    if (std::find(paths.begin(), paths.end(), e.path) == paths.end()) {
      paths.push_back(e.path);
    }
  }
  return {.status = 404, .body = "known are " + join(paths) + "\n"};
}

}  // namespace diamgw::gateway
