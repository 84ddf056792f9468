#include "jsonrpc/avp_body.hpp"

#include "jsonrpc/failure_sentence.hpp"

namespace diamgw::jsonrpc {

void avp_body::fail(failing_event what, diameter::result_code code, std::string_view detail,
                    std::optional<std::string_view> key) {
  failed_ = true;
  code_ = code;
  detail_.assign(detail);
  path_.write(is_result_ ? "result" : "params", open_, key);
  passed_over_ = depth();
  if (what == failing_event::opens) {
    ++passed_over_;
  } else if (what == failing_event::closes) {
    --passed_over_;
  }
  open_.cut(1);
}

void avp_body::fail_key(std::string_view detail, std::string_view key) {
  fail(failing_event::inside, diameter::result_code::invalid_avp_value, detail, key);
}

void avp_body::fail_value(const scalar& value, std::string_view expected,
                          const dictionary::avp_definition* definition) {
  fail(failing_event::inside, diameter::result_code::invalid_avp_value,
       found_instead(expected, value, definition));
}

void avp_body::fail_container(container what, std::string_view expected) {
  fail(failing_event::opens, diameter::result_code::invalid_avp_value,
       found_instead(expected, what));
}

}  // namespace diamgw::jsonrpc
