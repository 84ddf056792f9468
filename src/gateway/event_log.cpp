#include "diamgw/gateway/event_log.hpp"

#include <algorithm>

namespace diamgw::gateway {

void event_log::say(config::log_level level, log_fields fields, fmt::string_view text,
                    fmt::format_args args) noexcept {
  if (level < least_) {
    return;
  }
  const auto is_session = [](const log_field& f) { return f.key == log_key::session; };
  const std::string sentence = fmt::vformat(text, args);
  if (session_ids_ || std::ranges::none_of(fields.all(), is_session)) {
    write(level, sentence, fields.all());
    return;
  }
  std::vector<log_field> shown{fields.all().begin(), fields.all().end()};
  std::erase_if(shown, is_session);
  write(level, sentence, shown);
}

}  // namespace diamgw::gateway
