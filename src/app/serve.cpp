#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/process.hpp"
#include "diamgw/config/diff.hpp"
#include "diamgw/gateway/build_information.hpp"
#include "diamgw/gateway/service.hpp"

namespace diamgw::app {

namespace {

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

void warn(const configuration& read, spdlog::logger& log) {
  for (const std::string& warning : read.warnings) {
    log.warn("{}", warning);
  }
}

/// Reads the configuration again and puts its dictionaries in the place of those in use, or leaves
/// everything as it is. `in_use` is brought up to date.
metrics::reload_result reload(configuration_source& source, gateway::service& service,
                              config::options& in_use, spdlog::logger& log) {
  log.info("SIGHUP: reading {} and its dictionaries again", source.name());
  auto read = source.read();
  if (!read) {
    for (const std::string& error : read.error()) {
      log.error("reload: {}", error);
    }
    log.error("reload: failed, and nothing was changed");
    return metrics::reload_result::failure;
  }
  warn(*read, log);
  if (const auto token = service.read_admin_token(); !token) {
    log.error("reload: {}", token.error());
    log.error("reload: failed, and nothing was changed");
    return metrics::reload_result::failure;
  }
  const std::size_t avps = read->names->avps().size();
  const std::size_t commands = read->names->commands().size();
  if (const auto used = service.use_dictionary(std::move(read->names)); !used) {
    log.error("reload: {}", used.error());
    return metrics::reload_result::failure;
  }
  log.info("reload: the dictionary in use has {} AVPs and {} commands", avps, commands);
  in_use.dictionary = read->options.dictionary;
  service.retry_peers();
  const auto restarts = find_restarts(config::diff(in_use, read->options));
  for (const std::string& pointer : restarts) {
    log.warn("reload: {}: {} has changed, which needs a restart", source.name(), pointer);
  }
  return restarts.empty() ? metrics::reload_result::success : metrics::reload_result::needs_restart;
}

}  // namespace

exit_status serve(const serve_arguments& a) {
  configuration_source source{a.config};
  auto configuration = source.read();
  if (!configuration) {
    print_errors(configuration.error());
    return exit_status::usage;
  }
  termination signals;
  const auto log = make_logger(configuration->options.log);
  warn(*configuration, *log);
  gateway::service service{configuration->options, std::move(configuration->names), *log};
  if (const auto started = service.start(); !started) {
    log->error("{}", started.error());
    return exit_status::failure;
  }
  const auto ports = service.ports();
  for (const std::uint16_t port : ports.diameter) {
    log->info("diamgw {}: Diameter on port {}", gateway::version(), port);
  }
  for (const std::uint16_t port : ports.websocket) {
    log->info("diamgw {}: WebSocket clients on port {}", gateway::version(), port);
  }
  if (ports.admin != 0) {
    log->info("diamgw {}: /metrics, /healthz, /readyz on port {}", gateway::version(), ports.admin);
  }
  signals.wait(
      [&] { service.count_reload(reload(source, service, configuration->options, *log)); });
  signals.release();
  service.drain();
  return exit_status::success;
}

}  // namespace diamgw::app
