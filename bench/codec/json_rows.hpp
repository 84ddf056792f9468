// JSON to Diameter and back, of one CCR of 650 octets of text.
#pragma once
#include "codec/measure.hpp"

namespace diamgw::bench {

/// Text to a whole message, beside the bare parser with an empty handler on the same text.
void add_json_to_diameter_row(table& t);
/// The same message to text, beside a writer for just this message.
void add_diameter_to_json_row(table& t);

}  // namespace diamgw::bench
