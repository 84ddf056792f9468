// Over the loopback: what a listener and a connector do at their limits.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <latch>

#include "diamgw/transport/network.hpp"
#include "support/run_to_end.hpp"

namespace diamgw::transport {
namespace {

using boost::asio::ip::tcp;
using stream_ptr = std::unique_ptr<stream>;
using opened_listener = result<std::unique_ptr<listener>>;

const address loopback{.host = "127.0.0.1"};
constexpr auto ignore_connection = [](shard&, stream_ptr) {};

/// A client of a blocking socket.
class plain_client {
 public:
  plain_client() : socket_{context_} { socket_.open(tcp::v4()); }
  void connect(const listener& to) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), to.port()});
  }
  /// The error of the next read: eof where the other side closed.
  error_code read_error() {
    error_code ec;
    std::array<char, 1> one{};
    socket_.read_some(boost::asio::buffer(one), ec);
    return ec;
  }

  [[nodiscard]] std::string local() const {
    return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port());
  }

 private:
  boost::asio::io_context context_;
  tcp::socket socket_;
};

TEST(Listener, SharesOnePortBetweenShards) {
  shard_group::options o = test::one_shard();
  o.shards = 2;
  shard_group group{o};
  constexpr int connections = 64;
  std::latch all{connections};
  std::array<std::atomic<int>, 2> accepted{};
  opened_listener opened = listen(group, loopback, {}, [&](shard& on, stream_ptr connection) {
    EXPECT_TRUE(on.is_current());
    connection->close();
    ++accepted.at(on.index());
    all.count_down();
  });
  ASSERT_TRUE(opened);
  group.start();

  for (int i = 0; i < connections; ++i) {
    plain_client{}.connect(**opened);
  }
  all.wait();

  EXPECT_GT(accepted[0], 0);
  EXPECT_GT(accepted[1], 0);
  EXPECT_EQ((*opened)->statistics().accepted, 64U);
}

TEST(Listener, RefusesAPortThatAnotherListensOn) {
  shard_group group{test::one_shard()};
  auto first = listen(group, loopback, {}, ignore_connection);
  ASSERT_TRUE(first);

  auto second =
      listen(group, {.host = "127.0.0.1", .port = (*first)->port()}, {}, ignore_connection);

  EXPECT_EQ(second.error(), boost::asio::error::address_in_use);
}

TEST(Listener, RefusesAnAddressThatIsNone) {
  shard_group group{test::one_shard()};

  opened_listener opened = listen(group, {.host = "localhost:80"}, {}, ignore_connection);

  EXPECT_EQ(opened.error(), boost::asio::error::invalid_argument);
}

TEST(Listener, IsAtEachAddressOfANameThatThisHostHas) {
  shard_group group{test::one_shard()};
  network& kernel = group.network();
  const auto here = endpoint_address::from_text("127.0.0.1", 0);
  const auto also_here = endpoint_address::from_text("127.0.0.2", 0);
  const auto elsewhere = endpoint_address::from_text("192.0.2.1", 0);
  const address name{.host = "gateway"};

  opened_listener both =
      kernel.listen({&group.at(0)}, name, {elsewhere, here, also_here}, {}, ignore_connection);
  opened_listener none = kernel.listen({&group.at(0)}, name, {elsewhere}, {}, ignore_connection);

  ASSERT_TRUE(both) << both.error().message();
  ASSERT_EQ((*both)->locals().size(), 2U);
  EXPECT_EQ((*both)->locals()[0], here.with_port((*both)->port()));
  EXPECT_EQ((*both)->locals()[1], also_here.with_port((*both)->port()));
  EXPECT_EQ(none.error(), boost::system::errc::address_not_available);
}

TEST(Listener, LooksUpANameOfTheSystem) {
  shard_group group{test::one_shard()};

  opened_listener opened = listen(group, {.host = "localhost"}, {}, ignore_connection);

  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_NE((*opened)->port(), 0U);
}

