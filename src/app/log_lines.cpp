#include "app/log_lines.hpp"

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <variant>

namespace diamgw::app {
namespace {

std::string_view name_of(config::log_level level) {
  switch (level) {
    case config::log_level::trace:
      return "trace";
    case config::log_level::debug:
      return "debug";
    case config::log_level::info:
      return "info";
    case config::log_level::warning:
      return "warning";
    case config::log_level::error:
    case config::log_level::off:
      break;
  }
  return "error";
}

/// By strftime's `form`, and the milliseconds after it.
std::string time_text(std::chrono::sys_time<std::chrono::nanoseconds> at, const char* form,
                      tm* (*convert)(const time_t*, tm*)) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  const auto seconds = static_cast<time_t>(since / 1000);
  tm broken_down{};
  convert(&seconds, &broken_down);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), form, &broken_down);
  return fmt::format("{}.{:03}", std::string_view{text.data(), length}, since % 1000);
}

std::string to_json(const log_line& line) {
  nlohmann::ordered_json object{{"time", time_text(line.at, "%Y-%m-%dT%H:%M:%S", gmtime_r) + 'Z'},
                                {"level", name_of(line.level)},
                                {"message", line.sentence}};
  for (const gateway::log_field& f : line.fields) {
    std::visit([&](const auto& value) { object[std::string{to_string(f.key)}] = value; }, f.value);
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_sentence(const log_line& line) {
  std::string text{line.sentence};
  for (const gateway::log_field& f : line.fields) {
    if (f.key == gateway::log_key::session) {
      text += "; session " + std::get<std::string>(f.value);
    }
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      c = '?';
    }
  }
  return fmt::format("{} {}: {}", time_text(line.at, "%Y-%m-%d %H:%M:%S", localtime_r),
                     name_of(line.level), text);
}

}  // namespace

std::string to_text(const log_line& line, config::log_format format) {
  return (format == config::log_format::json ? to_json(line) : to_sentence(line)) + '\n';
}

}  // namespace diamgw::app
