#include "app/completion.hpp"

#include <CLI/CLI.hpp>
#include <vector>

namespace diamgw::app {
namespace {

std::vector<const CLI::App*> commands_below(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

/// "--config", "-c".
std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      out.push_back("--" + name);
    }
    for (const std::string& name : option->get_snames()) {
      out.push_back("-" + name);
    }
  }
  return out;
}

/// The cases of one command and those below it: by its path, what may follow.
void add_cases(const CLI::App& command, const std::string& path, std::string& steps,
               std::string& words) {
  words += "    '" + path + "') words='";
  for (const CLI::App* below : commands_below(command)) {
    words += below->get_name() + " ";
  }
  for (const std::string& option : options_of(command)) {
    words += option + " ";
  }
  words += "' ;;\n";
  for (const CLI::App* below : commands_below(command)) {
    const std::string deeper = path + ' ' + below->get_name();
    steps += "      '" + deeper + "') path='" + deeper + "' ;;\n";
    add_cases(*below, deeper, steps, words);
  }
}

/// Where no word fits, file names do.
std::string bash_script(const CLI::App& program) {
  const std::string name = program.get_name();
  std::string steps;
  std::string words;
  add_cases(program, name, steps, words);
  return "_" + name + "() {\n  local path='" + name +
         "' words='' word\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$path $word\" in\n" +
         steps + "    esac\n  done\n  case \"$path\" in\n" + words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o default -F _" +
         name + ' ' + name + '\n';
}

std::string in_fish_quotes(std::string_view text) {
  std::string out{"'"};
  for (const char c : text) {
    out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  }
  return out + '\'';
}

/// `seen` is fish's condition that the words so far are those of `command`.
void add_fish_lines(const CLI::App& command, const std::string& program, const std::string& seen,
                    std::string& out) {
  const auto below = commands_below(command);
  std::string here = seen;
  if (!below.empty()) {
    here += (seen.empty() ? "" : "; and ") + std::string{"not __fish_seen_subcommand_from"};
    for (const CLI::App* one : below) {
      here += ' ' + one->get_name();
    }
  }
  const std::string begin =
      "complete -c " + program + (here.empty() ? "" : " -n " + in_fish_quotes(here));
  for (const CLI::App* one : below) {
    out += begin + " -f -a " + one->get_name() + " -d " + in_fish_quotes(one->get_description()) +
           '\n';
  }
  for (const CLI::Option* option : command.get_options()) {
    std::string line = begin;
    for (const std::string& name : option->get_lnames()) {
      line += " -l " + name;
    }
    for (const std::string& name : option->get_snames()) {
      line += " -s " + name;
    }
    if (line.size() > begin.size()) {
      out += line + (option->get_items_expected_max() > 0 ? " -r" : "") + " -d " +
             in_fish_quotes(option->get_description()) + '\n';
    }
  }
  for (const CLI::App* one : below) {
    add_fish_lines(*one, program,
                   (seen.empty() ? "" : seen + "; and ") +
                       std::string{"__fish_seen_subcommand_from "} + one->get_name(),
                   out);
  }
}

}  // namespace

std::string completion_script(const CLI::App& program, std::string_view shell) {
  if (shell == "fish") {
    std::string out;
    add_fish_lines(program, program.get_name(), "", out);
    return out;
  }
  return (shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") +
         bash_script(program);
}

}  // namespace diamgw::app
