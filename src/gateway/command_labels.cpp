#include "diamgw/gateway/command_labels.hpp"

namespace diamgw::gateway {

std::vector<metrics::command_label> make_command_labels(const dictionary::dictionary& names) {
  std::vector<metrics::command_label> labels;
  for (const dictionary::command_definition* command : names.commands()) {
    for (const dictionary::application_definition& application : names.applications()) {
      // Base commands serve every application (RAR, ASR, STR, ...).
      if (command->application == application.id || command->application == base_application) {
        if (names.find_command(application.id, command->code) == command) {
          labels.push_back({application.id, command->code, application.name, command->name});
        }
      }
    }
  }
  return labels;
}

}  // namespace diamgw::gateway
