#include "http_target.hpp"

#include <algorithm>
#include <array>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::transport {
namespace {

[[nodiscard]] bool leads_here(std::string_view scheme) noexcept {
  constexpr std::array<std::string_view, 4> schemes{"http", "https", "ws", "wss"};
  return std::ranges::any_of(schemes,
                             [scheme](std::string_view s) { return same_text(s, scheme); });
}

}  // namespace

std::optional<request_target> decode_request_target(std::string_view text) noexcept {
  constexpr std::string_view after_scheme = "://";
  request_target target;
  if (text.find('#') != std::string_view::npos) {
    return std::nullopt;
  }
  if (!text.starts_with('/')) {
    const std::size_t scheme = text.find(after_scheme);
    if (scheme == std::string_view::npos || !leads_here(text.substr(0, scheme))) {
      return std::nullopt;
    }
    text.remove_prefix(scheme + after_scheme.size());
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    target.authority = text.substr(0, end);
    if (end == 0 || target.authority->find('@') != std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(end);
  }
  const std::size_t mark = std::min(text.find('?'), text.size());
  target.path = mark == 0 ? std::string_view{"/"} : text.substr(0, mark);
  target.query = text.substr(std::min(mark + 1, text.size()));
  return target;
}

void set_host(http_fields& fields, const request_target& target) {
  const auto is_host = [](const auto& field) { return field.first == "host"; };
  if (target.authority && std::ranges::count_if(fields, is_host) == 1) {
    std::ranges::find_if(fields, is_host)->second = *target.authority;
  }
}

}  // namespace diamgw::transport
