#include "app/dict/show.hpp"

#include <algorithm>

#include "app/dict/find.hpp"
#include "app/dict/notation.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::app {
namespace {

using dictionary::application_definition;
using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::command_definition;
using dictionary::flag_rule;

/// A heading and fields below it, whose further lines are indented like the first.
class paragraph {
 public:
  explicit paragraph(const std::string& heading) : text_{heading + '\n'} {}

  void field(std::string_view label, const std::string& value) {
    constexpr std::size_t column = 15;
    text_ += "  " + std::string{label};
    text_.append(column - 2 - std::min(column - 3, label.size()), ' ');
    text_ += value + '\n';
  }

  void fields(std::string_view label, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      field(label, value);
      label = {};
    }
  }

  /// Text that is indented as a whole, behind an empty line.
  void block(std::string_view text) {
    text_ += '\n';
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      text_ += "  " + std::string{text.substr(0, end)} + '\n';
      text.remove_prefix(std::min(end, text.size() - 1) + 1);
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string_view say(flag_rule rule) {
  switch (rule) {
    case flag_rule::must:
      return "must be set";
    case flag_rule::may:
      return "may be set";
    case flag_rule::must_not:
      break;
  }
  return "must not be set";
}

class show_text {
 public:
  explicit show_text(const dictionary_set& all) : all_{all} {}

  std::string of(const avp_definition& avp) const {
    paragraph out{"AVP " + avp.name};
    out.field("code", std::to_string(avp.code.value));
    out.field("vendor", numbered(avp.vendor.value, all_.vendor_name(avp.vendor)));
    out.field("type", std::string{to_string(avp.type)});
    out.fields("flags",
               {"M " + std::string{say(avp.mandatory)}, "P " + std::string{say(avp.protect)}});
    out.field("source", document(avp.source));
    add_refiner(out, "grammar by", avp.grammar_source, avp.source);
    out.field("defined at", place_of(avp));
    out.fields("values", values_of(avp));
    out.fields("used by", users_of(avp));
    if (avp.type == dictionary::avp_type::grouped) {
      out.block(to_notation(avp));
    }
    return out.text();
  }

  std::string of(const command_definition& command) const {
    const auto* application = all_.names->find_application(command.application);
    paragraph out{"command " + command.name};
    out.field("code", std::to_string(command.code.value));
    out.field("application",
              numbered(command.application.value,
                       application == nullptr ? std::string_view{} : application->name));
    out.field("methods",
              command.short_name + "R, " + command.name + ", " + command.name + "-Request");
    out.field("P bit", command.proxiable ? "set: proxies may carry it" : "not set");
    out.field("source", document(command.source));
    add_refiner(out, "request by", command.request_source, command.source);
    add_refiner(out, "answer by", command.answer_source, command.source);
    out.field("defined at", place_of(command));
    out.block(to_notation(command, message_kind::request));
    out.block(to_notation(command, message_kind::answer));
    return out.text();
  }

  std::string of(const application_definition& application) const {
    paragraph out{"application " + application.name};
    out.field("number", std::to_string(application.id.value));
    if (!application.aliases.empty()) {
      out.fields("also", application.aliases);
    }
    out.field("vendor", numbered(application.vendor.value, all_.vendor_name(application.vendor)));
    out.field("source", document(application.source));
    std::vector<std::string> commands;
    for (const command_definition* command : all_.names->commands()) {
      if (command->application == application.id) {
        commands.push_back(command->short_name + "R and " + command->short_name + "A, " +
                           command->name);
      }
    }
    out.fields("commands", commands);
    return out.text();
  }

 private:
  static std::string numbered(std::uint32_t number, std::string_view name) {
    return name.empty() ? std::to_string(number)
                        : std::to_string(number) + " (" + std::string{name} + ")";
  }

  [[nodiscard]] std::string document(const std::string& source) const {
    const dictionary_source* file = all_.find_source(source);
    return file == nullptr || file->document.empty() ? source : source + ": " + file->document;
  }

  /// The file that @refines what another has defined.
  void add_refiner(paragraph& out, std::string_view label, const std::string& refiner,
                   const std::string& source) const {
    if (!refiner.empty() && refiner != source) {
      out.field(label, document(refiner));
    }
  }

  [[nodiscard]] static std::string place(const dictionary_source& file, dictionary::position at) {
    return file.path + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
  }

  [[nodiscard]] std::string place_of(const avp_definition& avp) const {
    if (const dictionary_source* file = all_.find_source(avp.source)) {
      for (const auto& line : file->parsed.avps) {
        if (line.called.text == avp.name) {
          return place(*file, line.called.at);
        }
      }
    }
    return avp.source;
  }

  [[nodiscard]] std::string place_of(const command_definition& command) const {
    const std::string& source =
        command.request_source.empty() ? command.source : command.request_source;
    if (const dictionary_source* file = all_.find_source(source)) {
      for (const auto& m : file->parsed.messages) {
        const std::uint32_t application = m.application     ? m.application->value
                                          : file->parsed.id ? file->parsed.id->value
                                                            : 0;
        if (m.code.value == command.code.value && application == command.application.value) {
          return place(*file, m.called.at);
        }
      }
    }
    return source;
  }

  static std::vector<std::string> values_of(const avp_definition& avp) {
    std::vector<std::string> out;
    for (const dictionary::enum_value& v : avp.values) {
      out.push_back(v.name + ' ' +
                    (avp.type == dictionary::avp_type::unsigned32
                         ? std::to_string(static_cast<std::uint32_t>(v.value))
                         : std::to_string(v.value)));
    }
    return out;
  }

  static void add_use(std::vector<std::string>& out, const std::vector<avp_rule>& grammar,
                      const avp_definition& avp, const std::string& user) {
    const auto rule = std::ranges::find(grammar, &avp, &avp_rule::avp);
    if (rule != grammar.end()) {
      out.push_back(user + ": " + to_notation(*rule));
    }
  }

  [[nodiscard]] std::vector<std::string> users_of(const avp_definition& avp) const {
    std::vector<std::string> out;
    for (const command_definition* command : all_.names->commands()) {
      const std::string of = " of application " + std::to_string(command->application.value);
      add_use(out, command->request, avp, command->short_name + 'R' + of);
      add_use(out, command->answer, avp, command->short_name + 'A' + of);
    }
    for (const avp_definition* group : all_.names->avps()) {
      add_use(out, group->grammar, avp, group->name);
    }
    return out;
  }

  const dictionary_set& all_;
};

/// CCR, CCA, Credit-Control, and with -Request and -Answer.
bool is_called(const command_definition& command, std::string_view lower) {
  const std::string name = to_lower(command.name);
  const std::string short_name = to_lower(command.short_name);
  return lower == name || lower == name + "-request" || lower == name + "-answer" ||
         lower == short_name || lower == short_name + 'r' || lower == short_name + 'a';
}

}  // namespace

shown_definitions find_shown(const dictionary_set& all, std::string_view word) {
  const auto number = parse_number(all, word);
  const std::string lower = to_lower(word);
  shown_definitions out;
  for (const avp_definition* avp : all.names->avps()) {
    if (number
            ? avp->code.value == number->code && (!number->vendor || avp->vendor == *number->vendor)
            : to_lower(avp->name) == lower) {
      out.avps.push_back(avp);
    }
  }
  for (const command_definition* command : all.names->commands()) {
    if (number ? !number->vendor && command->code.value == number->code
               : is_called(*command, lower)) {
      out.commands.push_back(command);
    }
  }
  if (!number) {
    out.application = all.names->find_application(word);
  } else if (!number->vendor) {
    out.application = all.names->find_application(application_id{number->code});
  }
  return out;
}

std::string show(const dictionary_set& all, const shown_definitions& what) {
  const show_text text{all};
  std::string out;
  const auto add = [&](const std::string& one) { out += (out.empty() ? "" : "\n") + one; };
  for (const avp_definition* avp : what.avps) {
    add(text.of(*avp));
  }
  for (const command_definition* command : what.commands) {
    add(text.of(*command));
  }
  if (what.application != nullptr) {
    add(text.of(*what.application));
  }
  return out;
}

std::string show(const dictionary_set& all, std::string_view word) {
  return show(all, find_shown(all, word));
}

}  // namespace diamgw::app
