// What is wrong inside `params` or `result`, said once, with the way to it.
#include <array>
#include <charconv>

#include "diamgw/base/nearest.hpp"
#include "diamgw/codec/codes.hpp"
#include "jsonrpc/call_reader.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

constexpr std::size_t max_quoted_octets = 64;

void append_number(std::string& text, std::uint32_t v) {
  std::array<char, 10> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr;
  text.append(digits.data(), end);
}

void append_found(std::string& text, const scalar& value) {
  text.append(", found ");
  const std::string_view shown = value.text.substr(0, max_quoted_octets);
  const std::string_view rest = shown.size() < value.text.size() ? "…" : "";
  switch (value.what) {
    case kind::string:
      text.append("the string \"").append(shown).append(rest).append("\"");
      break;
    case kind::integer:
    case kind::real:
      text.append("the number ").append(shown).append(rest);
      break;
    case kind::boolean:
      text.append(value.truth ? "true" : "false");
      break;
    case kind::null:
      text.append("null");
      break;
  }
}

/// The named value nearest to a wrong name, or an empty view.
[[nodiscard]] std::string_view nearest_value(const dictionary::avp_definition& definition,
                                             std::string_view wrong) {
  std::string_view best;
  std::size_t best_distance = wrong.size() / 3 + 1;
  for (const dictionary::enum_value& v : definition.values) {
    const std::size_t distance = edit_distance(wrong, v.name, best_distance - 1);
    if (distance < best_distance) {
      best = v.name;
      best_distance = distance;
      if (distance == 0) {
        break;
      }
    }
  }
  return best;
}

}  // namespace

/// Keeps the first failure and passes over the rest of the body, up to the envelope.
void call_reader::fail(moment when, std::uint32_t result_code, std::string_view detail,
                       std::string_view key) {
  if (!failed_) {
    failed_ = true;
    failure_number_ = error_number::invalid_params;
    failure_result_code_ = result_code;
    failure_detail_.assign(detail);
    write_path(key);
  }
  std::size_t open = frames_.size() - outermost;
  if (when == moment::opening) {
    ++open;
  } else if (when == moment::closing) {
    --open;
  }
  frames_.cut(outermost);
  frames_.back().next = slot::skipped;
  pass_over(open);
  keys_.clear();
  elements_.clear();
}

void call_reader::fail_value(const scalar& value, std::string_view expected, const avp_place& at) {
  std::string detail{expected};
  append_found(detail, value);
  if (at.definition != nullptr && value.what == kind::string && !at.definition->values.empty()) {
    const std::string_view nearest = nearest_value(*at.definition, value.text);
    if (!nearest.empty()) {
      detail.append("; did you mean \"").append(nearest).append("\"?");
    }
  }
  fail(moment::inside, static_cast<std::uint32_t>(diameter::result_code::invalid_avp_value),
       detail);
}

void call_reader::fail_container(container what, std::string_view expected) {
  std::string detail{expected};
  detail.append(what == container::object ? ", found an object" : ", found an array");
  fail(moment::opening, static_cast<std::uint32_t>(diameter::result_code::invalid_avp_value),
       detail);
}

/// E.g. "params.Multiple-Services-Credit-Control[0].Requested-Service-Unit.CC-Time". `key` stands
/// for the last step where the frame does not know it.
void call_reader::write_path(std::string_view key) {
  failure_path_.assign(body_is_result_ ? "result" : "params");
  for (std::size_t i = outermost; i < frames_.size(); ++i) {
    const bool last = i + 1 == frames_.size();
    if (last && !key.empty()) {
      failure_path_.append(".").append(key.substr(0, max_quoted_octets));
    } else {
      write_step(frames_[i]);
    }
  }
}

/// The step that a key of our own is; empty for AVPs, elements of arrays, and where none is open.
std::string_view call_reader::step_of(slot s) noexcept {
  switch (s) {
    case slot::avp_list:
      return ".AVP";
    case slot::timeout:
      return ".$timeout";
    case slot::answer_form:
      return ".$form";
    case slot::retransmitted:
      return ".$retransmitted";
    case slot::application:
      return ".$application";
    case slot::code:
      return ".code";
    case slot::vendor:
      return ".vendor";
    case slot::flags:
      return ".flags";
    case slot::name:
      return ".name";
    case slot::value:
      return ".value";
    case slot::text:
      return ".text";
    case slot::hex:
      return ".hex";
    default:
      return {};
  }
}

void call_reader::write_step(const frame& f) {
  if (f.kind == frame_kind::repeats || f.next == slot::element) {
    failure_path_.append("[");
    append_number(failure_path_, f.index);
    failure_path_.append("]");
    return;
  }
  if (f.next != slot::avp) {
    failure_path_.append(step_of(f.next));
    return;
  }
  failure_path_.append(".");
  if (f.place.definition != nullptr) {
    failure_path_.append(f.place.definition->name);
    return;
  }
  append_number(failure_path_, f.place.vendor.value);
  failure_path_.append(":");
  append_number(failure_path_, f.place.code.value);
}

}  // namespace diamgw::jsonrpc
