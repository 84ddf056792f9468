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
  std::string kind;     // of typed::kind: "text"
  occurrence occurs = occurrence::optional;
  bool group = false;
  bool small = false;    // a group that is written within this one
  std::size_t most = 0;  // octets of a group's data where its grammar bounds them
  dictionary::avp_rule rule;
  std::size_t position = 0;  // in the grammar; of AVPs that `< >` places
};

/// A struct and its view.
struct record {
  std::string name;                  // "credit_control_request", "used_service_unit"
  std::vector<std::string> comment;  // lines: the grammar
  std::vector<member> members;
  bool extensible = false;      // the grammar has AVP
  bool small = false;           // a group of few AVPs, without bounds
  bool looped = false;          // a large one, which lists of another write within themselves
  bool encoded_origin = false;  // has Origin-Host and Origin-Realm side by side
  // Messages only.
  bool message = false;
  bool any_command = false;  // answer-message
  const dictionary::command_definition* command = nullptr;
  std::uint8_t flags = 0;
  std::string flag_names;  // "REQ, PXY"
};

/// Types of another dictionary that members have.
struct foreign_types {
  std::set<std::string> enums;
  std::set<std::string> groups;
};

struct layout {
  std::string name_space;
  std::set<std::string> includes;  // name spaces of other dictionaries that the source needs
  std::map<std::string, foreign_types> foreign;  // by name space; the header declares them
  std::vector<const dictionary::avp_definition*> avps;
  std::vector<record> records;        // groups, then messages
  std::vector<record> bounded;        // groups that are stored within these; nested ones first
  std::vector<record> foreign_small;  // groups of other dictionaries that are written within these
};

[[nodiscard]] layout make_layout(const dictionary::dictionary& names, std::string_view source,
                                 bool error_answer);

}  // namespace diamgw::codegen
