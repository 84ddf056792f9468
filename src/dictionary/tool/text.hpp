// Pieces of generated text that headers and sources share.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "layout.hpp"

namespace diamgw::codegen {

inline constexpr std::size_t line_width = 100;

/// "0xc0"
[[nodiscard]] std::string hex(std::uint64_t value);

/// `first` and `rest` on one line where they fit, else `rest` on the next, indented.
[[nodiscard]] std::string join(const std::string& first, const std::string& rest,
                               std::size_t indent);

/// Appends `items` with separators, as many in a line as fit.
void write_list(std::string& out, const std::vector<std::string>& items, std::size_t indent);

/// The number of a member in its view: "session_id_", "class_number_".
[[nodiscard]] std::string number_of(const member& m);

/// First lines of each file.
[[nodiscard]] std::string made_from(const layout& l);

}  // namespace diamgw::codegen
