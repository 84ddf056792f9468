#include "jsonrpc/json_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace diamgw::jsonrpc {
namespace {

/// Events as text: "{", "[", ")", "k:key", "s:text", "i:1", "r:1.0", "t", "f", "n".
class recorder {
 public:
  [[nodiscard]] const std::string* foreseen_key() const {
    return foreseen.empty() ? nullptr : &foreseen;
  }
  void on_foreseen_key() { add("foreseen"); }
  void on_begin(container what) { add(what == container::object ? "{" : "["); }
  void on_end() { add(")"); }
  void on_key(std::string_view key) { add("k:" + std::string{key}); }
  void on_scalar(const scalar& v) {
    switch (v.what) {
      case scalar::kind::string:
        return add("s:" + std::string{v.text});
      case scalar::kind::integer:
        return add("i:" + std::string{v.text});
      case scalar::kind::real:
        return add("r:" + std::string{v.text});
      case scalar::kind::boolean:
        return add(v.truth ? "t" : "f");
      case scalar::kind::null:
        return add("n");
    }
  }

  std::string told;
  std::string foreseen;

 private:
  void add(const std::string& event) { told += (told.empty() ? "" : " ") + event; }
};

struct outcome {
  std::string told;
  json_error error = json_error::none;
  std::size_t position = 0;
};

[[nodiscard]] outcome parse(std::string_view text, std::string foreseen = {}) {
  const std::vector<char> copy(text.begin(), text.end());  // so that reads past its end are seen
  recorder out;
  out.foreseen = std::move(foreseen);
  json_parser<recorder> parser{4, out};
  if (parser.parse({copy.data(), copy.size()})) {
    return {out.told};
  }
  return {out.told, parser.error(), parser.position()};
}

TEST(JsonParser, TellsWhatATextHolds) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"1", "i:1"},
      {" \t\r\n-0 ", "i:-0"},
      {"[]", "[ )"},
      {"{}", "{ )"},
      {"[1,2.5,-3e+7,0,\"\"]", "[ i:1 r:2.5 r:-3e+7 i:0 s: )"},
      {"{\"a\":{\"b\":[true,false,null]},\"c\":\"d\"}", "{ k:a { k:b [ t f n ) ) k:c s:d )"},
      {" { \"a\" : [ { } , [ ] ] } ", "{ k:a [ { ) [ ) ) )"},
      {"\"sixteen characters and more\"", "s:sixteen characters and more"},
      {R"("\"\\\/\b\f\n\r\t")", "s:\"\\/\b\f\n\r\t"},
      {R"("\u00e9\ud834\udd1e!")", "s:\u00e9\U0001d11e!"},
      {"\"\u00e9 \u20ac \U0001d11e\"", "s:\u00e9 \u20ac \U0001d11e"},
      {R"({"\u0061":1})", "{ k:a i:1 )"},
      {"123456789012345678901234567890", "i:123456789012345678901234567890"},
  };
  for (const auto& [text, told] : rows) {
    const outcome found = parse(text);
    EXPECT_EQ(found.told, told) << text;
    EXPECT_EQ(found.error, json_error::none) << text;
  }
}

TEST(JsonParser, RefusesWhatIsNotJsonAndSaysWhere) {
  struct row {
    std::string text;
    json_error error;
    std::size_t position;
  };
  const std::vector<row> rows{
      {"", json_error::cut, 0},
      {"  ", json_error::cut, 2},
      {"{", json_error::cut, 1},
      {"[1", json_error::cut, 2},
      {"\"abc", json_error::cut, 4},
      {"{\"a\"", json_error::cut, 4},
      {"tru", json_error::cut, 3},
      {"-", json_error::cut, 1},
      {"1.", json_error::cut, 2},
      {"1e", json_error::cut, 2},
      {"\"\\", json_error::cut, 2},
      {"\"\\u12", json_error::cut, 5},
      {"[1,]", json_error::unexpected, 3},
      {"{\"a\":1,}", json_error::unexpected, 7},
      {"{,}", json_error::unexpected, 1},
      {"[1 2]", json_error::unexpected, 3},
      {"{\"a\" 1}", json_error::unexpected, 5},
      {"{a:1}", json_error::unexpected, 1},
      {"[1}", json_error::unexpected, 2},
      {"{\"a\":1]", json_error::unexpected, 6},
      {"01", json_error::trailing, 1},
      {"+1", json_error::unexpected, 0},
      {".5", json_error::unexpected, 0},
      {"1.e5", json_error::unexpected, 2},
      {"trux", json_error::unexpected, 3},
      {"NaN", json_error::unexpected, 0},
      {"// x\n1", json_error::unexpected, 0},
      {"'a'", json_error::unexpected, 0},
      {"\"a\nb\"", json_error::control_character, 2},
      {R"("\x")", json_error::escape, 1},
      {R"("\u12g4")", json_error::escape, 5},
      {R"("\ud834")", json_error::surrogate, 7},
      {R"("\udd1e")", json_error::surrogate, 7},
      {R"("\ud834\u0041")", json_error::surrogate, 13},
      {"\"\xff\"", json_error::utf8, 2},
      {"\"\xc3\"", json_error::utf8, 2},
      {"[[[[[1]]]]]", json_error::too_deep, 4},
      {"1 1", json_error::trailing, 2},
      {"{}x", json_error::trailing, 2},
  };
  for (const row& r : rows) {
    const outcome found = parse(r.text);
    EXPECT_EQ(found.error, r.error) << r.text << ": " << to_string(found.error);
    EXPECT_EQ(found.position, r.position) << r.text;
  }
}

TEST(JsonParser, TellsAForeseenKeyAsSuchAndOthersWhole) {
  EXPECT_EQ(parse(R"({"abc":1})", "abc").told, "{ foreseen i:1 )");
  EXPECT_EQ(parse(R"({"abcd":1})", "abc").told, "{ k:abcd i:1 )");
  EXPECT_EQ(parse(R"({"ab":1})", "abc").told, "{ k:ab i:1 )");
  EXPECT_EQ(parse(R"({"abc" :1, "abc":2})", "abc").told, "{ k:abc i:1 foreseen i:2 )");
  EXPECT_EQ(parse(R"({"abc":)", "abc").position, 7U);
  EXPECT_EQ(parse(R"({"abc")", "abc").position, 6U);
  EXPECT_EQ(parse(R"({"abc";1})", "abc").position, 6U);
  EXPECT_EQ(parse(R"({"ab")", "abc\":1}").error, json_error::cut);
}

}  // namespace
}  // namespace diamgw::jsonrpc