TEST(Listener, TakesV4AndV6AtTheV6Wildcard) {
  shard_group group{test::one_shard()};
  std::string remote;
  opened_listener opened = listen(group, {.host = "::"}, {}, [&](shard&, stream_ptr c) {
    remote = c->remote().host_text();
    (*opened)->stop();
  });
  ASSERT_TRUE(opened);

  plain_client client;
  client.connect(**opened);
  group.finish();
  group.run_here();

  EXPECT_EQ(remote, "127.0.0.1");
}

TEST(Listener, ClosesConnectionsAboveItsLimitAtOnce) {
  shard_group group{test::one_shard()};
  std::vector<stream_ptr> kept;
  std::vector<listener_report> reports;
  const auto note = [&reports](shard& on, const listener_report& report) {
    EXPECT_TRUE(on.is_current());
    reports.push_back(report);
  };
  opened_listener opened = listen(group, loopback, {.limit_connections = 1, .on_event = note},
                                  [&](shard&, stream_ptr c) { kept.push_back(std::move(c)); });
  ASSERT_TRUE(opened);
  group.start();
  plain_client first;
  plain_client second;

  first.connect(**opened);
  second.connect(**opened);
  const error_code refused = second.read_error();

  EXPECT_TRUE(refused == boost::asio::error::eof ||
              refused == boost::asio::error::connection_reset);
  group.stop();
  group.join();
  EXPECT_EQ(kept.size(), 1U);
  EXPECT_EQ((*opened)->statistics().refused, 1U);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].what, listener_event::refused);
  EXPECT_EQ(to_string(reports[0].remote), second.local());
  EXPECT_EQ((*opened)->statistics().open, 1U);
  kept.clear();
  EXPECT_EQ((*opened)->statistics().open, 0U);
}

TEST(Listener, LeavesTheLastDescriptorsToOthers) {
  shard_group group{test::one_shard()};
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<listener_report> reports;
  const auto note = [&reports](shard&, const listener_report& report) {
    reports.push_back(report);
  };
  plain_client client;
  const int next_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(next_free);
  // The listener takes one of the two that are left before those that are kept.
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next_free) + 10;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  opened_listener opened =
      listen(group, loopback, {.keep_descriptors = 9, .on_event = note}, ignore_connection);
  ASSERT_TRUE(opened);
  group.start();

  client.connect(**opened);
  const error_code refused = client.read_error();

  EXPECT_TRUE(refused == boost::asio::error::eof ||
              refused == boost::asio::error::connection_reset);
  group.stop();
  group.join();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].what, listener_event::short_of_descriptors);
  EXPECT_EQ(to_string(reports[0].remote), client.local());
  EXPECT_EQ((*opened)->statistics().accepted, 0U);
  EXPECT_EQ((*opened)->statistics().refused, 1U);
}

TEST(Listener, PausesWhileThereAreNoDescriptorsAndGoesOn) {
  shard_group group{test::one_shard()};
  std::atomic<int> accepted{0};
  std::size_t paused = 0;
  const auto note = [&paused](shard&, const listener_report& report) {
    EXPECT_EQ(report.what, listener_event::paused);
    EXPECT_EQ(report.why, boost::system::errc::too_many_files_open);
    ++paused;
  };
  opened_listener opened = listen(group, loopback,
                                  {.first_pause = std::chrono::milliseconds{1},
                                   .longest_pause = std::chrono::milliseconds{2},
                                   .on_event = note},
                                  [&](shard&, stream_ptr) {
                                    ++accepted;
                                    (*opened)->stop();
                                  });
  ASSERT_TRUE(opened);
  plain_client client;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(next_free);

  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next_free);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  client.connect(**opened);
  group.finish();
  std::uint64_t pauses = 0;
  while (pauses < 3) {
    group.at(0).context().run_one();
    pauses = (*opened)->statistics().pauses;
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(accepted, 0);
  EXPECT_EQ(paused, pauses);
  group.run_here();

  EXPECT_EQ(accepted, 1);
}

