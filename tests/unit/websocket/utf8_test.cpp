#include "diamgw/websocket/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace diamgw::websocket {
namespace {

using namespace std::string_view_literals;

struct row {
  const char* what;
  std::string_view text;
  bool valid;
  std::size_t first_wrong;  // index of the octet that gives it away, where it is one
};

constexpr std::size_t at_end = 999;  // not wrong before the text ends

// RFC 3629 §3 and §4; the kinds of error that the Autobahn suite sends in its part 6.
const row rows[] = {
    {"empty", "", true, 0},
    {"one octet, highest", "\x7f", true, 0},
    {"two octets, lowest", "\xc2\x80", true, 0},
    {"two octets, highest", "\xdf\xbf", true, 0},
    {"three octets, lowest", "\xe0\xa0\x80", true, 0},
    {"last before the surrogates", "\xed\x9f\xbf", true, 0},
    {"first after the surrogates", "\xee\x80\x80", true, 0},
    {"U+FFFF", "\xef\xbf\xbf", true, 0},
    {"four octets, lowest", "\xf0\x90\x80\x80", true, 0},
    {"U+10FFFF", "\xf4\x8f\xbf\xbf", true, 0},
    {"a zero octet", "a\0b"sv, true, 0},
    {"kosme", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5", true, 0},
    {"continuation first", "a\x80", false, 1},
    {"overlong slash in two", "\xc0\xaf", false, 0},
    {"C1 never begins", "\xc1\xbf", false, 0},
    {"overlong in three", "\xe0\x80\xaf", false, 1},
    {"overlong in four", "\xf0\x80\x80\xaf", false, 1},
    {"low surrogate", "\xed\xb0\x80", false, 1},
    {"high surrogate", "\xed\xa0\x80", false, 1},
    {"above U+10FFFF", "\xf4\x90\x80\x80", false, 1},
    {"F5 never begins", "\xf5\x80\x80\x80", false, 0},
    {"FE", "\xfe", false, 0},
    {"FF", "\xff", false, 0},
    {"cut off in two", "\xc2", false, at_end},
    {"cut off in three", "\xe1\x80", false, at_end},
    {"cut off in four", "\xf1\x80\x80", false, at_end},
    {"letter for continuation", "\xe1\x80z", false, 2},
    {"lead octet for continuation", "\xf1\x80\xc2\x80", false, 2},
    {"kosme, surrogate, edited", "\xce\xba\xe1\xbd\xb9\xed\xa0\x80 edited", false, 6},
};

TEST(Utf8, JudgesEachRow) {
  for (const row& r : rows) {
    EXPECT_EQ(is_valid_utf8(as_bytes(r.text)), r.valid) << r.what;
  }
}

TEST(Utf8, RefusesAtTheFirstWrongOctet) {
  for (const row& r : rows) {
    utf8_validator validator;
    std::size_t wrong = at_end;
    for (std::size_t i = 0; i < r.text.size() && wrong == at_end; ++i) {
      if (!validator.update(as_bytes(r.text.substr(i, 1)))) {
        wrong = i;
      }
    }

    EXPECT_EQ(validator.complete(), r.valid) << r.what;
    EXPECT_EQ(wrong, r.valid ? at_end : r.first_wrong) << r.what;
  }
}

TEST(Utf8, JudgesAlikeBehindAndInFrontOfLongTexts) {
  for (const row& r : rows) {
    for (const std::size_t front : {1U, 61U, 62U, 63U, 64U, 65U, 127U, 200U}) {
      const std::string text = std::string(front, 'x') + std::string{r.text};
      EXPECT_EQ(is_valid_utf8(as_bytes(text)), r.valid) << r.what << " after " << front;
      EXPECT_EQ(is_valid_utf8(as_bytes(text + std::string(front, 'y'))), r.valid)
          << r.what << " amid " << front;
    }
  }
}

TEST(Utf8, JudgesAlikeWhereverItIsCut) {
  const std::string filler(70, '-');
  for (const row& r : rows) {
    const std::string text = filler + std::string{r.text} + filler;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      utf8_validator validator;
      const auto octets = as_bytes(text);
      const bool valid = validator.update(octets.first(cut)) &&
                         validator.update(octets.subspan(cut)) && validator.complete();
      ASSERT_EQ(valid, r.valid) << r.what << " cut at " << cut;
    }
  }
}

TEST(Utf8, StaysInvalid) {
  utf8_validator validator;
  EXPECT_FALSE(validator.update(as_bytes("\xff")));

  EXPECT_FALSE(validator.update(as_bytes("fine")));
  EXPECT_FALSE(validator.complete());

  validator.reset();
  EXPECT_TRUE(validator.update(as_bytes("fine")));
}

}  // namespace
}  // namespace diamgw::websocket
