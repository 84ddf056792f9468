#include "app/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace diamgw::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Completion : public ::testing::Test {
 protected:
  Completion() {
    CLI::App* dict = program_.add_subcommand("dict", "Look into it");
    CLI::App* find = dict->add_subcommand("find", "The user's words");
    find->add_option("-c,--config", text_, "A file");
    find->add_flag("--json", flag_, "As JSON");
    program_.add_subcommand("serve", "Run");
  }

  CLI::App program_{"a program", "diamgw"};
  std::string text_;
  bool flag_ = false;
};

TEST_F(Completion, OffersBashWhatMayFollowEachSubcommand) {
  const std::string script = completion_script(program_, "bash");

  EXPECT_THAT(script, HasSubstr("    'diamgw') words='dict serve --help -h ' ;;\n"));
  EXPECT_THAT(script, HasSubstr("      'diamgw dict find') path='diamgw dict find' ;;\n"));
  EXPECT_THAT(script,
              HasSubstr("    'diamgw dict find') words='--help -h --config -c --json ' ;;\n"));
  EXPECT_THAT(script, HasSubstr("complete -o default -F _diamgw diamgw\n"));
}

TEST_F(Completion, GivesZshTheSameByItsBashEmulation) {
  EXPECT_THAT(completion_script(program_, "zsh"),
              StartsWith("autoload -U +X bashcompinit && bashcompinit\n_diamgw() {\n"));
}

TEST_F(Completion, TellsFishEachWordWithItsMeaning) {
  const std::string script = completion_script(program_, "fish");

  EXPECT_THAT(script,
              HasSubstr("complete -c diamgw -n 'not __fish_seen_subcommand_from dict serve' "
                        "-f -a dict -d 'Look into it'\n"));
  EXPECT_THAT(script, HasSubstr("-f -a find -d 'The user\\'s words'\n"));
  EXPECT_THAT(script,
              HasSubstr("complete -c diamgw -n '__fish_seen_subcommand_from dict; and "
                        "__fish_seen_subcommand_from find' -l config -s c -r -d 'A file'\n"));
}

}  // namespace
}  // namespace diamgw::app
