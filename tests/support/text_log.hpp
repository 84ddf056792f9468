// A log that a test can read.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/gateway/event_log.hpp"

namespace diamgw::test {

/// Every line, as "warning: sentence\n", and its fields by their names. Any thread.
class text_log final : public gateway::event_log {
 public:
  using fields = std::map<std::string, std::string>;

  explicit text_log(const config::log_options& o = {.level = config::log_level::trace})
      : event_log{o} {}

  [[nodiscard]] std::string str() const {
    const std::lock_guard lock{mutex_};
    std::string all;
    for (const auto& [sentence, more] : lines_) {
      all += sentence + '\n';
    }
    return all;
  }
  /// The lines since the last call.
  std::string take() {
    std::string all = str();
    clear();
    return all;
  }
  void clear() {
    const std::lock_guard lock{mutex_};
    lines_.clear();
  }
  /// Of the last line that contains `part`; empty where there is none.
  [[nodiscard]] fields fields_of(std::string_view part) const {
    const std::lock_guard lock{mutex_};
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
      if (line->first.find(part) != std::string::npos) {
        return line->second;
      }
    }
    return {};
  }

 protected:
  void write(config::log_level level, std::string_view sentence,
             std::span<const gateway::log_field> more) override {
    fields by_name;
    for (const gateway::log_field& f : more) {
      const auto* const number = std::get_if<std::uint64_t>(&f.value);
      by_name.emplace(to_string(f.key),
                      number != nullptr ? std::to_string(*number) : std::get<std::string>(f.value));
    }
    const std::lock_guard lock{mutex_};
    lines_.emplace_back(name_of(level) + ": " + std::string{sentence}, std::move(by_name));
  }

 private:
  static std::string name_of(config::log_level level) {
    switch (level) {
      case config::log_level::trace:
        return "trace";
      case config::log_level::debug:
        return "debug";
      case config::log_level::info:
        return "info";
      case config::log_level::warning:
        return "warning";
      default:
        return "error";
    }
  }

  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, fields>> lines_;
};

}  // namespace diamgw::test
