// The subcommands, each in a file of its name. All may throw std::runtime_error with a sentence.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diamgw/app/command_line.hpp"

namespace diamgw::app {

struct serve_arguments {
  std::string config;  // a file, "-", or empty: by the environment
};
/// Runs the gateway until SIGTERM or SIGINT, then drains.
[[nodiscard]] exit_status serve(const serve_arguments& a);

struct check_config_arguments {
  std::string config;      // as for `serve`
  bool strict = false;     // warnings are errors
  bool effective = false;  // print all of it, with where each value is from
  bool as_json = false;
};
/// Reads the configuration and says what is wrong with it.
[[nodiscard]] exit_status check_config(const check_config_arguments& a);

struct sim_ocs_arguments {
  std::string listen = "127.0.0.1:3868";
  std::string origin_host = "ocs.example";
  std::string origin_realm = "example";
  std::string admin;  // empty: no admin listener
  std::uint64_t balance = 1'000'000;
  std::uint64_t quota = 100'000;
  std::chrono::seconds validity{3600};
  std::vector<std::string> accounts;  // SUBSCRIBER=NUMBER
  bool strict = false;
  std::vector<std::string> faults;    // as sim::parse_fault takes them
  std::optional<std::uint64_t> seed;  // of the faults' chances; nothing: another one each time
  std::chrono::milliseconds timeout{10'000};
};
/// A credit-control server for demos and tests, until SIGTERM or SIGINT. Says on standard output
/// where it listens, once it does.
[[nodiscard]] exit_status sim_ocs(const sim_ocs_arguments& a);

struct call_arguments {
  std::string url;
  std::string method;
  std::string params = "{}";
  std::size_t wait_requests = 0;  // requests of the network to answer before leaving
  std::uint32_t answer_with = 2001;
  std::chrono::milliseconds timeout{10'000};
};
/// Sends one JSON-RPC request and prints the result.
[[nodiscard]] exit_status call(const call_arguments& a);

struct route_arguments {
  std::string admin = "127.0.0.1:9090";
  std::string realm;
  std::string application;
  std::string host;
  std::string token_file;
  bool as_json = false;
  std::chrono::milliseconds timeout{10'000};
};
/// Asks a running gateway where a request would go. Failure where it would be refused.
[[nodiscard]] exit_status route(const route_arguments& a);

/// Whose names `dict` looks into: the built-in ones, and an operator's.
struct dict_arguments {
  std::string config;                     // a configuration file that names dictionaries
  std::vector<std::string> dictionaries;  // .dia files and folders of them
  bool as_json = false;
};

/// Prints the dictionary as JSON.
[[nodiscard]] exit_status dict_export(const dict_arguments& a);

struct dict_find_arguments : dict_arguments {
  std::string word;    // a part of a name, or a number; empty: everything
  std::string vendor;  // by number or name
  std::string type;    // avp, command, application, value; empty: all
};
/// Prints a line for each definition that fits. Failure where none does.
[[nodiscard]] exit_status dict_find(const dict_find_arguments& a);

struct dict_show_arguments : dict_arguments {
  std::string word;  // a whole name, CODE or CODE/VENDOR
};
/// Prints all about one AVP or command. Failure where there is none.
[[nodiscard]] exit_status dict_show(const dict_show_arguments& a);

struct dict_check_arguments {
  std::vector<std::string> files;
  std::vector<std::string> folders;   // where the files that they inherit are
  std::vector<std::string> inherits;  // changes of what they inherit, as OTP has them
  bool alone = false;                 // each by itself, not beside what is built in
  bool strict = false;                // a warning is a failure
  bool as_json = false;
};
/// Reads the files and says what is wrong with them. Failure where something is.
[[nodiscard]] exit_status dict_check(const dict_check_arguments& a);

}  // namespace diamgw::app
