#include "diamgw/metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr application_id credit_control{4};
constexpr command_code ccr{272};
constexpr command_code rar{258};

registry::options two_shards() {
  return {.shards = 2,
          .max_peers = 2,
          .max_commands = 16,
          .commands = {{credit_control, ccr, "Diameter Credit Control", "Credit-Control"},
                       {credit_control, rar, "Diameter Credit Control", "Re-Auth"}},
          .build = {.version = "1.2.3", .compiler = "c", .build_type = "b"}};
}

std::string scrape(const registry& r) {
  return r.scrape({});
}

TEST(MetricsRegistry, MergesShardsAtTheScrape) {
  registry r{two_shards()};
  r.shard(0).clients_connected.add(3);
  r.shard(1).clients_connected.add(4);
  r.shard(0).marshalled(codec_path::diameter_peer, nanoseconds{40}, 100);
  r.shard(1).marshalled(codec_path::diameter_peer, nanoseconds{60}, 20);
  r.shard(1).unmarshalled(codec_path::json_client, nanoseconds{100}, 7);

  const std::string text = scrape(r);

  EXPECT_EQ(r.clients_connected(), 7);
  EXPECT_THAT(text, HasSubstr("\ndiamgw_client_connections 7\n"));
  EXPECT_THAT(text, HasSubstr("diameter_marshal_bytes_total{direction=\"to_peer\","
                              "protocol=\"diameter\"} 120\n"));
  EXPECT_THAT(text, HasSubstr("diameter_marshal_duration_seconds_bucket{direction=\"to_peer\","
                              "protocol=\"diameter\",le=\"5e-08\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("diameter_marshal_duration_seconds_bucket{direction=\"to_peer\","
                              "protocol=\"diameter\",le=\"7.5e-08\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("diameter_marshal_duration_seconds_sum{direction=\"to_peer\","
                              "protocol=\"diameter\"} 1e-07\n"));
  EXPECT_THAT(text, HasSubstr("diameter_unmarshal_duration_seconds_bucket{direction="
                              "\"from_client\",protocol=\"json\",le=\"+Inf\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("diamgw_build_info{version=\"1.2.3\",compiler=\"c\","
                              "build_type=\"b\"} 1\n"));
}

TEST(MetricsRegistry, CountsRequestsAndAnswersByPeerCommandAndResult) {
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");
  const command_slot command = r.find_command(credit_control, ccr);
  r.shard(0).request(ocs, command, direction::sent);
  r.shard(1).request(ocs, command, direction::sent);
  r.shard(1).answer(ocs, command, direction::received, result_class::success);
  r.shard(1).answer(ocs, command, direction::received, result_class::transient_failure);
  r.shard(0).request_took(request_flow::client_to_peer, command, std::chrono::milliseconds{4});

  const std::string text = scrape(r);

  const std::string labels =
      "peer=\"ocs.example\",application=\"Diameter Credit Control\",command=\"Credit-Control\",";
  EXPECT_THAT(text, HasSubstr("diameter_requests_total{" + labels + "direction=\"sent\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("diameter_answers_total{" + labels +
                              "direction=\"received\",result=\"success\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("diameter_answers_total{" + labels +
                              "direction=\"received\",result=\"transient_failure\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("Re-Auth")));
  EXPECT_THAT(text, HasSubstr("diamgw_request_duration_seconds_count{flow=\"client_to_peer\","
                              "application=\"Diameter Credit Control\","
                              "command=\"Credit-Control\"} 1\n"));
}

TEST(MetricsRegistry, ShowsRequestsInFlightAndLatencyOfEachPeer) {
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");
  const peer_slot idle = r.register_peer("idle.example");
  r.shard(0).requests_in_flight(ocs).add(3);
  r.shard(0).requests_in_flight(ocs).add(-1);
  r.shard(1).peer_took(ocs, std::chrono::microseconds{60});

  const std::string text = scrape(r);

  EXPECT_NE(idle, other_peer);
  EXPECT_THAT(text, HasSubstr("diameter_peer_requests_in_flight{peer=\"ocs.example\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("diameter_peer_requests_in_flight{peer=\"idle.example\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("diameter_peer_request_duration_seconds_bucket{peer=\"ocs.example\","
                              "le=\"5e-05\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("diameter_peer_request_duration_seconds_count{peer=\"ocs.example\"} "
                              "1\n"));
  EXPECT_THAT(text, Not(HasSubstr("duration_seconds_count{peer=\"idle.example\"}")));
}

TEST(MetricsRegistry, EndsTheSeriesOfAPeerThatIsReleased) {
  registry r{two_shards()};
  static_cast<void>(r.register_peer("ocs.example"));
  for (const std::string host : {"one.example", "two.example", "three.example"}) {
    const peer_slot stranger = r.register_peer(host);
    ASSERT_NE(stranger, other_peer) << host;
    recorder& home = r.shard(1);
    home.request(stranger, 1, direction::sent);
    home.answer(stranger, 1, direction::received, result_class::success);
    home.requests_in_flight(stranger).add(1);
    home.peer_took(stranger, nanoseconds{1});
    home.peer_connected(stranger);
    home.peer_disconnected(stranger, disconnect_reason::watchdog);
    home.watchdog(stranger, watchdog_event::failed);
    r.set_peer_state(stranger, peer_state::open);
    const std::string with = scrape(r);

    home.forget_peer(stranger);
    r.release_peer(stranger);

    for (const char* series :
         {"diameter_requests_total{peer=\"%\",application=\"Diameter Credit Control\",command="
          "\"Credit-Control\",direction=\"sent\"} 1\n",
          "diameter_peer_request_duration_seconds_count{peer=\"%\"} 1\n",
          "diameter_peer_requests_in_flight{peer=\"%\"} 1\n",
          "diameter_peer_connects_total{peer=\"%\"} 1\n",
          "diameter_peer_disconnects_total{peer=\"%\",reason=\"watchdog\"} 1\n",
          "diameter_peer_watchdog_events_total{peer=\"%\",event=\"failed\"} 1\n"}) {
      std::string of_host{series};
      of_host.replace(of_host.find('%'), 1, host);
      EXPECT_THAT(with, HasSubstr(of_host));
    }
    EXPECT_THAT(scrape(r), Not(HasSubstr(host)));
  }
  EXPECT_THAT(scrape(r), HasSubstr("peer=\"ocs.example\""));
  r.shard(0).forget_peer(other_peer);
  r.release_peer(other_peer);
  r.release_peer(9999);
}

TEST(MetricsRegistry, ShowsWhatTheSystemSaysOfTheProcess) {
  const registry r{two_shards()};

  const std::string text = r.scrape({.start_time_seconds = 1'700'000'000,
                                     .cpu_seconds = 1.5,
                                     .resident_bytes = 4096,
                                     .virtual_bytes = 8192,
                                     .open_fds = 12});

  EXPECT_THAT(text, HasSubstr("\nprocess_cpu_seconds_total 1.5\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_start_time_seconds 1700000000\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_resident_memory_bytes 4096\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_virtual_memory_bytes 8192\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_open_fds 12\n"));
  EXPECT_THAT(text, Not(HasSubstr("process_max_fds"))) << "what is not known is not shown";
}

TEST(MetricsRegistry, CountsUnknownCommandsAsOther) {
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");

  EXPECT_EQ(r.find_command(credit_control, command_code{999}), other_command);
  EXPECT_EQ(r.find_command(application_id{5}, ccr), other_command);
  r.shard(0).request(ocs, other_command, direction::received);
  r.shard(0).request(ocs, 12345, direction::received);

  EXPECT_THAT(scrape(r), HasSubstr("diameter_requests_total{peer=\"ocs.example\",application="
                                   "\"other\",command=\"other\",direction=\"received\"} 2\n"));
}

TEST(MetricsRegistry, BoundsCommands) {
  registry::options o = two_shards();
  o.max_commands = 1;
  const registry r{o};

  EXPECT_NE(r.find_command(credit_control, ccr), other_command);
  EXPECT_EQ(r.find_command(credit_control, rar), other_command);
}

TEST(MetricsRegistry, GivesSlotsToCommandsThatComeLater) {
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");
  const command_slot known = r.find_command(credit_control, ccr);

  r.add_commands({{credit_control, ccr, "Another Name", "Credit-Control"},
                  {application_id{9}, command_code{1}, "Acme", "Acme-Ask"}});
  r.shard(1).request(ocs, r.find_command(application_id{9}, command_code{1}), direction::sent);
  r.shard(1).request(ocs, known, direction::sent);

  EXPECT_EQ(r.find_command(credit_control, ccr), known);
  EXPECT_THAT(scrape(r), HasSubstr("application=\"Acme\",command=\"Acme-Ask\""));
  EXPECT_THAT(scrape(r), Not(HasSubstr("Another Name")));
}

TEST(MetricsRegistry, BoundsCommandsThatComeLater) {
  registry::options o = two_shards();
  o.spare_commands = 1;
  registry r{o};

  r.add_commands({{application_id{9}, command_code{1}, "Acme", "Acme-Ask"},
                  {application_id{9}, command_code{2}, "Acme", "Acme-Tell"}});

  EXPECT_NE(r.find_command(application_id{9}, command_code{1}), other_command);
  EXPECT_EQ(r.find_command(application_id{9}, command_code{2}), other_command);
}

TEST(MetricsRegistry, CountsReloads) {
  registry r{two_shards()};

  r.count_reload(reload_result::failure);

  EXPECT_THAT(scrape(r), HasSubstr("diamgw_config_reloads_total{result=\"failure\"} 1\n"));
  EXPECT_THAT(scrape(r), HasSubstr("diamgw_config_reloads_total{result=\"success\"} 0\n"));
}

TEST(MetricsRegistry, GivesAPeerOneSlotWhateverItsLetterCase) {
  registry r{two_shards()};

  const peer_slot first = r.register_peer("ocs.example");

  EXPECT_NE(first, other_peer);
  EXPECT_EQ(r.register_peer("OCS.Example"), first);
}

TEST(MetricsRegistry, CountsPeersAboveTheLimitAsOther) {
  registry r{two_shards()};
  static_cast<void>(r.register_peer("a"));
  static_cast<void>(r.register_peer("b"));

  const peer_slot third = r.register_peer("c");
  r.shard(0).request(third, other_command, direction::received);
  r.shard(0).request(77, other_command, direction::received);

  EXPECT_EQ(third, other_peer);
  EXPECT_THAT(scrape(r), HasSubstr("diameter_requests_total{peer=\"other\",application=\"other\","
                                   "command=\"other\",direction=\"received\"} 2\n"));
}

TEST(MetricsRegistry, KeepsHostileHostNamesOutOfTheText) {
  registry r{two_shards()};
  static_cast<void>(r.register_peer("a\xff\n\"b"));

  EXPECT_EQ(r.register_peer("Other"), other_peer);
  EXPECT_THAT(scrape(r), HasSubstr("diameter_peer_connects_total{peer=\"a__\\\"b\"} 0\n"));
}

TEST(MetricsRegistry, ShowsExactlyOneStateOfEachPeer) {
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");

  r.set_peer_state(ocs, peer_state::open);
  r.set_peer_state(9999, peer_state::open);  // no such slot: nothing happens

  const std::string text = scrape(r);
  EXPECT_THAT(text, HasSubstr("diameter_peer_state{peer=\"ocs.example\",state=\"open\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("diameter_peer_state{peer=\"ocs.example\",state=\"closed\"} 0\n"));
  EXPECT_EQ(r.state_of(ocs), peer_state::open);
  EXPECT_EQ(r.state_of(9999), peer_state::closed);
}

TEST(MetricsRegistry, AddsUpPoolsUntilTheyAreRemoved) {
  registry r{two_shards()};
  buffer_pool pool;
  static_cast<void>(pool.allocate(1000));
  static_cast<void>(pool.allocate(1000));

  r.add_pool(pool);
  const std::string with = scrape(r);
  r.remove_pool(pool);

  EXPECT_THAT(with, HasSubstr("diamgw_buffer_pool_hits_total{tier=\"1024\"} 1\n"));
  EXPECT_THAT(with, HasSubstr("diamgw_buffer_pool_misses_total{tier=\"1024\"} 1\n"));
  EXPECT_THAT(with, HasSubstr("diamgw_buffer_pool_free_buffers{tier=\"1024\"} 1\n"));
  EXPECT_THAT(scrape(r), HasSubstr("diamgw_buffer_pool_free_buffers{tier=\"1024\"} 0\n"));
}

TEST(MetricsRegistry, RecordsWithoutAllocation) {
  ASSERT_TRUE(allocation_counting_works());
  registry r{two_shards()};
  const peer_slot ocs = r.register_peer("ocs.example");

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    recorder& shard = r.shard(1);
    const command_slot command = r.find_command(credit_control, ccr);
    shard.marshalled(codec_path::diameter_peer, nanoseconds{i}, 100);
    shard.unmarshalled(codec_path::json_client, nanoseconds{i}, 100);
    shard.request(ocs, command, direction::sent);
    shard.answer(ocs, command, direction::received, class_of(2001));
    shard.request_took(request_flow::client_to_peer, command, nanoseconds{i});
    shard.client_requests_in_flight.add(1);
    shard.peer_disconnected(ocs, disconnect_reason::watchdog);
    r.set_peer_state(ocs, peer_state::suspect);
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

/// Of all peers and commands.
std::uint64_t requests_in(const std::string& text) {
  constexpr std::string_view series = "\ndiameter_requests_total{";
  std::uint64_t sum = 0;
  for (auto at = text.find(series); at != text.npos; at = text.find(series, at + 1)) {
    sum += std::stoull(text.substr(text.find("} ", at) + 2));
  }
  return sum;
}

TEST(MetricsRegistry, IsScrapedWhileShardsRecordAndPeersAppear) {
  registry::options o = two_shards();
  o.max_peers = 50;
  registry r{o};
  constexpr int rounds = 2000;
  const auto record = [&](std::size_t shard) {
    for (int i = 0; i < rounds; ++i) {
      r.shard(shard).request(static_cast<peer_slot>(i % 60), 1, direction::sent);
    }
  };

  std::thread first{record, 0};
  std::thread second{record, 1};
  for (int i = 0; i < 50; ++i) {
    static_cast<void>(r.register_peer("peer" + std::to_string(i)));
    static_cast<void>(scrape(r));
  }
  first.join();
  second.join();

  EXPECT_EQ(requests_in(scrape(r)), 2U * rounds);
}

}  // namespace
}  // namespace diamgw::metrics
