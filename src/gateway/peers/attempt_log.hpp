// Which failed attempts at a connection get a line of the log.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "diamgw/base/clock.hpp"
#include "diamgw/diameter/ending.hpp"

namespace diamgw::gateway {

/// A peer that is down would fill the log by what is no news: the first failure of a kind (reason
/// and code) is told at once, then again after 1, 2, 4, ... minutes, up to an hour apart, until
/// `forget`. Bounds: 8 kinds, further ones share the last. One thread.
class attempt_log {
 public:
  static constexpr duration first_interval = std::chrono::minutes{1};
  static constexpr duration longest_interval = std::chrono::hours{1};

  /// Nothing where this failure gets no line; else how many like it had none since the last.
  [[nodiscard]] std::optional<std::uint64_t> note(const diameter::ending& why, time_point now);

  /// The line that `note` asked for, with so many left out before it, got no room: the next failure
  /// of its kind may have it, and counts this one.
  void on_unwritten(const diameter::ending& why, std::uint64_t left_out, time_point now);

  /// What was noted since this was asked last.
  struct streak {
    std::uint64_t attempts = 0;
    time_point since{};
  };
  [[nodiscard]] streak take_streak() noexcept { return std::exchange(streak_, {}); }

  /// Whatever fails from now on is news.
  void forget() noexcept { known_ = 0; }
  /// The peer is another now.
  void reset() noexcept { *this = {}; }

 private:
  struct kind {
    disconnect_reason reason = disconnect_reason::other;
    std::uint32_t code = 0;
    time_point next{};
    duration interval = first_interval;
    std::uint64_t left_out = 0;
  };
  [[nodiscard]] kind& kind_of(const diameter::ending& why);

  std::array<kind, 8> kinds_{};
  std::size_t known_ = 0;
  streak streak_;
};

}  // namespace diamgw::gateway
