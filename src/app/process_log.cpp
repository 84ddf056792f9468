#include "app/process_log.hpp"

#include "app/log_lines.hpp"
#include "diamgw/base/wall_clock.hpp"

namespace diamgw::app {
namespace {

std::string line_of_missing(std::uint64_t lines, config::log_format format) {
  const std::string sentence =
      fmt::format("{} lines of the log were not written: standard error took no more", lines);
  const gateway::log_field field{gateway::log_key::lines, lines};
  return to_text({.at = wall_clock_now(),
                  .level = config::log_level::warning,
                  .sentence = sentence,
                  .fields = {&field, 1}},
                 format);
}

}  // namespace

process_log::process_log(const config::log_options& o, int descriptor)
    : event_log{o},
      format_{o.format},
      writer_{{.descriptor = descriptor,
               .queue_octets = o.queue_octets,
               .tell_missing = [format = o.format](std::uint64_t lines) {
                 return line_of_missing(lines, format);
               }}} {
  set_bug_listener(this);
}

process_log::~process_log() {
  set_bug_listener(nullptr);
}

void process_log::write(config::log_level level, std::string_view sentence,
                        std::span<const gateway::log_field> fields) {
  writer_.push(to_text(
      {.at = wall_clock_now(), .level = level, .sentence = sentence, .fields = fields}, format_));
}

void process_log::on_bug(const char* condition, const char* file, int line) noexcept {
  error("bug: {} at {}:{}", condition, file, line);
}

}  // namespace diamgw::app
