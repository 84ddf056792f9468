// The names of an enumeration's values as the compiler spells them, so that a closed set of names
// is written down once.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace diamgw {

/// Cut out of the name that the compiler gives this function, which ends in
/// "[Value = diamgw::link_state::open]" (clang) or
/// "[with auto Value = diamgw::link_state::open; ...]" (g++). A number without an
/// enumerator would give a cast, and does not compile.
template <auto Value>
[[nodiscard]] consteval std::string_view enumerator_name() {
  const std::string_view spelled = __PRETTY_FUNCTION__;
  const std::size_t end = spelled.find_first_of(";]", spelled.find("Value = "));
  const std::size_t begin = spelled.rfind(':', end) + 1;
  const std::string_view name = spelled.substr(begin, end - begin);
  if (name.empty() ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") != name.npos) {
    throw "not an enumerator";  // ends the compilation
  }
  return name;
}

/// Of all values below `count`, its last enumerator.
template <class Enum>
inline constexpr auto enumerator_names = []<std::size_t... I>(std::index_sequence<I...> /*all*/) {
  return std::array<std::string_view, sizeof...(I)>{enumerator_name<static_cast<Enum>(I)>()...};
}(std::make_index_sequence<static_cast<std::size_t>(Enum::count)>{});

}  // namespace diamgw
