// `diamgw sim ocs`: from the command line to a simulated OCS.
#include <charconv>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "app/commands.hpp"
#include "app/process.hpp"
#include "app/process_log.hpp"
#include "app/sim/ocs_server.hpp"
#include "diamgw/base/random_seed.hpp"
#include "diamgw/codec/values.hpp"
#include "diamgw/transport/descriptors.hpp"

namespace diamgw::app {
namespace {

using namespace std::chrono_literals;

transport::address address_of(const std::string& text) {
  auto decoded = transport::decode_host_and_port(text);
  if (!decoded) {
    throw usage_error{"'" + text + "' is not HOST:PORT"};
  }
  return {.host = std::move(decoded->host), .port = decoded->port};
}

std::pair<std::string, sim::credit> account_of(const std::string& text) {
  const auto equals = text.rfind('=');
  sim::credit balance = 0;
  const char* const end = text.data() + text.size();
  const char* const begin = equals == std::string::npos ? end : text.data() + equals + 1;
  const auto [stopped, failed] = std::from_chars(begin, end, balance);
  if (equals == 0 || failed != std::errc{} || stopped != end) {
    throw usage_error{"--account: '" + text + "' is not SUBSCRIBER=NUMBER"};
  }
  return {text.substr(0, equals), balance};
}

std::vector<sim::fault> faults_of(const std::vector<std::string>& texts) {
  if (texts.size() > sim::fault_list::max_faults) {
    throw usage_error{"--fault: there are more than " +
                      std::to_string(sim::fault_list::max_faults)};
  }
  std::vector<sim::fault> faults;
  for (const std::string& text : texts) {
    auto fault = sim::parse_fault(text, dictionary::embedded());
    if (!fault) {
      throw usage_error{"--fault: " + fault.error()};
    }
    faults.push_back(*fault);
  }
  return faults;
}

void check_identity(const char* option, const std::string& identity) {
  if (!diameter::is_diameter_identity(identity)) {
    throw usage_error{std::string{option} + ": '" + identity + "' is no DiameterIdentity"};
  }
}

void check(const sim_ocs_arguments& a) {
  // Tcc is twice as long (RFC 8506 §7), and Validity-Time an Unsigned32 of seconds (§8.33).
  constexpr std::chrono::seconds longest{UINT32_MAX / 2};
  check_identity("--origin-host", a.origin_host);
  check_identity("--origin-realm", a.origin_realm);
  if (a.validity < 1s || a.validity > longest) {
    throw usage_error{"--validity: give a duration from 1s to " + std::to_string(longest.count()) +
                      "s"};
  }
  if (a.quota == 0) {
    throw usage_error{"--quota: a grant of no octets is none"};
  }
  if (a.timeout <= 0ms) {
    throw usage_error{"--timeout: give a duration above 0"};
  }
}

sim::ocs_server_options options_of(const sim_ocs_arguments& a) {
  check(a);
  sim::ocs_server_options o;
  o.listen = address_of(a.listen);
  if (!a.admin.empty()) {
    o.admin = address_of(a.admin);
  }
  o.ocs.origin_host = a.origin_host;
  o.ocs.origin_realm = a.origin_realm;
  o.ocs.accounts.default_balance = a.balance;
  o.ocs.accounts.strict = a.strict;
  o.ocs.default_quota.total_octets = a.quota;
  o.ocs.validity = a.validity;
  o.ocs.session_timeout = a.validity * 2;
  for (const std::string& text : a.accounts) {
    o.accounts.push_back(account_of(text));
  }
  o.faults = faults_of(a.faults);
  // No more digits than every reader of JSON keeps.
  o.seed = a.seed.value_or(static_cast<std::uint32_t>(random_seed()));
  o.timeout = a.timeout;
  return o;
}

}  // namespace

exit_status sim_ocs(const sim_ocs_arguments& a) {
  const sim::ocs_server_options options = options_of(a);
  termination signals;
  process_log log{{}};
  transport::raise_descriptor_limit();
  sim::ocs_server server{options, log};
  server.start();
  std::cout << "diameter " << server.diameter_address() << '\n';
  if (options.admin) {
    std::cout << "admin " << server.admin_address() << '\n';
  }
  if (!std::cout.flush()) {
    throw std::runtime_error{"standard output cannot be written"};
  }
  signals.wait([&log] { log.warn("SIGHUP: nothing here is read again"); });
  signals.release();
  server.stop();
  return exit_status::success;
}

}  // namespace diamgw::app
