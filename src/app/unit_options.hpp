// Options that are quantities; those with a unit are written and shown as in the configuration:
// 30s, 64KiB.
#pragma once
#include <charconv>
#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <system_error>

#include "diamgw/config/load.hpp"

namespace diamgw::app {

/// `target` is the default, and must outlive the parsing. Units that it cannot have are refused.
template <class Duration>
CLI::Option* add_duration(CLI::App& command, const std::string& name, Duration& target,
                          const std::string& help) {
  const auto take = [&target, name](const std::string& text) {
    const auto value = config::parse_duration(text);
    if (!value || *value % Duration{1} != Duration{0}) {
      throw CLI::ValidationError{
          name, "'" + text + "' is no duration; give one such as " +
                    (Duration{1} == std::chrono::seconds{1} ? "30s or 2m" : "500ms or 30s")};
    }
    target = std::chrono::duration_cast<Duration>(*value);
  };
  return command.add_option_function<std::string>(name, take, help)
      ->type_name("DURATION")
      ->default_str(config::format_duration(target));
}

inline CLI::Option* add_octets(CLI::App& command, const std::string& name, std::uint64_t& target,
                               const std::string& help) {
  const auto take = [&target, name](const std::string& text) {
    const auto value = config::parse_octets(text);
    if (!value) {
      throw CLI::ValidationError{name, "'" + text +
                                           "' is no number of octets; give one such as 1000000 "
                                           "or 64KiB"};
    }
    target = *value;
  };
  return command.add_option_function<std::string>(name, take, help)
      ->type_name("OCTETS")
      ->default_str(config::format_octets(target));
}

/// What is counted in no unit, such as credit.
inline CLI::Option* add_number(CLI::App& command, const std::string& name, std::uint64_t& target,
                               const std::string& help) {
  const auto take = [&target, name](const std::string& text) {
    const char* const end = text.data() + text.size();
    std::uint64_t value = 0;
    const auto [stopped, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc{} || stopped != end) {
      throw CLI::ValidationError{
          name, "'" + text + "' is no whole number from 0 to " + std::to_string(UINT64_MAX)};
    }
    target = value;
  };
  return command.add_option_function<std::string>(name, take, help)
      ->type_name("NUMBER")
      ->default_str(std::to_string(target));
}

}  // namespace diamgw::app
