#include "gateway/operation/api_entries.hpp"

#include <utility>

namespace diamgw::gateway {

admin_api::handler guarded(const api_context& with, admin_api::handler by) {
  return [&with, by = std::move(by)](
             const admin_api::call& c) -> transport::awaitable<transport::http_response> {
    if (auto refused = refuse_access(c.request, with.access)) {
      co_return *std::move(refused);
    }
    co_return co_await by(c);
  };
}

transport::http_response json_response(std::string body, unsigned status) {
  return {
      .status = status, .content_type = "application/json", .body = std::move(body.append("\n"))};
}

transport::http_response refusal_response(unsigned status, std::string sentence) {
  return {.status = status, .body = std::move(sentence.append("\n"))};
}

}  // namespace diamgw::gateway
