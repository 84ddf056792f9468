// What a shell completes after `diamgw`: subcommands and options.
#pragma once
#include <array>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace diamgw::app {

inline constexpr std::array<std::string_view, 3> completion_shells{"bash", "zsh", "fish"};

/// The script that `shell`, one of those, reads. Made from the subcommands that there are.
[[nodiscard]] std::string completion_script(const CLI::App& program, std::string_view shell);

}  // namespace diamgw::app
