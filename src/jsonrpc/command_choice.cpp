#include "jsonrpc/command_choice.hpp"

#include "diamgw/base/short_text.hpp"
#include "jsonrpc/failure_sentence.hpp"

namespace diamgw::jsonrpc {

using dictionary::command_definition;

const command_definition* choose_command(command_candidates found,
                                         std::optional<application_id> named) noexcept {
  const command_definition* of_named = nullptr;
  const command_definition* of_base = nullptr;
  const command_definition* of_standard = nullptr;
  std::size_t standard_applications = 0;
  for (const command_definition* command : found) {
    if (named == command->application) {
      of_named = command;
    } else if (command->application == base_application) {
      of_base = command;
    } else if (command->application < first_vendor_application) {
      of_standard = command;
      ++standard_applications;
    }
  }
  return of_named != nullptr          ? of_named
         : found.size() == 1          ? found.front()
         : of_base != nullptr         ? of_base
         : standard_applications == 1 ? of_standard
                                      : nullptr;
}

const command_definition* command_chooser::choose(std::string_view method,
                                                  std::optional<application_id> named) {
  if (chosen_ != nullptr && named == named_ && same_short_text(method, method_)) {
    return chosen_;
  }
  const command_definition* const command = choose_command(names_.find_requests(method), named);
  if (command != nullptr) {
    method_.assign(method);
    named_ = named;
    chosen_ = command;
  }
  return command;
}

std::string unknown_method(std::string_view method, const dictionary::dictionary& names) {
  std::string detail{"there is no method \""};
  detail.append(method.substr(0, max_quoted_octets)).append("\"");
  if (!names.find_commands(method).empty()) {
    detail.append("; it is an answer, and only requests are called");
  } else {
    append_nearest(detail, names.nearest_command(method));
  }
  return detail;
}

std::string ambiguous_method(command_candidates found, std::optional<application_id> named) {
  std::string detail;
  if (named) {
    detail.append("application ")
        .append(std::to_string(named->value))
        .append(" has no command of this name; these have it: ");
  } else {
    detail.append(
        "several applications have this command; say by \"$application\" or "
        "Auth-Application-Id which one: ");
  }
  for (const command_definition* command : found) {
    detail.append(detail.ends_with(' ') ? "" : ", ")
        .append(std::to_string(command->application.value))
        .append(" (")
        .append(command->source)
        .append(")");
  }
  return detail;
}

}  // namespace diamgw::jsonrpc
