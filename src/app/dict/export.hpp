// A dictionary as one JSON document; its form is in docs/dictionaries.md.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/dict/sources.hpp"

namespace diamgw::app {

/// The number in the member "format": it grows when a reader has to know.
inline constexpr int export_format = 1;

[[nodiscard]] nlohmann::ordered_json to_json(const dictionary_set& all);
/// As elements of its lists.
[[nodiscard]] nlohmann::ordered_json to_json(const dictionary::avp_definition& avp);
[[nodiscard]] nlohmann::ordered_json to_json(const dictionary::command_definition& command);
[[nodiscard]] nlohmann::ordered_json to_json(const dictionary::application_definition& application);

}  // namespace diamgw::app
