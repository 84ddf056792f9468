// The `.dia` notation: the command and grouped-AVP grammars of RFC 6733 (§3.2, §4.4) in sections.
//
//   @id 4                        number of the application; files without messages have none
//   @name rfc8506                how other files call this one in @inherits; without it they call
//                                it after its file, NAME.dia
//   @prefix NAME                 kept for other readers of the notation
//   @vendor 10415 TGPP           vendor of the AVPs whose flags have a V
//   @avp_vendor_id NUMBER NAME*  another vendor for the AVPs named
//   @inherits FILE NAME*         AVPs of another file: all, or those named
//   @refines FILE                gives messages and groups of that file again, fuller: here, these
//                                are meant, and they are what the merged dictionary knows
//   @avp_types                   Name Code Type Flags; flags: M, P, V where the bit must be set,
//                                m, p where it may be, `-` for none
//   @messages                    CCR ::= < Diameter Header: 272, REQ, PXY > < Session-Id > ...
//   @grouped                     Name ::= < AVP Header: 456 > { ... } * [ ... ]
//   @enum AVP                    NAME VALUE pairs of an Enumerated
//   @define NAME                 NAME VALUE pairs of anything: of an AVP of that name, they name
//                                its values; `Command-Code` names commands ("Credit-Control 272")
//                                and `Application-Id` applications
//   @codecs, @custom_types       MODULE NAME*: these AVPs may have types that we do not know
//   @end                         the rest is not read; `;` starts a comment
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/dictionary/diagnostic.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::dictionary {

/// What a file says, name by name and in its order; nothing is looked up yet.
namespace syntax {

struct name {
  std::string text;
  position at;
};

struct number {
  std::uint32_t value = 0;
  position at;
};

struct vendor {
  number id;
  name called;
};

struct avp {
  name called;
  std::uint32_t code = 0;
  avp_type type = avp_type::octet_string;
  bool has_vendor = false;  // the V flag
  flag_rule mandatory = flag_rule::must_not;
  flag_rule protect = flag_rule::must_not;
};

/// One line of a grammar, e.g. `1* { Host-IP-Address }`; the name `AVP` stands for any.
struct rule {
  name avp;
  placement place = placement::optional;
  std::uint32_t min = 0;
  std::uint32_t max = 1;
};

struct message {
  name called;             // as written: "CCR"
  number code;             // 0 for `answer-message`, whose code is that of its request
  bool request = false;    // REQ
  bool proxiable = false;  // PXY
  bool error = false;      // ERR
  std::optional<number> application;
  std::vector<rule> rules;
};

struct group {
  name called;
  number code;
  std::optional<number> vendor;
  std::vector<rule> rules;
};

struct value {
  name called;
  std::int64_t number = 0;  // Integer32 or Unsigned32
};

/// An @enum or a @define.
struct enumeration {
  name called;
  bool define = false;
  std::vector<value> values;
};

/// An @inherits, or an @avp_vendor_id with its number in `vendor`.
struct selection {
  name module;
  std::uint32_t vendor = 0;
  std::vector<name> names;
};

struct file {
  std::string path;
  std::optional<number> id;
  std::optional<name> called;  // @name
  std::optional<name> prefix;
  std::optional<syntax::vendor> vendor;
  std::vector<selection> vendor_ids;
  std::vector<selection> inherits;
  std::vector<selection> codecs;  // and @custom_types
  std::vector<name> refines;
  std::vector<avp> avps;
  std::vector<message> messages;
  std::vector<group> groups;
  std::vector<enumeration> enumerations;

  /// What other files call it: its @name, else that of the file without folder and ending.
  [[nodiscard]] std::string name() const;
};

}  // namespace syntax

struct parse_options {
  std::size_t max_octets = std::size_t{16} << 20U;  // a longer text is refused unread
  std::size_t max_errors = 50;                      // parsing ends after so many; at least 1
};

/// Reads one `.dia` text; no file is opened.
/// in:     the text; `path` is only repeated in the messages
/// out:    what the file says
/// errors: every fault that was found, in the order of the text; after one, reading goes on at the
///         next definition or section
/// cost:   O(octets). Any thread.
[[nodiscard]] result<syntax::file, diagnostics> parse(std::string_view text, std::string_view path,
                                                      const parse_options& options = {});

/// The type that the notation calls so ("Unsigned32", "DiamIdent", "IPFilterRule", ...).
[[nodiscard]] std::optional<avp_type> find_type(std::string_view name) noexcept;

}  // namespace diamgw::dictionary
