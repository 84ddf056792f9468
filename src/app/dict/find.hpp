// Looking for definitions by a part of the name, by number or by vendor.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dict/sources.hpp"

namespace diamgw::app {

enum class entry_kind : std::uint8_t { avp, command, application, value };

/// "AVP", "command", "application", "value".
[[nodiscard]] std::string_view to_string(entry_kind kind) noexcept;

struct find_request {
  std::string word{};                 // empty: everything
  std::optional<vendor_id> vendor{};  // an AVP's, or that of a command's application
  std::optional<entry_kind> kind{};
};

/// One line of an answer.
struct entry {
  entry_kind kind = entry_kind::avp;
  std::string name;
  std::string number;  // of an AVP: CODE, or CODE/VENDOR
  std::string detail;
  std::string source;
};

/// What a user means by digits: a code, "1/10415" or "1/3GPP" with the vendor. Nothing where the
/// text is no number, or the vendor not known.
struct entry_number {
  std::uint32_t code = 0;
  std::optional<vendor_id> vendor;
};
[[nodiscard]] std::optional<entry_number> parse_number(const dictionary_set& all,
                                                       std::string_view text) noexcept;

/// A word that is a number means codes, never values (unless only values are asked for); any other
/// is a part of a name, whatever its letter case. Whole names come first, then beginnings.
[[nodiscard]] std::vector<entry> find_entries(const dictionary_set& all, const find_request& r);

/// Aligned lines.
[[nodiscard]] std::string to_table(const std::vector<entry>& entries);

/// Empty where none is near.
enum class name_set : std::uint8_t { shown, everything };
[[nodiscard]] std::string nearest_name(const dictionary_set& all, std::string_view wrong,
                                       name_set among);

}  // namespace diamgw::app
