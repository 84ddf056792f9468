#include "diamgw/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "app/build_text.hpp"
#include "app/commands.hpp"
#include "app/completion.hpp"
#include "app/unit_options.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw::app {
namespace {

using action = std::function<exit_status()>;

constexpr const char* config_help =
    "Configuration file; - for standard input. Without it DIAMGW_CONFIG names it, or variables "
    "alone have all options";

void add_serve(CLI::App& program, action& chosen) {
  const auto arguments = std::make_shared<serve_arguments>();
  CLI::App* serve_command = program.add_subcommand("serve", "Run the gateway");
  serve_command->add_option("-c,--config", arguments->config, config_help);
  serve_command->callback(
      [arguments, &chosen] { chosen = [arguments] { return serve(*arguments); }; });
}

void add_check_config(CLI::App& program, action& chosen) {
  const auto arguments = std::make_shared<check_config_arguments>();
  CLI::App* check = program.add_subcommand("check-config", "Check a configuration");
  check->add_option("-c,--config,FILE", arguments->config, config_help);
  check->add_flag("--strict", arguments->strict, "Warnings are errors");
  check->add_flag("--effective", arguments->effective,
                  "Print all options as they will be, with where each value is from");
  check->add_flag("--json", arguments->as_json, "Print what is found as JSON");
  check->callback(
      [arguments, &chosen] { chosen = [arguments] { return check_config(*arguments); }; });
}

/// An option of one value that may be repeated.
void add_list(CLI::App& command, const char* name, std::vector<std::string>& target,
              const char* type, const char* help) {
  command.add_option(name, target, help)->type_name(type)->allow_extra_args(false);
}

void add_sim(CLI::App& program, action& chosen) {
  CLI::App* sim = program.add_subcommand("sim", "Run a simulated Diameter server");
  sim->require_subcommand(1);
  const auto arguments = std::make_shared<sim_ocs_arguments>();
  CLI::App* ocs = sim->add_subcommand(
      "ocs",
      "Credit-control server (RFC 8506). Prints 'diameter ADDRESS:PORT', and 'admin ADDRESS:PORT' "
      "where it has one, once it listens");
  ocs->add_option("--listen", arguments->listen, "Address and port for Diameter; 0: a free one")
      ->capture_default_str();
  ocs->add_option("--origin-host", arguments->origin_host, "Its DiameterIdentity")
      ->capture_default_str();
  ocs->add_option("--origin-realm", arguments->origin_realm, "Its realm")->capture_default_str();
  ocs->add_option("--admin", arguments->admin,
                  "Address and port for HTTP: sessions, balances, faults, RAR and ASR");
  add_number(*ocs, "--balance", arguments->balance, "Credit of a new subscriber");
  add_list(*ocs, "--account", arguments->accounts, "SUBSCRIBER=NUMBER",
           "Credit of this subscriber; may be repeated");
  ocs->add_flag("--strict", arguments->strict, "Refuse subscribers without --account (5030)");
  add_octets(*ocs, "--quota", arguments->quota, "Octets granted where no amount is asked for");
  add_duration(*ocs, "--validity", arguments->validity, "Validity-Time of a grant");
  add_list(*ocs, "--fault", arguments->faults, "NAME=VALUE,...",
           "Answer late, wrongly or not at all, e.g. command=CCR,chance=0.1,delay=2s, "
           "result_code=3004,times=3 or no_answer; may be repeated");
  ocs->add_option("--seed", arguments->seed, "Of the faults' chances; else another one each time");
  add_duration(*ocs, "--timeout", arguments->timeout, "For the answer to a RAR or an ASR");
  ocs->callback([arguments, &chosen] { chosen = [arguments] { return sim_ocs(*arguments); }; });
}

void add_call(CLI::App& program, action& chosen) {
  const auto arguments = std::make_shared<call_arguments>();
  CLI::App* one = program.add_subcommand("call", "Send one request and print its result");
  one->add_option("--url", arguments->url, "ws://HOST:PORT/PATH of the gateway")->required();
  one->add_option("--wait-requests", arguments->wait_requests,
                  "Then wait for so many requests of the network, and answer them")
      ->capture_default_str();
  one->add_option("--answer-with", arguments->answer_with, "Result-Code of those answers")
      ->capture_default_str();
  add_duration(*one, "--timeout", arguments->timeout, "For each answer and request");
  one->add_option("METHOD", arguments->method, "E.g. CCR, or gateway.info")->required();
  one->add_option("PARAMS", arguments->params, "AVPs as JSON; - reads them from standard input")
      ->capture_default_str();
  one->callback([arguments, &chosen] { chosen = [arguments] { return call(*arguments); }; });
}

void add_route(CLI::App& program, action& chosen) {
  const auto arguments = std::make_shared<route_arguments>();
  CLI::App* one =
      program.add_subcommand("route", "Ask a running gateway where a request would go, and why");
  one->add_option("--admin", arguments->admin, "HOST:PORT of its admin listener")
      ->capture_default_str();
  one->add_option("--realm", arguments->realm, "Destination-Realm");
  one->add_option("--host", arguments->host, "Destination-Host");
  one->add_option("--application", arguments->application, "Its name or number")->required();
  one->add_option("--token-file", arguments->token_file, "A file with the admin listener's token");
  one->add_flag("--json", arguments->as_json, "Print the answer as JSON");
  add_duration(*one, "--timeout", arguments->timeout, "For the answer");
  one->callback([arguments, &chosen] {
    if (arguments->realm.empty() && arguments->host.empty()) {
      throw CLI::RequiredError{"--realm or --host"};
    }
    chosen = [arguments] { return route(*arguments); };
  });
}

void add_sources(CLI::App& command, dict_arguments& arguments) {
  command.add_option("-c,--config", arguments.config,
                     "Also the dictionaries of this configuration");
  command
      .add_option("-d,--dictionary", arguments.dictionaries,
                  "Also this .dia file, or all of a folder; may be repeated")
      ->allow_extra_args(false);
}

void add_dict_find(CLI::App& dict, action& chosen) {
  const auto arguments = std::make_shared<dict_find_arguments>();
  CLI::App* find = dict.add_subcommand("find", "List what has a name, a number or a vendor");
  find->add_option("WORD", arguments->word, "A part of a name; or a number: CODE, CODE/VENDOR");
  find->add_option("--vendor", arguments->vendor, "Of this vendor, by number or name");
  find->add_option("--type", arguments->type, "Only these")
      ->check(CLI::IsMember{{"avp", "command", "application", "value"}});
  add_sources(*find, *arguments);
  find->add_flag("--json", arguments->as_json, "Print a list as JSON");
  find->callback([arguments, &chosen] { chosen = [arguments] { return dict_find(*arguments); }; });
  const auto shown = std::make_shared<dict_show_arguments>();
  CLI::App* show = dict.add_subcommand("show", "Print all about one AVP, command or application");
  show->add_option("NAME", shown->word, "Its whole name; or CODE or CODE/VENDOR")->required();
  add_sources(*show, *shown);
  show->add_flag("--json", shown->as_json, "Print it as 'dict export' has it");
  show->callback([shown, &chosen] { chosen = [shown] { return dict_show(*shown); }; });
}

void add_dict(CLI::App& program, action& chosen) {
  CLI::App* dict = program.add_subcommand("dict", "Look into the dictionary, or check .dia files");
  dict->require_subcommand(1);
  add_dict_find(*dict, chosen);
  const auto sources = std::make_shared<dict_arguments>();
  CLI::App* all = dict->add_subcommand("export", "Print the whole dictionary as JSON");
  add_sources(*all, *sources);
  all->add_flag("--json")->description("As JSON, which is the only form");
  all->callback([sources, &chosen] { chosen = [sources] { return dict_export(*sources); }; });
  const auto checked = std::make_shared<dict_check_arguments>();
  CLI::App* check = dict->add_subcommand("check", "Say what is wrong with .dia files");
  check->add_option("FILE", checked->files, "The files; - for standard input")->required();
  check
      ->add_option("--path", checked->folders,
                   "A folder whose files they inherit, found by @name; may be repeated")
      ->allow_extra_args(false);
  check
      ->add_option("--inherits", checked->inherits,
                   "NAME: they inherit it, too; PREV/NAME: it is meant by PREV; -: they inherit "
                   "nothing; may be repeated")
      ->allow_extra_args(false);
  check->add_flag("--alone", checked->alone,
                  "Each by itself, without built-in files that it does not inherit");
  check->add_flag("--strict", checked->strict, "A warning is a failure");
  check->add_flag("--json", checked->as_json, "Print what is found as JSON");
  check->callback([checked, &chosen] { chosen = [checked] { return dict_check(*checked); }; });
}

void add_version(CLI::App& program, action& chosen) {
  program.set_version_flag("-V,--version", build_text());
  const auto as_json = std::make_shared<bool>(false);
  CLI::App* version = program.add_subcommand("version", "Print version, commit and build");
  version->add_flag("--json", *as_json, "As JSON");
  version->callback([as_json, &chosen] {
    chosen = [as_json] {
      std::cout << (*as_json ? build_json() : build_text()) << '\n';
      return exit_status::success;
    };
  });
}

void add_completion(CLI::App& program, action& chosen) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      program.add_subcommand("completion", "Print the script by which a shell completes");
  completion->add_option("SHELL", *shell, "Which shell")
      ->required()
      ->check(CLI::IsMember{
          std::vector<std::string>{completion_shells.begin(), completion_shells.end()}});
  completion->callback([shell, &program, &chosen] {
    chosen = [shell, &program] {
      std::cout << completion_script(program, *shell);
      return exit_status::success;
    };
  });
}

