#include "app/log_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "app/process_log.hpp"

namespace diamgw::app {
namespace {

/// The least that the kernel gives.
constexpr int pipe_octets = 4096;

/// Standard error, and who reads it.
class full_pipe {
 public:
  full_pipe() {
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0 || ::fcntl(ends_[1], F_SETPIPE_SZ, pipe_octets) < 0) {
      throw std::runtime_error{"no pipe"};
    }
  }
  full_pipe(const full_pipe&) = delete;
  full_pipe& operator=(const full_pipe&) = delete;
  ~full_pipe() {
    stop_reading();
    ::close(ends_[1]);
  }

  void stop_reading() {
    if (ends_[0] >= 0) {
      ::close(std::exchange(ends_[0], -1));
    }
  }
  [[nodiscard]] int descriptor() const { return ends_[1]; }
  /// What comes until `last` has come.
  [[nodiscard]] std::string read_to(std::string_view last) const {
    std::string text;
    std::array<char, 4096> room{};
    while (text.find(last) == std::string::npos) {
      const ssize_t n = ::read(ends_[0], room.data(), room.size());
      if (n <= 0) {
        break;
      }
      text.append(room.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

log_writer::options options_for(const full_pipe& to) {
  return {
      .descriptor = to.descriptor(),
      .queue_octets = 8192,
      .patience = std::chrono::milliseconds{20},
      .tell_missing = [](std::uint64_t lines) { return std::to_string(lines) + " are missing\n"; }};
}

std::string line_of(std::uint64_t number) {
  return "line " + std::to_string(number) + std::string(90, '.') + '\n';
}

TEST(LogWriter, DropsAndTellsInPlaceWhatNobodyTakes) {
  full_pipe to;
  log_writer writer{options_for(to)};
  std::uint64_t pushed = 0;
  while (writer.dropped() < 10) {
    writer.push(line_of(pushed++));
  }

  const std::string text = to.read_to("10 are missing\n");
  writer.push("after\n");
  const std::string rest = to.read_to("after\n");

  std::string expected;
  for (std::uint64_t i = 0; i < pushed - 10; ++i) {
    expected += line_of(i);
  }
  EXPECT_EQ(text + rest, expected + "10 are missing\nafter\n");
  EXPECT_EQ(writer.dropped(), 10U);
}

TEST(LogWriter, WritesAtItsEndWhatWaits) {
  full_pipe to;
  {
    log_writer writer{options_for(to)};
    for (std::uint64_t i = 0; i < 20; ++i) {
      writer.push(line_of(i));
    }
  }

  const std::string text = to.read_to(line_of(19));

  EXPECT_NE(text.find(line_of(0)), std::string::npos);
  EXPECT_NE(text.find(line_of(19)), std::string::npos);
}

TEST(LogWriter, EndsAlthoughNobodyTakesItsLines) {
  full_pipe to;
  {
    log_writer writer{options_for(to)};
    while (writer.dropped() == 0) {
      writer.push(line_of(0));
    }
  }
  to.stop_reading();  // lets the thread end that was left behind
}

TEST(LogWriter, CountsWhatADescriptorThatFailsDoesNotTake) {
  full_pipe to;
  to.stop_reading();
  std::optional<log_writer> writer{options_for(to)};

  writer->push("one\ntwo\n");
  writer->wait_until_written(std::chrono::seconds{10});

  EXPECT_EQ(writer->dropped(), 2U);
}

TEST(LogWriter, TakesALineThatIsLargerThanItsQueue) {
  full_pipe to;
  log_writer::options o = options_for(to);
  o.queue_octets = 10;
  log_writer writer{std::move(o)};

  writer.push(line_of(0));

  EXPECT_EQ(to.read_to("\n"), line_of(0));
}

using ProcessLogDeathTest = testing::Test;

TEST(ProcessLogDeathTest, HasItsLastLineWrittenWhenTheProcessCrashes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        process_log log{{}};
        for (int i = 0; i <= 5000; ++i) {
          log.info("line {}", i);
        }
        std::abort();
      },
      "line 5000\n");
}

TEST(ProcessLog, IsToldOfBugs) {
  full_pipe to;
  process_log log{{.format = config::log_format::json}, to.descriptor()};

  log.on_bug("x == y", "peer.cpp", 7);

  EXPECT_NE(to.read_to("\n").find(R"("level":"error","message":"bug: x == y at peer.cpp:7")"),
            std::string::npos);
}

}  // namespace
}  // namespace diamgw::app
