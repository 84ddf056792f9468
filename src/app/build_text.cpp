#include "app/build_text.hpp"

#include <nlohmann/json.hpp>

#include "app/commit.hpp"
#include "diamgw/gateway/build_information.hpp"

namespace diamgw::app {

std::string build_text() {
  const auto build = gateway::build_information();
  return "diamgw " + build.version + " (commit " + commit + ", " + build.build_type + ", " +
         build.compiler + ")";
}

std::string build_json() {
  const auto build = gateway::build_information();
  return nlohmann::ordered_json{{"program", "diamgw"},
                                {"version", build.version},
                                {"commit", commit},
                                {"build_type", build.build_type},
                                {"compiler", build.compiler}}
      .dump();
}

}  // namespace diamgw::app
