#include "jsonrpc/failure_sentence.hpp"

#include <gtest/gtest.h>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using kind = scalar::kind;

TEST(FoundInstead, ShowsEachKindOfValue) {
  const std::string longest(max_quoted_octets, 'x');
  const std::string longer = longest + "y";
  struct row {
    scalar value;
    std::string sentence;
  };
  const row rows[] = {
      {{.what = kind::string, .text = "a"}, "expected it, found the string \"a\""},
      {{.what = kind::string, .text = ""}, "expected it, found the string \"\""},
      {{.what = kind::string, .text = longest},
       "expected it, found the string \"" + longest + "\""},
      {{.what = kind::string, .text = longer},
       "expected it, found the string \"" + longest + "…\""},
      {{.what = kind::integer, .text = "-5"}, "expected it, found the number -5"},
      {{.what = kind::real, .text = "1e5"}, "expected it, found the number 1e5"},
      {{.what = kind::integer, .text = longer}, "expected it, found the number " + longest + "…"},
      {{.what = kind::boolean, .text = {}, .truth = true}, "expected it, found true"},
      {{.what = kind::boolean, .text = {}, .truth = false}, "expected it, found false"},
      {{.what = kind::null, .text = {}}, "expected it, found null"},
  };
  for (const row& r : rows) {
    EXPECT_EQ(found_instead("expected it", r.value, nullptr), r.sentence);
  }
}

TEST(FoundInstead, NamesTheNearestValueOfAnEnumeration) {
  const auto* const type = names().find_avp("T-Enum");  // ZERO and MINUS_ONE
  struct row {
    std::string_view wrong;
    std::string_view nearest;
  };
  for (const row& r : {row{"ZER", "ZERO"}, row{"zero", "ZERO"}, row{"MINUS_ON", "MINUS_ONE"},
                       row{"MINUSONE", "MINUS_ONE"}, row{"SOMETHING", ""}, row{"", ""}}) {
    const std::string sentence = found_instead("x", {.what = kind::string, .text = r.wrong}, type);
    std::string expected = "x, found the string \"" + std::string{r.wrong} + "\"";
    append_nearest(expected, r.nearest);
    EXPECT_EQ(sentence, expected);
  }
}

TEST(FoundInstead, ShowsContainers) {
  EXPECT_EQ(found_instead("x", container::object), "x, found an object");
  EXPECT_EQ(found_instead("x", container::array), "x, found an array");
}

TEST(AppendNearest, AddsNothingWhereThereIsNone) {
  std::string sentence = "unknown";
  append_nearest(sentence, "");
  EXPECT_EQ(sentence, "unknown");
  append_nearest(sentence, "this");
  EXPECT_EQ(sentence, "unknown; did you mean \"this\"?");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
