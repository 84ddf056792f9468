#include "diamgw/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "diamgw/base/nearest.hpp"
#include "diamgw/gateway/build_information.hpp"

namespace diamgw::app {
namespace {

using action = std::function<exit_status()>;

void add_serve(CLI::App& program, action& chosen) {
  const auto arguments = std::make_shared<serve_arguments>();
  CLI::App* serve_command = program.add_subcommand("serve", "Run the gateway");
  serve_command->add_option("-c,--config", arguments->config, "Configuration file")->required();
  serve_command->callback(
      [arguments, &chosen] { chosen = [arguments] { return serve(*arguments); }; });
  CLI::App* check = program.add_subcommand("check-config", "Check a configuration file");
  check->add_option("-c,--config,FILE", arguments->config, "Configuration file")->required();
  check->callback(
      [arguments, &chosen] { chosen = [arguments] { return check_config(*arguments); }; });
}

void add_sim(CLI::App& program, action& chosen) {
  CLI::App* sim = program.add_subcommand("sim", "Run a simulated Diameter server");
  sim->require_subcommand(1);
  const auto arguments = std::make_shared<sim_ocs_arguments>();
  CLI::App* ocs = sim->add_subcommand("ocs", "Credit-control server (RFC 8506)");
  ocs->add_option("--listen", arguments->listen, "Address and port for Diameter")
      ->capture_default_str();
  ocs->add_option("--origin-host", arguments->origin_host, "Its DiameterIdentity")
      ->capture_default_str();
  ocs->add_option("--origin-realm", arguments->origin_realm, "Its realm")->capture_default_str();
  ocs->add_option("--admin", arguments->admin,
                  "Address and port for HTTP: GET /api/v1/sessions, POST /api/v1/rar?session=ID");
  ocs->add_option("--balance", arguments->balance, "Credit of a new subscriber, in octets")
      ->capture_default_str();
  ocs->add_option("--quota", arguments->quota, "Octets granted where no amount is asked for")
      ->capture_default_str();
  ocs->add_option("--validity", arguments->validity, "Validity-Time of a grant, in seconds")
      ->capture_default_str();
  ocs->add_flag("--strict", arguments->strict, "Refuse subscribers that are not known (5030)");
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
  one->add_option("--timeout", arguments->timeout, "For each answer and request, in ms")
      ->capture_default_str();
  one->add_option("METHOD", arguments->method, "E.g. CCR, or gateway.info")->required();
  one->add_option("PARAMS", arguments->params, "AVPs as JSON; - reads them from standard input")
      ->capture_default_str();
  one->callback([arguments, &chosen] { chosen = [arguments] { return call(*arguments); }; });
}

void add_sources(CLI::App& command, dict_arguments& arguments) {
  command.add_option("-c,--config", arguments.config,
                     "Also the dictionaries of this configuration");
  command.add_option("-d,--dictionary", arguments.dictionaries,
                     "Also this .dia file, or all of a folder; may be repeated");
}

void add_dict_find(CLI::App& dict, action& chosen) {
  const auto arguments = std::make_shared<dict_find_arguments>();
  CLI::App* find = dict.add_subcommand("find", "List what has a name, a number or a vendor");
  find->add_option("WORD", arguments->word, "A part of a name; or a number: CODE, CODE/VENDOR");
  find->add_option("--vendor", arguments->vendor, "Of this vendor, by number or name");
  find->add_option("--type", arguments->type, "Only these")
      ->check(CLI::IsMember{{"avp", "command", "application", "value"}});
  add_sources(*find, *arguments);
  find->callback([arguments, &chosen] { chosen = [arguments] { return dict_find(*arguments); }; });
  const auto shown = std::make_shared<dict_show_arguments>();
  CLI::App* show = dict.add_subcommand("show", "Print all about one AVP or command");
  show->add_option("NAME", shown->word, "Its whole name; or CODE or CODE/VENDOR")->required();
  add_sources(*show, *shown);
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
  check->add_option("FILE", checked->files, "The files")->required();
  check->add_option("--path", checked->folders, "A folder of the files that they inherit");
  check->add_flag("--alone", checked->alone, "Not against built-in files that none inherits");
  check->callback([checked, &chosen] { chosen = [checked] { return dict_check(*checked); }; });
}

/// A word where a subcommand is expected: CLI11 would only say that one is missing.
std::optional<std::string> find_wrong_subcommand(const CLI::App& program) {
  const CLI::App* deepest = &program;
  while (!deepest->get_subcommands().empty()) {
    deepest = deepest->get_subcommands().front();
  }
  std::vector<std::string_view> names;
  for (const CLI::App* command : deepest->get_subcommands([](const CLI::App*) { return true; })) {
    names.emplace_back(command->get_name());
  }
  for (const std::string& word : program.remaining(true)) {
    if (!names.empty() && !word.starts_with('-')) {
      const std::string_view nearest = find_nearest(word, names);
      return "'" + word + "' is no subcommand" +
             (nearest.empty() ? std::string{} : "; did you mean '" + std::string{nearest} + "'?");
    }
  }
  return std::nullopt;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App program{"diamgw: a gateway between Diameter and WebSocket", "diamgw"};
  program.require_subcommand(1);
  action chosen;
  add_serve(program, chosen);
  add_sim(program, chosen);
  add_call(program, chosen);
  add_dict(program, chosen);
  program.add_subcommand("version", "Print the version")->callback([&chosen] {
    chosen = [] {
      std::cout << "diamgw " << gateway::version() << '\n';
      return exit_status::success;
    };
  });
  try {
    program.parse(argc, argv);
    return static_cast<int>(chosen());
  } catch (const CLI::ParseError& e) {
    if (const auto wrong = e.get_exit_code() == 0 ? std::nullopt : find_wrong_subcommand(program)) {
      std::cerr << *wrong << "\nRun with --help for more information.\n";
      return static_cast<int>(exit_status::usage);
    }
    return static_cast<int>(program.exit(e) == 0 ? exit_status::success : exit_status::usage);
  } catch (const std::exception& e) {
    std::cerr << "diamgw: " << e.what() << '\n';
    return static_cast<int>(exit_status::failure);
  }
}

}  // namespace diamgw::app
