// docs/jsonrpc.md, "Options of a call".
#include "jsonrpc/option_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using kind = scalar::kind;
using std::chrono::milliseconds;

scalar text(std::string_view t) {
  return {.what = kind::string, .text = t};
}
scalar number(std::string_view t) {
  return {.what = kind::integer, .text = t};
}

TEST(SetOption, TakesATimeoutInEachNotation) {
  struct row {
    scalar value;
    std::optional<milliseconds> timeout;
  };
  const row rows[] = {
      {number("1"), milliseconds{1}},
      {number("1500"), milliseconds{1500}},
      {text("1500ms"), milliseconds{1500}},
      {text("2s"), milliseconds{2000}},
      {number("86400000"), milliseconds{86400000}},
      {text("86400s"), milliseconds{86400000}},
      {number("86400001"), {}},
      {text("86401s"), {}},
      {text("4294967295s"), {}},
      {number("4294967296"), {}},
      {number("0"), {}},
      {number("-1"), {}},
      {text("0s"), {}},
      {text("2"), {}},
      {text("2 s"), {}},
      {text("2m"), milliseconds{120'000}},
      {text("24h"), milliseconds{86'400'000}},
      {text("25h"), {}},
      {text("2d"), {}},
      {text("s"), {}},
      {text(""), {}},
      {{.what = kind::real, .text = "1.5"}, {}},
      {{.what = kind::boolean, .text = {}, .truth = true}, {}},
      {{.what = kind::null, .text = {}}, {}},
  };
  for (const row& r : rows) {
    call_options options;
    const auto expected = set_option(options, next_value::timeout, r.value, names());
    EXPECT_EQ(options.timeout, r.timeout) << r.value.text;
    EXPECT_EQ(expected.empty(), r.timeout.has_value()) << r.value.text;
  }
}

TEST(SetOption, TakesAForm) {
  struct row {
    scalar value;
    std::optional<form> taken;
  };
  const row rows[] = {
      {text("object"), form::object},
      {text("list"), form::list},
      {text("List"), {}},
      {text(""), {}},
      {{.what = kind::null, .text = {}}, {}},
      {number("1"), {}},
  };
  for (const row& r : rows) {
    call_options options;
    const auto expected = set_option(options, next_value::answer_form, r.value, names());
    EXPECT_EQ(options.answer_form, r.taken) << r.value.text;
    EXPECT_EQ(expected, r.taken ? "" : "expected \"object\" or \"list\"") << r.value.text;
  }
}

TEST(SetOption, TakesWhetherTheRequestIsARepeat) {
  for (const bool truth : {true, false}) {
    call_options options;
    EXPECT_EQ(set_option(options, next_value::retransmitted,
                         {.what = kind::boolean, .text = {}, .truth = truth}, names()),
              "");
    EXPECT_EQ(options.retransmitted, truth);
  }
  call_options options;
  EXPECT_EQ(set_option(options, next_value::retransmitted, text("true"), names()),
            "expected true or false");
  EXPECT_FALSE(options.retransmitted);
}

TEST(SetOption, TakesAnApplicationByNumberOrName) {
  struct row {
    scalar value;
    std::optional<application_id> taken;
  };
  const row rows[] = {
      {number("4"), application_id{4}},
      {number("4294967295"), application_id{4294967295}},
      {text("types"), application_id{4242}},
      {number("4294967296"), {}},
      {number("-1"), {}},
      {text("4"), application_id{4}},
      {text("Gx"), application_id{16777238}},
      {text("4x"), {}},
      {text("no such application"), {}},
      {{.what = kind::real, .text = "4.0"}, {}},
  };
  for (const row& r : rows) {
    call_options options;
    const auto expected = set_option(options, next_value::application, r.value, names());
    EXPECT_EQ(options.application, r.taken) << r.value.text;
    EXPECT_EQ(expected, r.taken ? "" : "expected an application's number or name") << r.value.text;
  }
}

/// A body in which these containers are open.
struct body_within {
  explicit body_within(const std::vector<container_role>& roles, bool is_result = false) {
    body.clear();
    body.set_result(is_result);
    for (const container_role role : roles) {
      body.open(role);
    }
  }
  avp_body body{8};
};

TEST(TakeOptionKey, KnowsOptionsOfParamsAlone) {
  using enum container_role;
  struct row {
    std::vector<container_role> open;
    bool is_result;
    bool taken;
  };
  for (const row& r : {
           row{{members}, false, true},                      // params
           row{{elements, element}, false, true},            // an element of its list form
           row{{members}, true, false},                      // result
           row{{members, members}, false, false},            // a group
           row{{members, elements, element}, false, false},  // of "AVP"
           row{{elements}, false, true},
       }) {
    body_within within{r.open, r.is_result};
    avp_body& body = within.body;
    EXPECT_EQ(take_option_key(body, "$timeout"), r.taken);
    EXPECT_EQ(body.top().next, r.taken ? next_value::timeout : next_value::none);
    EXPECT_FALSE(take_option_key(body, "timeout"));
  }
}

TEST(TakeOptionKey, FailsForOneThatIsUnknownOrThereTwice) {
  body_within one{std::vector{container_role::members}};
  avp_body& unknown = one.body;
  EXPECT_TRUE(take_option_key(unknown, "$timeut"));
  EXPECT_TRUE(unknown.failed());
  EXPECT_EQ(unknown.detail(),
            "unknown option; there are $timeout, $form, $retransmitted and $application");
  EXPECT_EQ(unknown.path(), "params.$timeut");

  body_within another{std::vector{container_role::members}};
  avp_body& twice = another.body;
  EXPECT_TRUE(take_option_key(twice, "$form"));
  EXPECT_FALSE(twice.failed());
  EXPECT_TRUE(take_option_key(twice, "$form"));
  EXPECT_EQ(twice.detail(), "the key stands here twice");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
