#include <algorithm>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/process.hpp"
#include "app/process_log.hpp"
#include "diamgw/config/diff.hpp"
#include "diamgw/gateway/build_information.hpp"
#include "diamgw/gateway/service.hpp"
#include "diamgw/transport/descriptors.hpp"

namespace diamgw::app {

namespace {

using gateway::log_field;
using gateway::log_key;

/// What a reload leaves as it was.
std::vector<std::string> find_restarts(const config::difference& d) {
  std::vector<std::string> all;
  const auto add = [&all](const std::vector<std::string>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  add(d.restart);
  add(d.applied);
  std::erase(all, "/dictionary/files");
  if (!d.peers_added.empty() || !d.peers_removed.empty() || !d.peers_changed.empty()) {
    all.emplace_back("/diameter/peers");
  }
  return all;
}

std::vector<log_field> fields_of(const config::problem& p) {
  std::vector<log_field> fields;
  if (!p.source.empty()) {
    fields.emplace_back(log_key::source, p.source);
  }
  if (p.line != 0) {
    fields.emplace_back(log_key::line, p.line);
  }
  if (!p.pointer.empty()) {
    fields.emplace_back(log_key::pointer, p.pointer);
  }
  return fields;
}

void warn(const configuration& read, gateway::event_log& log) {
  for (const config::problem& warning : read.warnings) {
    log.warn(fields_of(warning), "{}", warning.sentence_without_gravity());
  }
}

/// Reads the configuration again and puts its dictionaries in the place of those in use, or leaves
/// everything as it is. `in_use` is brought up to date.
metrics::reload_result reload(configuration_source& source, gateway::service& service,
                              config::options& in_use, gateway::event_log& log) {
  const std::string& name = source.name();
  log.info({{log_key::source, name}}, "SIGHUP: reading {} and its dictionaries again", name);
  auto read = source.read();
  if (!read) {
    for (const config::problem& fault : read.error()) {
      log.error(fields_of(fault), "reload: {}", fault.sentence());
    }
    log.error({{log_key::source, name}}, "reload: failed, and nothing was changed");
    return metrics::reload_result::failure;
  }
  warn(*read, log);
  const std::size_t avps = read->names->avps().size();
  const std::size_t commands = read->names->commands().size();
  if (const auto used = service.use_dictionary(std::move(read->names)); !used) {
    log.error({{log_key::source, name}, {log_key::error, used.error()}}, "reload: {}",
              used.error());
    return metrics::reload_result::failure;
  }
  log.info("reload: the dictionary in use has {} AVPs and {} commands", avps, commands);
  service.use_admin_token(read->admin_token);
  in_use.dictionary = read->options.dictionary;
  service.retry_peers();
  const auto restarts = find_restarts(config::diff(in_use, read->options));
  for (const std::string& pointer : restarts) {
    log.warn({{log_key::source, name}, {log_key::pointer, pointer}},
             "reload: {}: {} has changed, which needs a restart", name, pointer);
  }
  return restarts.empty() ? metrics::reload_result::success : metrics::reload_result::needs_restart;
}

/// As the log would be written, if there were one.
void tell(const config::problems& faults, config::log_options how) {
  if (how.format == config::log_format::text) {
    print_errors(sentences_of(faults));
    return;
  }
  how.level = config::log_level::error;
  process_log log{how};
  for (const config::problem& fault : faults) {
    log.error(fields_of(fault), "{}", fault.sentence());
  }
}

std::string_view what_is_at(metrics::listener_kind kind) {
  switch (kind) {
    case metrics::listener_kind::diameter:
      return "Diameter";
    case metrics::listener_kind::websocket:
      return "WebSocket clients";
    default:
      return "/metrics, /healthz, /readyz";
  }
}

exit_status run(configuration_source& source, configuration& read, termination& signals,
                gateway::event_log& log) {
  warn(read, log);
  gateway::service service{read.options, std::move(read.names), log};
  if (const auto started = service.start(); !started) {
    log.error(started.error().fields, "{}", started.error().sentence);
    return exit_status::failure;
  }
  for (const auto& [kind, address] : service.listeners()) {
    log.info({{log_key::listener, to_string(kind)},
              {log_key::address, address},
              {log_key::version, gateway::version()}},
             "diamgw {}: {} on {}", gateway::version(), what_is_at(kind), address);
  }
  signals.wait([&] { service.count_reload(reload(source, service, read.options, log)); });
  signals.release();
  service.drain();
  return exit_status::success;
}

}  // namespace

exit_status serve(const serve_arguments& a) {
  configuration_source source{a.config};
  auto configuration = source.read();
  if (!configuration) {
    tell(configuration.error(), source.log_options());
    return exit_status::usage;
  }
  termination signals;
  process_log log{configuration->options.log};
  transport::raise_descriptor_limit();
  try {
    return run(source, *configuration, signals, log);
  } catch (const std::exception& e) {
    log.error({{log_key::error, e.what()}}, "{}", e.what());
    return exit_status::failure;
  }
}

}  // namespace diamgw::app
