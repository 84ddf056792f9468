// Writes what a dictionary knows as lines, for the tests that compare it with another's.
#pragma once
#include <span>
#include <string>

#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::codegen {

/// One definition a line, its fields separated by a tab; SOURCE is the @name of the file:
///   avp SOURCE NAME VENDOR CODE TYPE FLAGS     FLAGS as in @avp_types
///   value SOURCE AVP NUMBER NAME               of @enum and of the @define of an AVP's name
///   command SOURCE APPLICATION CODE NAME
///   application ID NAME
[[nodiscard]] std::string write_list(const dictionary::dictionary& names,
                                     std::span<const dictionary::syntax::file> files);

}  // namespace diamgw::codegen
