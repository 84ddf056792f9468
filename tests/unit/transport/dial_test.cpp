// How a host that is a name is dialled and listened at, whatever the network.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <optional>

#include "diamgw/transport/network.hpp"
#include "support/manual_time.hpp"
#include "support/memory_network.hpp"

namespace diamgw::transport {
namespace {

using namespace std::chrono_literals;
namespace error = boost::asio::error;

constexpr std::uint16_t dialled_port = 3868;
const address ocs{.host = "ocs.internal", .port = dialled_port};
const address first{.host = "192.0.2.7", .port = dialled_port};
const address second{.host = "2001:db8::8", .port = dialled_port};

struct dialling {
  dialling() : shards{1, options()} {
    auto opened = listen(shards.group(), first, {}, [this](shard&, std::unique_ptr<stream> c) {
      accepted.push_back(std::move(c));
    });
    listening = std::move(*opened);
  }
  shard_group::options options() {
    shard_group::options o = test::one_shard();
    o.network = net;
    return o;
  }
  /// How an attempt ended: where it is connected, or why not. Nothing has ended: "".
  void dial(address to = ocs, dial_options o = {}) {
    outcome.clear();
    spawn(
        shards.at(),
        [](dialling& f, address a, dial_options d) -> awaitable<> {
          auto made = co_await transport::dial(f.shards.at(), std::move(a), std::move(d));
          f.outcome = made ? to_string((*made)->remote()) : to_sentence(made.error());
        }(*this, std::move(to), std::move(o)),
        "dial");
    shards.run();
  }

  std::shared_ptr<test::memory_network> net = std::make_shared<test::memory_network>();
  std::string outcome;
  test::stepped_shards shards;
  std::unique_ptr<listener> listening;
  std::vector<std::unique_ptr<stream>> accepted;
};

std::string message(error_code why) {
  return why.message();
}

TEST(DialByName, SaysWhyThereIsNoAddress) {
  dialling f;

  f.dial();
  EXPECT_EQ(f.outcome, "the name was not resolved: " + message(error::host_not_found));
  f.net->name(ocs.host, {});
  f.dial();
  EXPECT_EQ(f.outcome, "the name was not resolved: " + message(error::no_data));
  f.dial({.host = "not a name", .port = dialled_port});
  EXPECT_EQ(f.outcome, "the name was not resolved: " + message(error::invalid_argument));
}

TEST(DialByName, TriesTheAddressesInTheirOrder) {
  dialling f;
  f.net->name(ocs.host, {first.host, second.host});

  f.dial();
  EXPECT_EQ(f.outcome, "192.0.2.7:3868");
  f.net->refuse(first, error::connection_refused);
  f.dial();
  EXPECT_EQ(f.outcome, "[2001:db8::8]:3868");
  f.net->refuse(second, error::network_unreachable);
  f.dial();
  EXPECT_EQ(f.outcome, "192.0.2.7:3868: " + message(error::connection_refused) +
                           "; [2001:db8::8]:3868: " + message(error::network_unreachable));
}

TEST(DialByName, TellsFourAddressesAndCountsTheRest) {
  dialling f;
  std::vector<std::string> six;
  for (int i = 11; i < 17; ++i) {
    six.push_back("192.0.2." + std::to_string(i));
    f.net->refuse({.host = six.back(), .port = dialled_port}, error::connection_refused);
  }
  f.net->name(ocs.host, six);

  f.dial();

  EXPECT_NE(f.outcome.find("192.0.2.14:3868"), std::string::npos) << f.outcome;
  EXPECT_EQ(f.outcome.find("192.0.2.15"), std::string::npos) << f.outcome;
  EXPECT_TRUE(f.outcome.ends_with("; and 2 more")) << f.outcome;
}

TEST(DialByName, LooksUpAnewAtEachAttempt) {
  dialling f;
  f.net->name(ocs.host, {first.host});
  f.dial();
  EXPECT_EQ(f.outcome, "192.0.2.7:3868");

  f.net->name(ocs.host, {second.host});
  f.dial();

  EXPECT_EQ(f.outcome, "[2001:db8::8]:3868");
}

TEST(DialByName, LeavesTimeForTheNextAddressWhereOneIsSilent) {
  dialling f;
  f.net->name(ocs.host, {first.host, second.host});
  f.net->delay(first, 1h);

  f.dial(ocs, {.timeout = 10s});
  f.shards.advance(4900ms);
  EXPECT_EQ(f.outcome, "");
  f.shards.advance(200ms);

  EXPECT_EQ(f.outcome, "[2001:db8::8]:3868");
}

TEST(DialByName, EndsAtItsDeadlineWhateverIsSilent) {
  dialling f;
  f.net->name(ocs.host, {first.host, second.host});
  f.net->delay_lookup(ocs.host, 1h);

  f.dial(ocs, {.timeout = 10s});
  f.shards.advance(9900ms);
  EXPECT_EQ(f.outcome, "");
  f.shards.advance(200ms);
  EXPECT_EQ(f.outcome, "the name was not resolved: " + message(error::timed_out));

  // The lookup's time is the attempt's.
  f.net->delay_lookup(ocs.host, 6s);
  f.net->delay(first, 1h);
  f.net->delay(second, 1h);
  f.dial(ocs, {.timeout = 10s});
  f.shards.advance(10100ms);
  EXPECT_EQ(f.outcome, "192.0.2.7:3868: " + message(error::timed_out) +
                           "; [2001:db8::8]:3868: " + message(error::timed_out));
}

TEST(DialByName, EndsWithItsShardsDuringTheLookup) {
  std::optional<dialling> f{std::in_place};
  f->net->delay_lookup(ocs.host, 1h);
  f->dial();

  f.reset();  // the sanitizers see what it would leave
}

TEST(ListenByName, IsAtEachAddressOfTheName) {
  dialling f;
  f.listening.reset();
  f.net->name("gateway", {first.host, second.host});

  auto opened = listen(f.shards.group(), {.host = "gateway", .port = dialled_port}, {},
                       [](shard&, std::unique_ptr<stream>) {});

  ASSERT_TRUE(opened);
  ASSERT_EQ((*opened)->locals().size(), 2U);
  EXPECT_EQ(to_string((*opened)->locals()[0]), "192.0.2.7:3868");
  EXPECT_EQ(to_string((*opened)->locals()[1]), "[2001:db8::8]:3868");
}

TEST(ListenByName, SaysWhyThereIsNoAddress) {
  dialling f;
  const auto ignore = [](shard&, std::unique_ptr<stream>) {};

  EXPECT_EQ(listen(f.shards.group(), {.host = "gateway", .port = 1}, {}, ignore).error(),
            error::host_not_found);
  EXPECT_EQ(listen(f.shards.group(), {.host = "gate way", .port = 1}, {}, ignore).error(),
            error::invalid_argument);
}

}  // namespace
}  // namespace diamgw::transport
