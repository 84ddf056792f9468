#include "diamgw/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>

#include "app/commands.hpp"
#include "diamgw/gateway/setup.hpp"

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

void add_dict(CLI::App& program, action& chosen) {
  CLI::App* dict = program.add_subcommand("dict", "Look into the dictionary, or check a .dia file");
  dict->require_subcommand(1);
  const auto sources = std::make_shared<dict_arguments>();
  CLI::App* all = dict->add_subcommand("export", "Print the whole dictionary as JSON");
  add_sources(*all, *sources);
  all->add_flag("--json")->description("As JSON, which is the only form");
  all->callback([sources, &chosen] { chosen = [sources] { return dict_export(*sources); }; });
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
    return static_cast<int>(program.exit(e) == 0 ? exit_status::success : exit_status::usage);
  } catch (const std::exception& e) {
    std::cerr << "diamgw: " << e.what() << '\n';
    return static_cast<int>(exit_status::failure);
  }
}

}  // namespace diamgw::app
