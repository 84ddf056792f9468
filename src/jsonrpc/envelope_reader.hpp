// The members around `params`: JSON-RPC 2.0 §4 and §5.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/json_parser.hpp"

namespace diamgw::jsonrpc {

/// A machine on the parser's events, all but those inside `params`, `result` and what is nobody's.
/// The members may come in any order; those of extensions are nobody's (the specification has
/// none). After the
/// text it says what the text is. Views live as long as the text, or until begin().
class envelope_reader {
 public:
  /// Who reads a value: this, the reader of the body that it is, or nobody, its contents passed
  /// over.
  enum class whose : std::uint8_t { envelope, params, result, nobody };

  explicit envelope_reader(std::size_t max_id_octets);

  /// Forgets the last call. `text` is the whole one that comes.
  void begin(std::string_view text);

  void on_key(std::string_view key) {
    level_ == level::call ? on_call_key(key) : on_error_key(key);
  }
  [[nodiscard]] whose on_scalar(const scalar& value);
  [[nodiscard]] whose on_begin(container what);
  /// Of a container that was ours.
  void on_end();

  /// After the last event: empty, or why this is neither a call nor a response.
  [[nodiscard]] std::string_view finish();

  /// The token as it stands in the text: to be echoed unchanged.
  [[nodiscard]] const std::optional<std::string_view>& id() const noexcept { return id_; }
  /// Empty for a response, and before the member came.
  [[nodiscard]] std::string_view method() const noexcept { return method_; }
  [[nodiscard]] bool has_method() const noexcept { return has_method_; }
  /// A method of the gateway's own, not a command.
  [[nodiscard]] bool is_gateway_call() const noexcept;
  /// The text of `params`; empty where absent.
  [[nodiscard]] std::string_view params() const noexcept;
  [[nodiscard]] bool has_result() const noexcept { return has(member::result); }

  [[nodiscard]] std::int64_t error_code() const noexcept { return error_code_; }
  [[nodiscard]] std::string_view error_message() const noexcept { return error_message_; }
  [[nodiscard]] std::uint32_t error_result_code() const noexcept { return error_result_code_; }

 private:
  /// The innermost open container that is ours.
  enum class level : std::uint8_t { outside, call, error, error_data };
  enum class member : std::uint8_t {
    other,
    version,
    id,
    method,
    params,
    result,
    error,
    // of `error`
    error_code,
    error_message,
    error_data,
    // of its `data`
    error_result_code,
  };

  void on_call_key(std::string_view key);
  void on_error_key(std::string_view key);
  void on_id(const scalar& value);
  void on_error_scalar(const scalar& value);
  void find_escaped_id();
  /// Of a member that came, its value.
  [[nodiscard]] std::string_view text_of(member m) const noexcept;
  [[nodiscard]] static constexpr std::uint32_t bit(member m) noexcept {
    return 1U << static_cast<unsigned>(m);
  }
  [[nodiscard]] bool has(member m) const noexcept { return (seen_ & bit(m)) != 0; }

  const std::size_t max_id_octets_;
  std::string_view text_;
  level level_ = level::outside;
  member next_ = member::other;             // whose value comes
  std::string_view problem_;                // the last one found; static storage
  std::uint32_t seen_ = 0;                  // a bit for each member of the call
  std::uint32_t members_ = 0;               // of the call, so far
  std::array<std::uint32_t, 12> places_{};  // of each member that came, which of them it was
  bool is_object_ = false;
  bool has_version_ = false;
  bool has_method_ = false;
  bool id_is_escaped_ = false;
  std::optional<std::string_view> id_;
  std::string_view method_;
  std::string unescaped_method_;
  std::int64_t error_code_ = 0;
  std::string error_message_;
  std::uint32_t error_result_code_ = 0;
};

}  // namespace diamgw::jsonrpc