TEST(Listener, StopsAcceptingAndKeepsConnections) {
  shard_group group{test::one_shard()};
  stream_ptr kept;
  opened_listener opened = listen(group, loopback, {}, [&](shard&, stream_ptr c) {
    kept = std::move(c);
    (*opened)->stop();
  });
  ASSERT_TRUE(opened);
  plain_client client;
  client.connect(**opened);

  group.finish();
  group.run_here();

  EXPECT_TRUE(kept);
  plain_client late;
  EXPECT_THROW(late.connect(**opened), boost::system::system_error);
}

TEST(Listener, ReportsAnExceptionOfItsHandlerAndGoesOn) {
  shard_group::options o;
  std::string where;
  o.on_failure = [&](std::string_view w, std::exception_ptr) { where = w; };
  shard_group group{o};
  int accepted = 0;
  opened_listener opened = listen(group, loopback, {}, [&](shard&, stream_ptr) {
    if (++accepted == 2) {
      (*opened)->stop();
      return;
    }
    throw std::runtime_error{"handler"};
  });
  ASSERT_TRUE(opened);
  plain_client first;
  plain_client second;
  first.connect(**opened);
  second.connect(**opened);

  group.finish();
  group.run_here();

  EXPECT_EQ(accepted, 2);
  EXPECT_EQ(where, "accept");
}

/// One attempt's error.
error_code dial_error(address to, dial_options o = {}) {
  shard_group group{test::one_shard()};
  error_code ec;
  test::run_to_end(group,
                   [](shard& on, address a, dial_options options, error_code& out) -> awaitable<> {
                     auto connected = co_await dial(on, std::move(a), std::move(options));
                     out = connected ? error_code{} : connected.error().why;
                   }(group.at(0), std::move(to), std::move(o), ec));
  return ec;
}

TEST(Dial, SaysThatNobodyListens) {
  std::uint16_t free = 0;
  {
    shard_group group{test::one_shard()};
    opened_listener opened = listen(group, loopback, {}, ignore_connection);
    ASSERT_TRUE(opened);
    free = (*opened)->port();
    opened->reset();
  }

  EXPECT_EQ(dial_error({.host = "127.0.0.1", .port = free}),
            boost::asio::error::connection_refused);
}

TEST(Dial, TimesOutWhileTheOtherSideIsSilent) {
  // A backlog that is full answers no SYN.
  boost::asio::io_context context;
  tcp::acceptor full{context, {boost::asio::ip::address_v4::loopback(), 0}};
  full.listen(0);
  std::vector<tcp::socket> filling;
  for (int i = 0; i < 4; ++i) {
    filling.emplace_back(context, tcp::v4());
    filling.back().non_blocking(true);
    // Not by Asio: its synchronous connect waits.
    static_cast<void>(::connect(filling.back().native_handle(), full.local_endpoint().data(),
                                static_cast<socklen_t>(full.local_endpoint().size())));
  }

  EXPECT_EQ(dial_error({.host = "127.0.0.1", .port = full.local_endpoint().port()},
                       {.timeout = std::chrono::milliseconds{20}}),
            boost::asio::error::timed_out);
}

TEST(Dial, RefusesALocalAddressThatIsNotOurs) {
  EXPECT_EQ(dial_error({.host = "127.0.0.1", .port = 9}, {.local_host = "192.0.2.1"}),
            boost::system::errc::address_not_available);
}

TEST(Dial, ResolvesANameOfTheSystem) {
  shard_group group{test::one_shard()};
  opened_listener opened = listen(group, loopback, {}, ignore_connection);
  ASSERT_TRUE(opened);
  std::string remote;

  test::run_to_end(group, [](shard& on, listener& door, std::string& out) -> awaitable<> {
    address to{.host = "localhost", .port = door.port()};
    auto connected = co_await dial(on, std::move(to));
    out = connected ? to_string((*connected)->remote()) : to_sentence(connected.error());
    door.stop();
  }(group.at(0), **opened, remote));

  EXPECT_EQ(remote, "127.0.0.1:" + std::to_string((*opened)->port()));
}

}  // namespace
}  // namespace diamgw::transport
