// The log of a process that runs for long.
#pragma once
#include <unistd.h>

#include "app/crash_guard.hpp"
#include "app/log_writer.hpp"
#include "diamgw/base/assert.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/gateway/event_log.hpp"

namespace diamgw::app {

/// On standard error, by a thread of its own; also told of every DIAMGW_BUG. One at a time: make it
/// after SIGTERM and the like are blocked, which its thread must not take.
class process_log final : public gateway::event_log, public bug_listener {
 public:
  explicit process_log(const config::log_options& o, int descriptor = STDERR_FILENO);
  ~process_log() override;

  [[nodiscard]] std::uint64_t dropped() const noexcept override { return writer_.dropped(); }
  void on_bug(const char* condition, const char* file, int line) noexcept override;

 private:
  void write(config::log_level level, std::string_view sentence,
             std::span<const gateway::log_field> fields) override;

  config::log_format format_;
  log_writer writer_;
  crash_guard guard_{writer_};
};

}  // namespace diamgw::app
