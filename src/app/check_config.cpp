// diamgw check-config: what serve would say, without starting anything.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/process.hpp"
#include "diamgw/config/render.hpp"

namespace diamgw::app {
namespace {

using nlohmann::ordered_json;

void print(const std::string& name, exit_status status, const sentences& errors,
           const sentences& warnings, const ordered_json& effective) {
  ordered_json out{{"configuration", name},
                   {"ok", status == exit_status::success},
                   {"errors", errors},
                   {"warnings", warnings}};
  if (!effective.is_null()) {
    out["effective"] = effective;
  }
  std::cout << out.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace

exit_status check_config(const check_config_arguments& a) {
  configuration_source source{a.config};
  const auto read = source.read();
  const sentences errors = read ? sentences{} : sentences_of(read.error());
  const sentences warnings = read ? sentences_of(read->warnings) : sentences{};
  const bool good = read.has_value() && !(a.strict && !warnings.empty());
  const exit_status status = good ? exit_status::success : exit_status::usage;
  if (a.as_json) {
    print(
        source.name(), status, errors, warnings,
        a.effective && read ? ordered_json::parse(config::to_json(read->options)) : ordered_json{});
    return status;
  }
  print_errors(errors);
  print_errors(warnings);
  if (a.effective && read) {
    std::cout << config::render_effective(read->options);
  } else if (good) {
    std::cout << source.name() << ": ok\n";
  }
  return status;
}

}  // namespace diamgw::app
