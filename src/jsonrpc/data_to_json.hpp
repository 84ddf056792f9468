// One AVP's data into JSON, by its type.
#pragma once
#include "diamgw/base/bytes.hpp"
#include "diamgw/dictionary/types.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {

/// Appends the JSON of data that is no group, so that write_avp reads the same octets from it:
/// {"hex": …} where the data is not of its type.
void write_json(text_writer& out, const dictionary::avp_definition* definition,
                bytes_view data) noexcept;
/// {"hex": …}
void write_raw_json(text_writer& out, bytes_view data) noexcept;

}  // namespace diamgw::jsonrpc
