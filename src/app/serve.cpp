#include <spdlog/spdlog.h>

#include <iostream>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/process.hpp"
#include "diamgw/gateway/service.hpp"
#include "diamgw/gateway/setup.hpp"

namespace diamgw::app {

exit_status serve(const serve_arguments& a) {
  const auto configuration = read_configuration(a.config);
  if (!configuration) {
    print_errors(configuration.error());
    return exit_status::usage;
  }
  termination signals;
  const auto log = make_logger(configuration->options.log);
  gateway::service service{configuration->options, *configuration->names, *log};
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
  signals.wait(*log);
  signals.release();
  service.drain();
  return exit_status::success;
}

exit_status check_config(const serve_arguments& a) {
  if (const auto read = read_configuration(a.config); !read) {
    print_errors(read.error());
    return exit_status::usage;
  }
  std::cout << a.config << ": ok\n";
  return exit_status::success;
}

}  // namespace diamgw::app
