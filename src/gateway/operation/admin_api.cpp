#include "gateway/operation/admin_api.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "diamgw/transport/http_query.hpp"

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

/// The first segment of a path that begins with '/', which is cut off.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// What stands in `path` for each "{…}" of `pattern`, not decoded; nothing where it does not fit.
std::optional<std::vector<std::string_view>> match(std::string_view pattern,
                                                   std::string_view path) {
  std::vector<std::string_view> names;
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{') && !given.empty()) {
      names.push_back(given);
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  return pattern.empty() && path.empty() ? std::optional{names} : std::nullopt;
}

}  // namespace

admin_api::handler admin_api::at_once(std::function<transport::http_response(const call&)> f) {
  return [f = std::move(f)](const call& c) -> transport::awaitable<transport::http_response> {
    co_return f(c);
  };
}

std::variant<admin_api::found, transport::http_response> admin_api::find(
    const transport::http_request& request) const {
  std::string allowed;
  for (const entry& e : entries_) {
    const auto fits = match(e.path, request.path);
    if (!fits) {
      continue;
    }
    if (e.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + e.method + (e.method == "GET" ? ", HEAD" : "");
      continue;
    }
    found f{&e, {}};
    for (const std::string_view name : *fits) {
      auto decoded = transport::decode_percent(name);
      if (!decoded) {
        return transport::http_response{.status = 400,
                                        .body = "two hexadecimal digits follow a '%' in a path\n"};
      }
      f.names.push_back(*std::move(decoded));
    }
    return f;
  }
  if (!allowed.empty()) {
    return transport::http_response{.status = 405,
                                    .body = request.path + " takes " + allowed + "\n",
                                    .headers = {{"Allow", allowed}}};
  }
  std::vector<std::string> paths;
  for (const entry& e : entries_) {
    if (std::ranges::find(paths, e.path) == paths.end()) {
      paths.push_back(e.path);
    }
  }
  return transport::http_response{.status = 404, .body = "known are " + join(paths) + "\n"};
}

}  // namespace diamgw::gateway
