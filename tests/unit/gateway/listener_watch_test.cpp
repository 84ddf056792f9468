#include "diamgw/gateway/listener_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/metrics/registry.hpp"
#include "support/manual_time.hpp"
#include "support/memory_network.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway {
namespace {

struct watched_listener {
  watched_listener() : shards{1, options()} {
    transport::listen_options o;
    o.limit_connections = 1;
    o.on_event = watch_listener(metrics::listener_kind::websocket, "192.0.2.7:80",
                                [this](const transport::shard&) -> shard_context& { return on; });
    watch = o.on_event;
    auto opened = transport::listen(
        shards.group(), here, o, [this](transport::shard&, std::unique_ptr<transport::stream> c) {
          kept.push_back(std::move(c));
        });
    EXPECT_TRUE(opened);
    listening = std::move(*opened);
  }
  transport::shard_group::options options() {
    transport::shard_group::options o = diamgw::test::one_shard();
    o.network = std::make_shared<diamgw::test::memory_network>();
    return o;
  }
  void dial() {
    transport::spawn(
        shards.at(),
        [](watched_listener& f) -> transport::awaitable<> {
          auto made = co_await transport::dial(f.shards.at(), f.here);
          EXPECT_TRUE(made);
        }(*this),
        "dial");
    shards.run();
  }
  [[nodiscard]] std::size_t lines() const {
    const std::string all = log.str();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  }
  [[nodiscard]] bool scraped(std::string_view line) {
    return metrics.scrape({}).find(std::string{line} + "\n") != std::string::npos;
  }

  transport::address here{.host = "192.0.2.7", .port = 80};
  test::text_log log;
  metrics::registry metrics{{}};
  diamgw::test::stepped_shards shards;
  shard_context on{shards.at(), metrics.shard(0), log, 1, 2, 4};
  std::vector<std::unique_ptr<transport::stream>> kept;
  transport::on_listener_event watch;
  std::unique_ptr<transport::listener> listening;
};

TEST(WatchListener, CountsRefusalsAtTheLimitAndLogsThemAtABoundedRate) {
  watched_listener f;

  for (int i = 0; i < 101; ++i) {
    f.dial();
  }

  EXPECT_EQ(f.kept.size(), 1U);
  EXPECT_TRUE(f.scraped("diamgw_listener_refused_connections_total{listener=\"websocket\"} 100"));
  EXPECT_EQ(f.lines(), stranger_log::lines);
  EXPECT_NE(f.log.str().find("websocket listener 192.0.2.7:80: a connection from 192.0.2.1:40001 "
                             "was closed at once"),
            std::string::npos)
      << f.log.str();
  EXPECT_EQ(
      f.log.fields_of("closed at once"),
      (test::text_log::fields{
          {"listener", "websocket"}, {"address", "192.0.2.7:80"}, {"remote", "192.0.2.1:40010"}}));
}

TEST(WatchListener, CountsWhatIsRefusedForTheSakeOfOthers) {
  watched_listener f;

  f.watch(f.shards.at(), {.what = transport::listener_event::short_of_descriptors});

  EXPECT_TRUE(f.scraped("diamgw_listener_descriptor_refusals_total{listener=\"websocket\"} 1"));
  EXPECT_NE(f.log.str().find("the last descriptors are kept for others"), std::string::npos);
}

TEST(WatchListener, CountsPausesAndLogsThem) {
  watched_listener f;

  f.watch(f.shards.at(), {.what = transport::listener_event::paused,
                          .why = make_error_code(boost::system::errc::too_many_files_open)});

  EXPECT_TRUE(f.scraped("diamgw_listener_pauses_total{listener=\"websocket\"} 1"));
  EXPECT_TRUE(f.scraped("diamgw_listener_pauses_total{listener=\"admin\"} 0"));
  EXPECT_NE(
      f.log.str().find("no descriptors or memory for a connection, which waits: Too many open "
                       "files"),
      std::string::npos)
      << f.log.str();
}

}  // namespace
}  // namespace diamgw::gateway
