// Which build this is, for people and for programs.
#pragma once
#include <string>

namespace diamgw::app {

/// "diamgw 0.1.0 (commit 0123abc, release, Clang 19.1.0)".
[[nodiscard]] std::string build_text();
/// The same as an object: program, version, commit, build_type, compiler.
[[nodiscard]] std::string build_json();

}  // namespace diamgw::app
