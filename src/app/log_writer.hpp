// Writes the log by a thread of its own: who logs never waits for who reads.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace diamgw::app {

/// Lines in the order in which they came. At its limit, lines are dropped and counted until there
/// is room again; then a line says how many are missing, in their place.
class log_writer {
 public:
  struct options {
    int descriptor = 2;  // not closed here; blocking or not
    /// Of lines that wait, beside those in the write that goes on; an empty queue takes any line.
    std::size_t queue_octets = std::size_t{1} << 20U;
    /// What the destructor waits for the last lines.
    std::chrono::milliseconds patience{2000};
    /// The line that tells of so many missing ones. Called on the writer's thread.
    std::function<std::string(std::uint64_t lines)> tell_missing;
  };

  explicit log_writer(options o);
  log_writer(const log_writer&) = delete;
  log_writer& operator=(const log_writer&) = delete;
  /// Writes what waits; what nobody takes within `patience` is lost, and its thread left behind.
  ~log_writer();

  /// A line with its line feed. Any thread. Cost: a lock that is never held for a write, and a
  /// copy.
  void push(std::string_view line);
  /// Lines that were not written. Any thread.
  [[nodiscard]] std::uint64_t dropped() const noexcept;

  /// Waits until all is written that was pushed, or the time is over. To be called where the
  /// process crashes: takes no lock, allocates nothing. Any thread, signal handlers included.
  void wait_until_written(std::chrono::milliseconds at_most) const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;  // the thread's, too
  std::thread thread_;
};

}  // namespace diamgw::app
