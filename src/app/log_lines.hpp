// How a line of the log is written: for people, or as one JSON object for log collectors.
#pragma once
#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "diamgw/config/options.hpp"
#include "diamgw/gateway/event_log.hpp"

namespace diamgw::app {

struct log_line {
  std::chrono::sys_time<std::chrono::nanoseconds> at;
  config::log_level level = config::log_level::info;
  std::string_view sentence;
  std::span<const gateway::log_field> fields{};
};

/// With its line feed, and no other. Text has the sentence, and of the fields the Session-Id alone,
/// in local time; control characters become '?'. JSON has time (UTC), level, message and each
/// field, and is valid whatever octets came from outside: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_text(const log_line& line, config::log_format format);

}  // namespace diamgw::app
