#include "app/process.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace diamgw::app {
namespace {

/// One JSON object a line, for log collectors.
class json_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    time_->format(message, time_text_);
    const nlohmann::ordered_json line{
        {"time", std::string_view{time_text_.data(), time_text_.size()}},
        {"level", std::string_view{spdlog::level::to_string_view(message.level).data(),
                                   spdlog::level::to_string_view(message.level).size()}},
        {"message", std::string_view{message.payload.data(), message.payload.size()}}};
    time_text_.clear();
    // What peers and clients send may be no UTF-8: it must not end the line, or the process.
    const std::string text =
        line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }

 private:
  std::unique_ptr<spdlog::pattern_formatter> time_ = std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ", spdlog::pattern_time_type::utc, "");
  spdlog::memory_buf_t time_text_;
};

spdlog::level::level_enum level_of(config::log_level level) {
  switch (level) {
    case config::log_level::trace:
      return spdlog::level::trace;
    case config::log_level::debug:
      return spdlog::level::debug;
    case config::log_level::info:
      return spdlog::level::info;
    case config::log_level::warning:
      return spdlog::level::warn;
    case config::log_level::error:
      return spdlog::level::err;
    case config::log_level::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

}  // namespace

termination::termination() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void termination::wait(const std::function<void()>& on_hangup) {
  while (true) {
    int received = 0;
    sigwait(&signals_, &received);
    if (received != SIGHUP) {
      return;
    }
    on_hangup();
  }
}

void termination::release() {
  sigdelset(&signals_, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

void print_errors(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) {
    std::cerr << sentence << '\n';
  }
}

std::shared_ptr<spdlog::logger> make_logger(const config::log_options& o) {
  auto log =
      std::make_shared<spdlog::logger>("diamgw", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (o.format == config::log_format::json) {
    log->set_formatter(std::make_unique<json_formatter>());
  } else {
    log->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  }
  log->set_level(level_of(o.level));
  log->flush_on(spdlog::level::trace);
  return log;
}

}  // namespace diamgw::app
