#include "app/sim/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/sim/credit_control.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

using diameter::commands::credit_control;
using diameter::commands::re_auth;
using std::chrono::milliseconds;

result<fault, std::string> parse(std::string_view text) {
  return parse_fault(text, dictionary::embedded());
}

/// "command=272,delay=2s" of what was read, or the sentence of what is wrong.
std::string told(std::string_view text) {
  const auto read = parse(text);
  if (!read) {
    return read.error();
  }
  std::string all;
  for (const auto& [name, value] : fields_of(*read)) {
    all.append(all.empty() ? "" : ",").append(name).append("=").append(value);
  }
  return all;
}

// docs/operations.md, "Faults".
TEST(ParseFault, ReadsWhatFaultsHaveOrSaysWhatIsWrong) {
  constexpr std::string_view nothing = "a fault has a delay, a result_code or no_answer";
  constexpr std::string_view no_chance = " is no number above 0 and up to 1, such as 0.1";
  constexpr std::string_view no_delay = " is no duration of up to an hour, such as 500ms";
  constexpr std::string_view no_code =
      " is no Result-Code; give one from 1000 to 5999, or its name, such as 3004 or "
      "DIAMETER_TOO_BUSY";
  struct row {
    std::string_view text;
    std::string told;
  };
  const row rows[] = {
      {"delay=500ms", "delay=500ms"},
      {"delay=1h", "delay=1h"},
      {"no_answer", "no_answer=true"},
      {"no_answer=true,chance=0.25", "chance=0.25,no_answer=true"},
      {"result_code=3004,times=3", "times=3,result_code=3004"},
      {"result_code=DIAMETER_TOO_BUSY,delay=2s", "delay=2s,result_code=3004"},
      {"command=CCR,application=Gy,no_answer", "command=272,application=4,no_answer=true"},
      {"command=Credit-Control,no_answer", "command=272,no_answer=true"},
      {"command=8388700,application=77777,no_answer",
       "command=8388700,application=77777,no_answer=true"},
      {"chance=1,delay=1ms", "delay=1ms"},
      {"", std::string{nothing}},
      {"command=CCR", std::string{nothing}},
      {"no_answer=false", std::string{nothing}},
      {"no_answer,delay=1s", "no_answer leaves no answer for delay or result_code"},
      {"no_answer=yes", "no_answer: 'yes' is neither true nor false"},
      {"delay=1s,delay=2s", "delay stands twice"},
      {"delay", "delay: 'true'" + std::string{no_delay}},
      {"delay=soon", "delay: 'soon'" + std::string{no_delay}},
      {"delay=0ms", "delay: '0ms'" + std::string{no_delay}},
      {"delay=61m", "delay: '61m'" + std::string{no_delay}},
      {"chance=0,no_answer", "chance: '0'" + std::string{no_chance}},
      {"chance=1.5,no_answer", "chance: '1.5'" + std::string{no_chance}},
      {"chance=nan,no_answer", "chance: 'nan'" + std::string{no_chance}},
      {"chance=10%,no_answer", "chance: '10%'" + std::string{no_chance}},
      {"times=0,no_answer", "times: '0' is no number from 1 on"},
      {"result_code=999", "result_code: '999'" + std::string{no_code}},
      {"result_code=6000", "result_code: '6000'" + std::string{no_code}},
      {"result_code=-1", "result_code: '-1'" + std::string{no_code}},
      {"result_code=TOO_BUSY", "result_code: 'TOO_BUSY'" + std::string{no_code}},
      {"command=CCRR,no_answer",
       "command: 'CCRR' is no request's name or number; did you mean 'CCR'?"},
      {"command=CCA,no_answer", "command: 'CCA' is no request's name or number"},
      {"application=Gzz9,no_answer", "application: 'Gzz9' is no application's name or number"},
      {"dely=2s",
       "'dely' is nothing that a fault has; there are command, application, chance, times, delay, "
       "result_code, no_answer"},
  };
  for (const row& r : rows) {
    EXPECT_THAT(told(r.text), testing::StartsWith(r.told)) << r.text;
  }
}

TEST(FaultList, TakesTheFirstThatFitsAndIsNotUsedUp) {
  fault_list faults{1};
  faults.replace({*parse("command=RAR,result_code=3004"), *parse("application=Gx,delay=1s"),
                  *parse("command=CCR,times=2,no_answer"), *parse("delay=2s")});
  constexpr application_id gx{16777238};

  EXPECT_EQ(faults.choose(credit_control_application, re_auth)->result_code, 3004U);
  EXPECT_EQ(faults.choose(gx, credit_control)->delay, milliseconds{1000});
  EXPECT_TRUE(faults.choose(credit_control_application, credit_control)->no_answer);
  EXPECT_TRUE(faults.choose(credit_control_application, credit_control)->no_answer);
  EXPECT_EQ(faults.choose(credit_control_application, credit_control)->delay, milliseconds{2000});

  std::vector<std::uint64_t> applied;
  for (const fault_list::entry& e : faults.entries()) {
    applied.push_back(e.applied);
  }
  EXPECT_EQ(applied, (std::vector<std::uint64_t>{1, 1, 2, 1}));
}

TEST(FaultList, LetsRequestsPassWhereNothingFits) {
  fault_list faults{1};
  EXPECT_EQ(faults.choose(credit_control_application, credit_control), nullptr);

  faults.replace({*parse("command=RAR,no_answer")});

  EXPECT_EQ(faults.choose(credit_control_application, credit_control), nullptr);
}

TEST(FaultList, DrawsEqualChancesFromEqualSeeds) {
  const auto draw = [](fault_list& faults) {
    std::vector<bool> met;
    for (int i = 0; i < 1000; ++i) {
      met.push_back(faults.choose(credit_control_application, credit_control) != nullptr);
    }
    return met;
  };
  const std::vector<fault> rare{*parse("chance=0.1,no_answer")};
  fault_list first{7};
  fault_list second{7};
  fault_list other{8};
  first.replace(rare);
  second.replace(rare);
  other.replace(rare);

  const std::vector<bool> met = draw(first);

  EXPECT_EQ(draw(second), met);
  EXPECT_NE(draw(other), met);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(met, true)), 100, 40);
  first.replace(rare);
  EXPECT_EQ(draw(first), met);
}

}  // namespace
}  // namespace diamgw::sim
