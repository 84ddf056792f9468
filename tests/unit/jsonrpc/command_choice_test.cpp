// docs/jsonrpc.md, "Methods".
#include "jsonrpc/command_choice.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using dictionary::command_definition;

command_definition command_of(std::uint32_t application) {
  command_definition c;
  c.application = application_id{application};
  c.source = "f" + std::to_string(application);
  return c;
}

TEST(ChooseCommand, TakesTheNamedElseTheUsualOne) {
  constexpr std::uint32_t vendors = 16777216;  // and above: RFC 6733 §11.3
  const command_definition base = command_of(0);
  const command_definition four = command_of(4);
  const command_definition five = command_of(5);
  const command_definition gx = command_of(vendors + 22);
  const command_definition gy = command_of(vendors + 23);
  struct row {
    std::vector<const command_definition*> found;
    std::optional<application_id> named;
    const command_definition* chosen;
  };
  const row rows[] = {
      {{}, {}, nullptr},
      {{}, application_id{4}, nullptr},
      {{&gx}, {}, &gx},                 // the only one
      {{&gx}, application_id{4}, &gx},  // whose grammar serves others, too
      {{&four, &gx}, {}, &four},        // the only one that is no vendor's
      {{&gx, &four}, {}, &four},
      {{&four, &gx}, application_id{vendors + 22}, &gx},  // by its name
      {{&four, &gx}, application_id{99}, &four},
      {{&base, &four, &gx}, {}, &base},  // serves all
      {{&base, &four}, application_id{4}, &four},
      {{&base, &four}, application_id{0}, &base},
      {{&four, &five}, {}, nullptr},  // which one?
      {{&four, &five}, application_id{5}, &five},
      {{&four, &five}, application_id{6}, nullptr},
      {{&gx, &gy}, {}, nullptr},
      {{&gx, &gy}, application_id{vendors + 23}, &gy},
  };
  for (const row& r : rows) {
    EXPECT_EQ(choose_command(r.found, r.named), r.chosen)
        << r.found.size() << " candidates, " << (r.named ? r.named->value : 0);
  }
}

TEST(CommandChooser, RemembersAChoiceForThatMethodAndApplicationAlone) {
  command_chooser chooser{names()};
  const auto chosen = [&](std::string_view method, std::optional<application_id> named = {}) {
    const command_definition* const c = chooser.choose(method, named);
    return c == nullptr ? "none" : c->name + "/" + std::to_string(c->application.value);
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(chosen("CCR"), "Credit-Control/4");
    EXPECT_EQ(chosen("CCR"), "Credit-Control/4");
    EXPECT_EQ(chosen("CCR", application_id{16777238}), "Credit-Control/16777238");
    EXPECT_EQ(chosen("CCR", application_id{16777238}), "Credit-Control/16777238");
    EXPECT_EQ(chosen("CCX"), "none");
    EXPECT_EQ(chosen("CCR", application_id{16777238}), "Credit-Control/16777238");
    EXPECT_EQ(chosen("TTR"), "none") << "two applications have it";
    EXPECT_EQ(chosen("RAR"), "Re-Auth/0");
  }
}

TEST(UnknownMethod, SaysWhatMayHaveBeenMeant) {
  struct row {
    std::string method;
    std::string sentence;
  };
  const row rows[] = {
      {"CCX", "there is no method \"CCX\"; did you mean \"CCR\"?"},
      {"CCA", "there is no method \"CCA\"; it is an answer, and only requests are called"},
      {"qqqqqqqqqqqq", "there is no method \"qqqqqqqqqqqq\""},
      {std::string(100, 'q'), "there is no method \"" + std::string(64, 'q') + "\""},
  };
  for (const row& r : rows) {
    EXPECT_EQ(unknown_method(r.method, names()), r.sentence);
  }
}

TEST(AmbiguousMethod, ListsWhoHasIt) {
  const command_definition four = command_of(4);
  const command_definition five = command_of(5);
  const std::vector<const command_definition*> found{&four, &five};

  EXPECT_EQ(ambiguous_method(found, {}),
            "several applications have this command; say by \"$application\" or "
            "Auth-Application-Id which one: 4 (f4), 5 (f5)");
  EXPECT_EQ(ambiguous_method(found, application_id{6}),
            "application 6 has no command of this name; these have it: 4 (f4), 5 (f5)");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
