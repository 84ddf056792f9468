#include "app/log_lines.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace diamgw::app {
namespace {

using gateway::log_field;
using gateway::log_key;
using nlohmann::json;

constexpr std::chrono::sys_time<std::chrono::nanoseconds> then{std::chrono::seconds{1700000000} +
                                                               std::chrono::milliseconds{7}};

std::string written(config::log_format format, std::string_view sentence,
                    const std::vector<log_field>& fields = {}) {
  return to_text(
      {.at = then, .level = config::log_level::warning, .sentence = sentence, .fields = fields},
      format);
}

TEST(LogLines, AreJsonObjectsWithAMemberForEachField) {
  EXPECT_EQ(written(config::log_format::json, "peer a: closed",
                    {{log_key::peer, "a"}, {log_key::result_code, 3010U}}),
            R"({"time":"2023-11-14T22:13:20.007Z","level":"warning","message":"peer a: closed",)"
            R"("peer":"a","result_code":3010})"
            "\n");
}

// Whatever others send may come to stand in a line.
TEST(LogLines, AreOneValidJsonObjectWithAnyOctets) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += static_cast<char>(c);
  }
  const auto hostile = std::to_array<std::string>(
      {all, "\"", "\\", "\n{\"level\":\"error\"}", "\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80",
       "\xff\xfe", std::string{"\0", 1}, "\x1b[2J", "\xe2\x80\xa8"});
  for (const std::string& octets : hostile) {
    const std::string line =
        written(config::log_format::json, octets, {{log_key::origin_host, octets}});
    SCOPED_TRACE(line);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const json object = json::parse(line, nullptr, false);
    ASSERT_TRUE(object.is_object());
    EXPECT_EQ(object.size(), 4U);
    EXPECT_EQ(object["message"], object["origin_host"]);
  }
}

TEST(LogLines, HaveTheSentenceAloneForPeople) {
  const std::string line =
      written(config::log_format::text, "peer a: closed", {{log_key::peer, "a"}});

  EXPECT_EQ(line.substr(line.find(".007")), ".007 warning: peer a: closed\n");
}

TEST(LogLines, ShowASessionToPeopleToo) {
  const std::string line =
      written(config::log_format::text, "peer a: odd", {{log_key::session, "s;1"}});

  EXPECT_EQ(line.substr(line.find("warning")), "warning: peer a: odd; session s;1\n");
}

TEST(LogLines, HaveNoControlsForATerminal) {
  const std::string line = written(config::log_format::text, "a\nb\x1b[2J\x7f\xc3\xa9");

  EXPECT_EQ(line.substr(line.find("warning")), "warning: a?b?[2J?\xc3\xa9\n");
}

}  // namespace
}  // namespace diamgw::app
