// The option table as text, in its three published forms. All are generated from the table that
// the loader reads by, so that none of them can lie.
#pragma once
#include <string>

#include "diamgw/config/load.hpp"

namespace diamgw::config {

/// config/diamgw.example.json: every option with default, unit, range and meaning as comments.
[[nodiscard]] std::string render_example();

/// config/diamgw.schema.json: JSON Schema, draft 7.
[[nodiscard]] std::string render_schema();

/// The table of docs/configuration.md, in Markdown.
[[nodiscard]] std::string render_reference();

/// `o` as a JSON text without comments, every option in it: what the gateway runs with. `load`
/// reads it back to an equal value.
[[nodiscard]] std::string to_json(const options& o);

/// As `to_json`, a line for each value, which ends in a comment that says where it is from:
/// `// default`, `// gw.json:3:5`, `// DIAMGW_SHARDS`. `load` reads it back.
[[nodiscard]] std::string render_effective(const loaded_options& o);

}  // namespace diamgw::config
