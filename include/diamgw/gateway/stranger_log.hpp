// Log lines that others cause: whoever can open a connection could fill a disk with them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "diamgw/base/clock.hpp"
#include "diamgw/base/printable.hpp"
#include "diamgw/gateway/event_log.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::gateway {

/// Writes `lines` lines in `interval` and counts the others, which the next line reports. One
/// thread, the shard's. The logger outlives it.
class stranger_log {
 public:
  static constexpr std::uint32_t lines = 10;
  static constexpr duration interval = std::chrono::seconds{10};

  /// `subject`: what the lines are, "about connections"; a literal.
  stranger_log(event_log& to, transport::shard& on, std::string_view subject) noexcept
      : log_{to}, shard_{on}, subject_{subject} {}

  template <class... Args>
  void info(log_fields fields, fmt::format_string<Args...> text, Args&&... args) {
    if (admit(shard_.now())) {
      log_.info(fields, text, std::forward<Args>(args)...);
    }
  }
  template <class... Args>
  void warn(log_fields fields, fmt::format_string<Args...> text, Args&&... args) {
    if (admit(shard_.now())) {
      log_.warn(fields, text, std::forward<Args>(args)...);
    }
  }
  template <class... Args>
  void error(log_fields fields, fmt::format_string<Args...> text, Args&&... args) {
    if (admit(shard_.now())) {
      log_.error(fields, text, std::forward<Args>(args)...);
    }
  }

  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) {
    info(log_fields{}, text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    warn(log_fields{}, text, std::forward<Args>(args)...);
  }

  /// Whether a line may be written now; reports those that might not before it.
  [[nodiscard]] bool admit(time_point now) {
    if (now >= begin_ + interval) {
      begin_ = now;
      written_ = 0;
      if (const std::uint64_t missing = std::exchange(suppressed_, 0); missing != 0) {
        log_.warn({{log_key::lines, missing}}, "{} lines {} were not written: too many at once",
                  missing, subject_);
      }
    }
    if (written_ == lines) {
      ++suppressed_;
      return false;
    }
    ++written_;
    return true;
  }

 private:
  event_log& log_;
  transport::shard& shard_;
  std::string_view subject_;
  time_point begin_{};
  std::uint32_t written_ = 0;
  std::uint64_t suppressed_ = 0;
};

}  // namespace diamgw::gateway
