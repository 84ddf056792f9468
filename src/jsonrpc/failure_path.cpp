#include "jsonrpc/failure_path.hpp"

#include <array>
#include <charconv>

#include "jsonrpc/failure_sentence.hpp"

namespace diamgw::jsonrpc {

std::string_view step_of(next_value v) noexcept {
  switch (v) {
    case next_value::avp_list:
      return ".AVP";
    case next_value::timeout:
      return ".$timeout";
    case next_value::answer_form:
      return ".$form";
    case next_value::retransmitted:
      return ".$retransmitted";
    case next_value::application:
      return ".$application";
    case next_value::code:
      return ".code";
    case next_value::vendor:
      return ".vendor";
    case next_value::flags:
      return ".flags";
    case next_value::name:
      return ".name";
    case next_value::value:
      return ".value";
    case next_value::text:
      return ".text";
    case next_value::hex:
      return ".hex";
    case next_value::none:
    case next_value::avp:
    case next_value::element:
      break;
  }
  return {};
}

void failure_path::write(std::string_view root, const kept_stack<open_container>& open,
                         std::optional<std::string_view> key) {
  text_.assign(root);
  for (std::size_t i = 1; i < open.size(); ++i) {
    const bool last = i + 1 == open.size();
    if (last && key) {
      text_.append(".").append(key->empty() ? R"("")" : key->substr(0, max_quoted_octets));
    } else {
      append_step(open[i]);
    }
  }
}

void failure_path::append_step(const open_container& c) {
  if (c.role == container_role::repeats || c.next == next_value::element) {
    text_.append("[");
    append_number(c.index);
    text_.append("]");
    return;
  }
  if (c.next != next_value::avp) {
    text_.append(step_of(c.next));
    return;
  }
  text_.append(".");
  if (c.place.definition != nullptr) {
    text_.append(c.place.definition->name);
    return;
  }
  append_number(c.place.vendor.value);
  text_.append(":");
  append_number(c.place.code.value);
}

void failure_path::append_number(std::uint32_t v) {
  std::array<char, 10> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr;
  text_.append(digits.data(), end);
}

}  // namespace diamgw::jsonrpc
