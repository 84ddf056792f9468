#include "app/sim/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "diamgw/codec/codes.hpp"
#include "diamgw/config/load.hpp"

namespace diamgw::sim {
namespace {

using names_of = dictionary::dictionary;
using failure = std::optional<std::string>;

constexpr std::chrono::milliseconds max_delay = std::chrono::hours{1};

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number n{};
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, n);
  return failed == std::errc{} && stopped == end ? std::optional{n} : std::nullopt;
}

std::string quote(std::string_view text) {
  return "'" + std::string{text} + "'";
}

std::string suggest(std::string_view nearest) {
  return nearest.empty() ? std::string{} : "; did you mean " + quote(nearest) + "?";
}

failure read_command(fault& to, const std::string& value, const names_of& names) {
  constexpr std::uint32_t max_command = 0xffffff;  // RFC 6733 §3
  if (const auto code = number_of<std::uint32_t>(value); code && *code <= max_command) {
    to.command = command_code{*code};
    return {};
  }
  const auto found = names.find_requests(value);
  if (found.empty()) {
    return "command: " + quote(value) + " is no request's name or number" +
           suggest(names.nearest_command(value));
  }
  to.command = found.front()->code;
  return {};
}

failure read_application(fault& to, const std::string& value, const names_of& names) {
  to.application = names.find_application_id(value);
  if (!to.application) {
    return "application: " + quote(value) + " is no application's name or number" +
           suggest(names.nearest_application(value));
  }
  return {};
}

failure read_chance(fault& to, const std::string& value, const names_of& /*names*/) {
  to.chance = number_of<double>(value).value_or(0);
  if (!(to.chance > 0 && to.chance <= 1)) {
    return "chance: " + quote(value) + " is no number above 0 and up to 1, such as 0.1";
  }
  return {};
}

failure read_times(fault& to, const std::string& value, const names_of& /*names*/) {
  to.times = number_of<std::uint32_t>(value).value_or(0);
  if (to.times == 0) {
    return "times: " + quote(value) + " is no number from 1 on";
  }
  return {};
}

failure read_delay(fault& to, const std::string& value, const names_of& /*names*/) {
  const auto delay = config::parse_duration(value);
  if (!delay || *delay <= std::chrono::milliseconds{0} || *delay > max_delay) {
    return "delay: " + quote(value) + " is no duration of up to an hour, such as 500ms";
  }
  to.delay = *delay;
  return {};
}

/// RFC 6733 §7.1: the thousands are the class, of which there are five.
failure read_result_code(fault& to, const std::string& value, const names_of& names) {
  if (const auto code = number_of<std::uint32_t>(value)) {
    to.result_code = *code;
  } else if (const auto* avp = names.find_avp(diameter::avps::result_code, ietf_vendor)) {
    const auto named = std::ranges::find(avp->values, value, &dictionary::enum_value::name);
    to.result_code = named == avp->values.end() ? 0U : static_cast<std::uint32_t>(named->value);
  }
  if (to.result_code < 1000 || to.result_code > 5999) {
    return "result_code: " + quote(value) +
           " is no Result-Code; give one from 1000 to 5999, or its name, such as 3004 or "
           "DIAMETER_TOO_BUSY";
  }
  return {};
}

failure read_no_answer(fault& to, const std::string& value, const names_of& /*names*/) {
  if (value != "true" && value != "false") {
    return "no_answer: " + quote(value) + " is neither true nor false";
  }
  to.no_answer = value == "true";
  return {};
}

struct field {
  std::string_view name;
  failure (*read)(fault& to, const std::string& value, const names_of& names);
};

constexpr std::array fields{
    field{"command", read_command},     field{"application", read_application},
    field{"chance", read_chance},       field{"times", read_times},
    field{"delay", read_delay},         field{"result_code", read_result_code},
    field{"no_answer", read_no_answer},
};

std::string unknown_field(std::string_view name) {
  std::string text = quote(name) + " is nothing that a fault has; there are ";
  for (const field& f : fields) {
    text += (f.name == fields.front().name ? "" : ", ") + std::string{f.name};
  }
  return text;
}

}  // namespace

result<fault, std::string> make_fault(const fault_fields& given, const names_of& names) {
  fault f;
  for (auto at = given.begin(); at != given.end(); ++at) {
    const auto& [name, value] = *at;
    const auto known = std::ranges::find(fields, name, &field::name);
    if (known == fields.end()) {
      return unknown_field(name);
    }
    if (std::ranges::count(given.begin(), at, name, &fault_fields::value_type::first) != 0) {
      return name + " stands twice";
    }
    if (const failure wrong = known->read(f, value, names)) {
      return *wrong;
    }
  }
  const bool answers = f.delay.count() != 0 || f.result_code != 0;
  if (f.no_answer && answers) {
    return std::string{"no_answer leaves no answer for delay or result_code"};
  }
  if (!f.no_answer && !answers) {
    return std::string{"a fault has a delay, a result_code or no_answer"};
  }
  return f;
}

result<fault, std::string> parse_fault(std::string_view text, const names_of& names) {
  fault_fields given;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    const std::size_t equals = one.find('=');
    given.emplace_back(one.substr(0, equals),
                       equals == std::string_view::npos ? "true" : one.substr(equals + 1));
  }
  return make_fault(given, names);
}

fault_fields fields_of(const fault& f) {
  fault_fields all;
  if (f.command) {
    all.emplace_back("command", std::to_string(f.command->value));
  }
  if (f.application) {
    all.emplace_back("application", std::to_string(f.application->value));
  }
  if (f.chance < 1) {
    std::array<char, 32> room{};
    const auto end = std::to_chars(room.data(), room.data() + room.size(), f.chance).ptr;
    all.emplace_back("chance", std::string{room.data(), end});
  }
  if (f.times != 0) {
    all.emplace_back("times", std::to_string(f.times));
  }
  if (f.delay.count() != 0) {
    all.emplace_back("delay", config::format_duration(f.delay));
  }
  if (f.result_code != 0) {
    all.emplace_back("result_code", std::to_string(f.result_code));
  }
  if (f.no_answer) {
    all.emplace_back("no_answer", "true");
  }
  return all;
}

void fault_list::replace(std::vector<fault> all) {
  random_ = random_sequence{seed_};
  entries_.clear();
  for (fault& f : all) {
    entries_.push_back({.what = f});
  }
}

const fault* fault_list::choose(application_id application, command_code command) noexcept {
  for (entry& e : entries_) {
    const fault& f = e.what;
    if ((f.command && *f.command != command) || (f.application && *f.application != application) ||
        (f.times != 0 && e.applied >= f.times)) {
      continue;
    }
    constexpr int kept_bits = 53;  // of a double
    if (f.chance < 1 && std::ldexp(static_cast<double>(random_.next() >> (64 - kept_bits)),
                                   -kept_bits) >= f.chance) {
      continue;
    }
    ++e.applied;
    return &f;
  }
  return nullptr;
}

}  // namespace diamgw::sim
