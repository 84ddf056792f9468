// `params` or `result` while it is read: the AVPs so far, the containers that are open, and the
// first thing that is wrong in it.
//
// The readers of both forms work on it; neither knows the other, and one may stand within the other
// at any depth. What is wrong is kept and the rest of the body passed over, since the `id` under
// which to say so may come later.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "diamgw/codec/codes.hpp"
#include "jsonrpc/avp_writer.hpp"
#include "jsonrpc/failure_path.hpp"
#include "jsonrpc/json_parser.hpp"
#include "jsonrpc/kept_stack.hpp"
#include "jsonrpc/open_container.hpp"
#include "jsonrpc/scalar_to_avp.hpp"

namespace diamgw::jsonrpc {

class avp_body {
 public:
  /// What the event that fails would have done to a container: nothing, or it would have opened one
  /// or closed the innermost, which decides how many are left to pass over.
  enum class failing_event : std::uint8_t { inside, opens, closes };

  explicit avp_body(std::size_t max_depth) : open_{max_depth + 1} {}

  /// No body yet.
  void clear() {
    open_.clear();
    open(container_role::outside);
    writer_ = {};
    is_result_ = failed_ = false;
    passed_over_ = 0;
  }
  void set_result(bool is_result) noexcept { is_result_ = is_result; }
  /// Where the AVPs go, after 20 octets for the message header.
  void set_room(mutable_bytes room) noexcept { writer_ = avp_writer{room}; }

  [[nodiscard]] bool is_result() const noexcept { return is_result_; }
  [[nodiscard]] avp_writer& writer() noexcept { return writer_; }
  [[nodiscard]] const avp_writer& writer() const noexcept { return writer_; }

  // ---- containers

  /// The innermost one.
  [[nodiscard]] open_container& top() noexcept { return open_.back(); }
  [[nodiscard]] const open_container& top() const noexcept { return open_.back(); }
  /// The AVP that the innermost one is the value of.
  [[nodiscard]] const avp_place& holder() const noexcept { return open_[open_.size() - 2].place; }
  /// So many are open.
  [[nodiscard]] std::size_t depth() const noexcept { return open_.size() - 1; }
  /// There is room: the parser limits the depth.
  open_container& open(container_role role) noexcept {
    open_container& c = open_.push_in_room();
    c = {};
    c.role = role;
    return c;
  }
  void close() noexcept {
    if (top().is_group) {
      writer_.end_group(top().mark);
    }
    open_.pop();
    ++top().index;
  }
  /// The value of this key comes next; false where the key was there.
  [[nodiscard]] bool expect(next_value what) noexcept {
    open_container& in = top();
    const std::uint32_t bit = 1U << static_cast<unsigned>(what);
    const bool first = (in.seen & bit) == 0;
    in.seen |= bit;
    in.next = what;
    return first;
  }

  // ---- AVPs

  /// Appends one, or fails.
  void write(const avp_place& at, const scalar& value) {
    if (at.type == dictionary::avp_type::utf8_string && value.what == scalar::kind::string &&
        !at.by_number) {
      return writer_.octets(at, as_bytes(value.text));  // the parser gives UTF-8
    }
    const std::string_view expected = write_avp(writer_, at, value);
    if (!expected.empty()) [[unlikely]] {
      fail_value(value, expected, at.definition);
    }
  }

  // ---- failures

  /// `key` names what is at fault where it is not the value that comes next.
  void fail(failing_event what, diameter::result_code code, std::string_view detail,
            std::optional<std::string_view> key = std::nullopt);
  /// A key's own fault, or what stands under it.
  void fail_key(std::string_view detail, std::string_view key);
  void fail_value(const scalar& value, std::string_view expected,
                  const dictionary::avp_definition* definition = nullptr);
  void fail_container(container what, std::string_view expected);

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::string_view path() const noexcept { return path_.text(); }
  [[nodiscard]] std::string_view detail() const noexcept { return detail_; }
  [[nodiscard]] diameter::result_code code() const noexcept { return code_; }

  /// True while containers are open that nobody reads: after a failure the body's own, and outside
  /// of it those of members that the envelope does not know.
  [[nodiscard]] bool passes_over() const noexcept { return passed_over_ != 0; }
  void on_begin_passed_over() noexcept { ++passed_over_; }
  void on_end_passed_over() noexcept { --passed_over_; }

 private:
  kept_stack<open_container> open_;  // the bottom is outside
  avp_writer writer_;
  bool is_result_ = false;
  bool failed_ = false;
  diameter::result_code code_{};
  failure_path path_;
  std::string detail_;
  std::size_t passed_over_ = 0;  // containers of the text that are open
};

}  // namespace diamgw::jsonrpc
