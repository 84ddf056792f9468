// What the structs and views of one dictionary consist of, before it is text.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::codegen {

/// One AVP of a grammar as a member.
struct member {
  enum class occurrence : std::uint8_t { required, optional, repeated };

  std::string name;     // "cc_request_type"
  std::string written;  // type of the value for writing
  std::string read;     // and for reading
  std::string key;      // "rfc6733::avps::session_id", or "avps::..." for an AVP of its own
  occurrence occurs = occurrence::optional;
  bool pointer = false;  // to a group of another dictionary
  dictionary::avp_rule rule;
  std::size_t position = 0;  // in the grammar; of AVPs that `< >` places
};

/// A struct and its view.
struct record {
  std::string name;                  // "credit_control_request", "used_service_unit"
  std::vector<std::string> comment;  // lines: the grammar
  std::vector<member> members;
  bool extensible = false;      // the grammar has AVP
  bool encoded_origin = false;  // has Origin-Host and Origin-Realm side by side
  // Messages only.
  bool message = false;
  bool any_command = false;  // answer-message
  const dictionary::command_definition* command = nullptr;
  std::uint8_t flags = 0;
  std::string flag_names;  // "REQ, PXY"
};

struct layout {
  std::string name_space;
  // Other dictionaries, by name space. Documents inherit from each other in circles (TS 29.212 and
  // 29.272 do), so a header declares their enums and groups, and includes them at its end.
  std::set<std::string> includes;                       // those whose enums or groups it names
  std::set<std::string> source_includes;                // those whose AVPs the source names
  std::map<std::string, std::set<std::string>> enums;   // theirs, of the header
  std::map<std::string, std::set<std::string>> groups;  // theirs, of the header
  std::vector<const dictionary::avp_definition*> avps;
  std::vector<record> records;  // groups before those that contain them, then messages
};

[[nodiscard]] layout make_layout(const dictionary::dictionary& names, std::string_view source,
                                 bool error_answer);

}  // namespace diamgw::codegen