/// The subcommand that the command line has reached.
const CLI::App& deepest_of(const CLI::App& program) {
  const CLI::App* deepest = &program;
  while (!deepest->get_subcommands().empty()) {
    deepest = deepest->get_subcommands().front();
  }
  return *deepest;
}

std::vector<std::string> subcommands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(one->get_name());
  }
  return names;
}

/// A word where a subcommand is expected: CLI11 would only say that one is missing.
std::optional<std::string> find_wrong_subcommand(const CLI::App& program) {
  const std::vector<std::string> names = subcommands_of(deepest_of(program));
  for (const std::string& word : program.remaining(true)) {
    if (!names.empty() && !word.starts_with('-')) {
      const std::string_view nearest = find_nearest(word, names);
      if (!nearest.empty()) {
        return "'" + word + "' is no subcommand; did you mean '" + std::string{nearest} + "'?";
      }
      std::string all;
      for (const std::string& name : names) {
        all += (all.empty() ? "" : ", ") + name;
      }
      return "'" + word + "' is no subcommand; there are " + all;
    }
  }
  return std::nullopt;
}

exit_status report(const CLI::App& program, const CLI::ParseError& e) {
  if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    program.exit(e);  // help or the version, on standard output
    return exit_status::success;
  }
  if (const auto wrong = find_wrong_subcommand(program)) {
    std::cerr << *wrong << "\nRun with --help for more information.\n";
  } else if (const CLI::App& reached = deepest_of(program); !subcommands_of(reached).empty() &&
                                                            program.remaining(true).empty() &&
                                                            e.get_name() == "RequiredError") {
    std::cerr << reached.help();  // what can be done with it
  } else {
    program.exit(e);
  }
  return exit_status::usage;
}

/// A full disk or a closed pipe shows at the latest where all is written.
exit_status flush_output(exit_status status) {
  if (!std::cout.flush()) {
    std::cerr << "diamgw: standard output cannot be written\n";
    return exit_status::failure;
  }
  return status;
}

exit_status parse_and_run(CLI::App& program, const action& chosen, int argc, char** argv) {
  try {
    program.parse(argc, argv);
    return chosen();
  } catch (const CLI::ParseError& e) {
    return report(program, e);
  } catch (const usage_error& e) {
    std::cerr << "diamgw: " << e.what() << '\n';
    return exit_status::usage;
  } catch (const std::exception& e) {
    std::cerr << "diamgw: " << e.what() << '\n';
    return exit_status::failure;
  }
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App program{"diamgw: a gateway between Diameter and WebSocket", "diamgw"};
  program.require_subcommand(1);
  action chosen;
  add_serve(program, chosen);
  add_check_config(program, chosen);
  add_sim(program, chosen);
  add_call(program, chosen);
  add_route(program, chosen);
  add_dict(program, chosen);
  add_version(program, chosen);
  add_completion(program, chosen);
  return static_cast<int>(flush_output(parse_and_run(program, chosen, argc, argv)));
}

}  // namespace diamgw::app
