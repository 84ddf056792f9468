#include "diamgw/gateway/event_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/text_log.hpp"

namespace diamgw::gateway {
namespace {

using fields = test::text_log::fields;

TEST(EventLog, GivesASentenceAndFields) {
  test::text_log log;

  log.warn({{log_key::peer, "ocs.example"}, {log_key::result_code, 3010U}}, "peer {}: {}",
           "ocs.example", 3010);

  EXPECT_EQ(log.str(), "warning: peer ocs.example: 3010\n");
  EXPECT_EQ(log.fields_of("3010"), (fields{{"peer", "ocs.example"}, {"result_code", "3010"}}));
}

TEST(EventLog, LeavesOutWhatIsLessGraveThanItsLevel) {
  test::text_log log{{.level = config::log_level::warning}};

  log.debug("one");
  log.info({{log_key::peer, "a"}}, "two");
  log.warn("three");
  log.error("four");

  EXPECT_EQ(log.str(), "warning: three\nerror: four\n");
}

TEST(EventLog, LeavesSessionsOutUnlessTheyAreWanted) {
  test::text_log without;
  test::text_log with{{.level = config::log_level::info, .session_ids = true}};
  for (test::text_log* log : {&without, &with}) {
    log->info({{log_key::peer, "a"}, {log_key::session, "s;1"}}, "line");
  }

  EXPECT_EQ(without.fields_of("line"), (fields{{"peer", "a"}}));
  EXPECT_EQ(with.fields_of("line"), (fields{{"peer", "a"}, {"session", "s;1"}}));
}

TEST(EventLog, HasItsFieldsInTheDocumentation) {
  std::ifstream file{"docs/operations.md"};
  const std::string all{std::istreambuf_iterator<char>{file}, {}};
  const std::size_t begin = all.find("## The log");
  ASSERT_NE(begin, std::string::npos);
  const std::string page = all.substr(begin, all.find("\n## ", begin) - begin);

  for (const std::string_view name : enumerator_names<log_key>) {
    EXPECT_NE(page.find('`' + std::string{name} + '`'), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace diamgw::gateway
