#include "diamgw/jsonrpc/known_steps.hpp"

#include <algorithm>
#include <array>

#include "jsonrpc/failure_path.hpp"

namespace diamgw::jsonrpc {
namespace {

constexpr std::array<std::string_view, 3> roots{"params", "result", "method"};
/// Of an index: more elements than a message has room for have more. A subscriber's number is
/// longer.
constexpr std::size_t max_index_digits = 5;

bool is_own_step(std::string_view word) noexcept {
  for (auto v = next_value::none; v <= next_value::application;
       v = static_cast<next_value>(static_cast<int>(v) + 1)) {
    const std::string_view step = step_of(v);  // with its dot
    if (!step.empty() && step.substr(1) == word) {
      return true;
    }
  }
  return false;
}

/// "[3]", or several of them; or nothing.
bool are_indices(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t end = text.find(']');
    if (text.front() != '[' || end == std::string_view::npos || end < 2 ||
        end > max_index_digits + 1 || !std::ranges::all_of(text.substr(1, end - 1), [](char c) {
          return c >= '0' && c <= '9';
        })) {
      return false;
    }
    text.remove_prefix(end + 1);
  }
  return true;
}

bool is_known(std::string_view step, const dictionary::dictionary& names) {
  const std::size_t end = std::min(step.find('['), step.size());
  const std::string_view word = step.substr(0, end);
  return are_indices(step.substr(end)) && (std::ranges::find(roots, word) != roots.end() ||
                                           is_own_step(word) || names.find_avp(word) != nullptr);
}

}  // namespace

std::string known_steps(std::string_view path, const dictionary::dictionary& names) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view step = path.substr(0, end);
    out += out.empty() ? "" : ".";
    out += is_known(step, names) ? step : "?";
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

}  // namespace diamgw::jsonrpc
