// Where in a call's `params` something went wrong.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/kept_stack.hpp"
#include "jsonrpc/open_container.hpp"

namespace diamgw::jsonrpc {

/// The step, with its dot, that a key of our own is; empty for the others, and where none came yet.
[[nodiscard]] std::string_view step_of(next_value v) noexcept;

/// A path as a reader of the text would write it, e.g.
/// "params.Multiple-Services-Credit-Control[0].Requested-Service-Unit.CC-Time".
class failure_path {
 public:
  void clear() { text_.clear(); }
  /// The way through the open containers, the first of which is outside of `root`. `key` is the
  /// last step where the innermost does not know it, also where it is "", which is written with its
  /// quotes; what is too long of it is left out.
  void write(std::string_view root, const kept_stack<open_container>& open,
             std::optional<std::string_view> key);
  /// Until the next one is written.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  void append_step(const open_container& c);
  void append_number(std::uint32_t v);

  std::string text_;
};

}  // namespace diamgw::jsonrpc
