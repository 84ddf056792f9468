// Which connections of a peer get lines of the log.
#pragma once
#include <cstdint>
#include <optional>

#include "diamgw/base/clock.hpp"

namespace diamgw::gateway {

/// A peer that comes and goes would fill the log. A connection is told as a whole, or not at all:
/// whoever was told that it opened is told what became of it. The first three are told at once,
/// then one after 1, 2, 4, ... minutes, up to an hour apart. One that stands for a minute ends
/// that, and is told then if it was not before: so what the log says last of a peer is never out
/// of date for longer. One thread.
class opening_log {
 public:
  static constexpr std::uint32_t told_at_once = 3;
  static constexpr duration first_interval = std::chrono::minutes{1};
  static constexpr duration longest_interval = std::chrono::hours{1};
  static constexpr duration steady_after = std::chrono::minutes{1};

  /// A connection has opened. Nothing where it gets no line now; else how many before it had none
  /// since the last line.
  [[nodiscard]] std::optional<std::uint64_t> on_opened(time_point now);
  /// It has stood for `steady_after`. As above; nothing where it was told already.
  [[nodiscard]] std::optional<std::uint64_t> on_steady(time_point now);
  /// Whether the last one was told.
  [[nodiscard]] bool told() const noexcept { return told_; }
  /// The peer is another now.
  void reset() { *this = {}; }

 private:
  std::uint32_t at_once_ = told_at_once;  // left
  duration interval_ = first_interval;    // from the next line to the one after it
  time_point next_{};                     // when a line is due again
  std::uint64_t left_out_ = 0;
  bool told_ = false;
};

}  // namespace diamgw::gateway
