#include "diamgw/websocket/error.hpp"

#include <cstddef>
#include <string>

namespace diamgw::websocket {
namespace {

constexpr bool in_order() noexcept {
  int expected = 1;
  for (const error_description& row : error_descriptions) {
    if (static_cast<int>(row.error) != expected++) {
      return false;
    }
  }
  return true;
}
static_assert(in_order(), "a row is found by the value of its error");
static_assert(error_descriptions.size() == static_cast<std::size_t>(errc::close_reason_utf8),
              "each error has its row; name the last one here");

/// Nothing where the value is none of ours.
const error_description* find(int value) noexcept {
  const auto index = static_cast<std::size_t>(value) - 1;
  return index < error_descriptions.size() ? &error_descriptions[index] : nullptr;
}

class category final : public error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "diamgw.websocket"; }
  [[nodiscard]] std::string message(int value) const override {
    const error_description* row = find(value);
    return row == nullptr ? "unknown error of the WebSocket layer" : row->sentence;
  }
};

}  // namespace

const error_category& websocket_category() noexcept {
  static const category instance;
  return instance;
}

close_code to_close_code(errc e) noexcept {
  const error_description* row = find(static_cast<int>(e));
  return row == nullptr ? close_code::protocol_error : row->close_with;
}

}  // namespace diamgw::websocket
