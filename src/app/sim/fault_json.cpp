#include "app/sim/fault_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace diamgw::sim {
namespace {

using nlohmann::ordered_json;

/// Fields as text, as the command line has them.
result<fault_fields, std::string> fields_in(const ordered_json& object) {
  if (!object.is_object()) {
    return std::string{"each fault is an object"};
  }
  fault_fields fields;
  for (const auto& [name, value] : object.items()) {
    if (value.is_structured() || value.is_null()) {
      return name + ": a text, a number or true is expected";
    }
    fields.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return fields;
}

}  // namespace

result<std::vector<fault>, std::string> read_faults(std::string_view text) {
  const ordered_json list = ordered_json::parse(text, nullptr, false);
  if (!list.is_array() || list.size() > fault_list::max_faults) {
    return "the body is an array of at most " + std::to_string(fault_list::max_faults) +
           R"( faults, such as [{"command":"CCR","chance":0.1,"delay":"2s"}])";
  }
  std::vector<fault> faults;
  for (const ordered_json& object : list) {
    const std::string where = "fault " + std::to_string(faults.size() + 1) + ": ";
    const auto fields = fields_in(object);
    if (!fields) {
      return where + fields.error();
    }
    auto fault = make_fault(*fields, dictionary::embedded());
    if (!fault) {
      return where + fault.error();
    }
    faults.push_back(*fault);
  }
  return faults;
}

ordered_json describe(const fault_list& list) {
  ordered_json faults = ordered_json::array();
  for (const fault_list::entry& e : list.entries()) {
    ordered_json one = ordered_json::object();
    for (const auto& [name, text] : fields_of(e.what)) {
      // All but durations are JSON as they stand.
      ordered_json value = ordered_json::parse(text, nullptr, false);
      one[name] = value.is_discarded() ? ordered_json(text) : std::move(value);
    }
    one["applied"] = e.applied;
    faults.push_back(std::move(one));
  }
  return ordered_json{{"seed", list.seed()}, {"faults", std::move(faults)}};
}

}  // namespace diamgw::sim
