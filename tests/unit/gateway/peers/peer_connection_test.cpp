#include "gateway/peers/peer_connection.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "support/fail_at_each_step.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using test::fake_stream;
using test::make_ccr;

/// Notes what it is told, and ends the connection at a message where it should.
class noting_owner final : public peer_connection_owner {
 public:
  void on_message(peer_connection& on, diameter::message message, time_point) override {
    if (throws) {
      throw std::runtime_error{"nothing left"};
    }
    said += "message " + std::to_string(message.view.hop_by_hop().value) + "\n";
    if (end_at_message) {
      on.end();
    }
  }
  void on_refused_message(peer_connection&, const diameter::refused_message& m) override {
    said += "refused " + std::to_string(m.view.hop_by_hop().value) + "\n";
  }
  void on_oversized(peer_connection&, const diameter::oversized_message& m) override {
    said += "oversized " + std::to_string(m.head.hop_by_hop.value) + "\n";
  }
  void on_malformed(peer_connection&, const diameter::decode_error& why) override {
    said += "malformed: " + std::string{diameter::to_sentence(why.code)} + "\n";
  }
  void on_ended(peer_connection&, error_code why) override {
    said += why ? "ended: " + why.message() + "\n" : "ended\n";
  }
  void on_stream_event(peer_connection&, const transport::stream_report& report) override {
    said += "event " + std::to_string(static_cast<int>(report.what)) + " " +
            to_string(report.path) + "\n";
  }

  std::string said;
  bool end_at_message = false;
  bool throws = false;
};

class PeerConnection : public ::testing::Test {
 protected:
  PeerConnection() { make(); }

  void make(std::size_t queue_octets = 65536) {
    stream_ = &bench_.make_stream();
    connection_ = std::make_shared<peer_connection>(
        bench_.on(), owner_, test::bench::lend(*stream_),
        peer_connection::options{.which = diameter::connection::responder,
                                 .number = 7,
                                 .max_message_octets = 1024,
                                 .output_queue_octets = queue_octets});
    watched_ = connection_;
  }
  void start() {
    connection_->start();
    bench_.run();
  }
  /// The header and AVPs of a CCR, as two pieces.
  [[nodiscard]] bool send(hop_by_hop_id id, bool with_appended = false) {
    const std::string octets = make_ccr();
    buffer_ref buffer = bench_.on().pool().allocate(octets.size());
    std::ranges::copy(as_bytes(std::string_view{octets}), buffer.data());
    const diameter::message_view view{bytes_view{buffer.data(), octets.size()}};
    diameter::header header = diameter::header_of(view);
    header.hop_by_hop = id;
    const buffer_slice avps{buffer, view.avps().octets()};
    return connection_->send(header, avps, with_appended ? avps : buffer_slice{});
  }

  test::bench bench_;
  noting_owner owner_;
  std::shared_ptr<peer_connection> connection_;
  std::weak_ptr<peer_connection> watched_;  // lives while one of its loops runs
  fake_stream* stream_ = nullptr;
};

TEST_F(PeerConnection, TellsWhatWasFedBeforeWhatIsRead) {
  connection_->feed(as_bytes(std::string_view{make_ccr(1)}));
  stream_->receives(make_ccr(2)).receives_octet_by_octet(make_ccr(3)).ends();

  start();

  EXPECT_EQ(owner_.said, "message 1\nmessage 2\nmessage 3\nended: End of file\n");
}

TEST_F(PeerConnection, WritesAHeaderAndAvpsAsOneMessage) {
  start();

  ASSERT_TRUE(send(hop_by_hop_id{0x77}));
  ASSERT_TRUE(send(hop_by_hop_id{0x78}, true));
  bench_.run();

  test::other_node other{*stream_};
  const auto taken = other.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].hop_by_hop().value, 0x77U);
  EXPECT_EQ(taken[0].octets().size(), make_ccr().size());
  EXPECT_EQ(taken[1].octets().size(), 2 * make_ccr().size() - diameter::header_octets);
  EXPECT_EQ(stream_->gathered().size(), 1U);  // one write for both
}

TEST_F(PeerConnection, RefusesWhatItsQueueDoesNotTake) {
  make(2 * make_ccr().size());
  stream_->hold_writes();
  start();

  EXPECT_TRUE(send(hop_by_hop_id{1}));
  EXPECT_TRUE(send(hop_by_hop_id{2}));
  EXPECT_FALSE(send(hop_by_hop_id{3}));
}

TEST_F(PeerConnection, TellsABadMessageAndReadsOn) {
  std::string bad = make_ccr(1);
  bad[27] = '\x03';  // the Session-Id's length: less than its header
  stream_->receives(bad).receives(make_ccr(2));

  start();

  EXPECT_EQ(owner_.said, "refused 1\nmessage 2\n");
}

TEST_F(PeerConnection, PassesOverAMessageAboveTheLimitAndReadsOn) {
  const std::string large =
      test::make_message({0, diameter::commands::credit_control, test::credit_control, {5}, {6}},
                         std::string(50'000, 'x'));
  stream_->receives(make_ccr(1)).receives(large).receives(make_ccr(2));

  start();

  EXPECT_EQ(owner_.said, "message 1\noversized 5\nmessage 2\n");
  EXPECT_EQ(bench_.scraped("diamgw_messages_skipped_bytes_total"), std::to_string(large.size()));
}

TEST_F(PeerConnection, EndsAStreamThatCannotBeCut) {
  stream_->receives(make_ccr(1)).receives(std::string(20, '\x02')).receives(make_ccr(2));

  start();

  EXPECT_EQ(owner_.said,
            "message 1\nmalformed: " + std::string{diameter::to_sentence(diameter::errc::version)} +
                "\nended\n");
  EXPECT_TRUE(stream_->closed());
}

TEST_F(PeerConnection, WritesWhatIsQueuedBeforeItEndsAndTellsNoMore) {
  owner_.end_at_message = true;
  start();
  ASSERT_TRUE(send(hop_by_hop_id{0x77}));
  stream_->receives(make_ccr(1)).receives(make_ccr(2)).ends();

  bench_.run();

  EXPECT_EQ(owner_.said, "message 1\n");
  EXPECT_FALSE(stream_->written().empty());
  EXPECT_FALSE(send(hop_by_hop_id{0x78}));
}

TEST_F(PeerConnection, ClosesAnEndedConnectionThatTheOtherSideKeepsOpen) {
  start();
  connection_->end();
  bench_.advance(1900ms);
  EXPECT_TRUE(stream_->send_was_shut_down());
  EXPECT_FALSE(stream_->closed());

  bench_.advance(200ms);

  EXPECT_TRUE(stream_->closed());
  EXPECT_EQ(owner_.said, "");
}

TEST_F(PeerConnection, ClosesAnEndedConnectionThatTakesNothing) {
  stream_->hold_writes();
  start();
  ASSERT_TRUE(send(hop_by_hop_id{1}));
  connection_->end();

  bench_.advance(2100ms);

  EXPECT_TRUE(stream_->closed());
}

TEST_F(PeerConnection, CountsWhatIsMalformedAlsoAfterItsEnd) {
  owner_.end_at_message = true;
  stream_->receives(make_ccr(1)).receives(std::string(20, '\x02'));

  start();

  EXPECT_EQ(owner_.said, "message 1\nmalformed: " +
                             std::string{diameter::to_sentence(diameter::errc::version)} + "\n");
}

TEST_F(PeerConnection, TellsWhyItEndedByTheFirstFailureOfTheTransport) {
  struct row {
    std::string_view name;
    std::function<void()> ending;
    std::string_view told;
  };
  const row rows[] = {
      {"the other side ends", [this] { stream_->ends(); }, "ended: End of file\n"},
      {"the other side resets it", [this] { stream_->ends(boost::asio::error::connection_reset); },
       "ended: Connection reset by peer\n"},
      {"a write fails, and the read by our closing",
       [this] {
         stream_->fails_at(stream_->operations() + 1, boost::asio::error::broken_pipe);
         EXPECT_TRUE(send(hop_by_hop_id{1}));
       },
       "ended: Broken pipe\n"},
      {"its owner closes it", [this] { connection_->close(); }, "ended\n"},
  };
  for (const row& r : rows) {
    owner_.said.clear();
    make();
    start();

    r.ending();
    bench_.run();

    EXPECT_EQ(owner_.said, r.told) << r.name;
  }
}

TEST_F(PeerConnection, HandsOnWhatTheTransportSaysOfItself) {
  start();

  stream_->says({.what = transport::stream_event::path_down,
                 .path = transport::endpoint_address::v4({192, 0, 2, 9}, 3868)});
  stream_->says({.what = transport::stream_event::peer_shut_down});
  connection_->end();
  stream_->says({.what = transport::stream_event::peer_shut_down});

  EXPECT_EQ(owner_.said, "event 0 192.0.2.9:3868\nevent 2 ?\n");
}

// Out of memory, say.
TEST_F(PeerConnection, TellsItsEndWhereItsOwnerThrows) {
  owner_.throws = true;
  stream_->receives(make_ccr(1));

  EXPECT_NONFATAL_FAILURE(start(), "reading from a peer: nothing left");

  EXPECT_EQ(owner_.said, "ended\n");
  EXPECT_TRUE(stream_->closed());
}

TEST_F(PeerConnection, IsForgottenWhenBothLoopsHaveEnded) {
  stream_->receives(make_ccr(1)).ends();
  connection_->start();
  connection_.reset();
  EXPECT_FALSE(watched_.expired());

  bench_.run();

  EXPECT_TRUE(watched_.expired());
}

TEST(PeerConnectionFailing, TellsItsEndOnceWhereverTheStreamFails) {
  const std::size_t steps = diamgw::test::fail_at_each_step([](auto arm, std::size_t) {
    test::bench bench;
    noting_owner owner;
    fake_stream& s = bench.make_stream();
    arm(s);
    auto connection = std::make_shared<peer_connection>(
        bench.on(), owner, test::bench::lend(s),
        peer_connection::options{.max_message_octets = 1024, .output_queue_octets = 65536});
    const std::weak_ptr<peer_connection> watched = connection;
    connection->start();
    bench.run();
    for (std::uint32_t i = 1; i <= 2; ++i) {
      const std::string octets = make_ccr(i);
      buffer_ref buffer = bench.on().pool().allocate(octets.size());
      std::ranges::copy(as_bytes(std::string_view{octets}), buffer.data());
      static_cast<void>(connection->send({buffer, {buffer.data(), octets.size()}}));
      s.receives(octets);
      bench.run();
    }
    const bool failed = s.has_failed();
    s.ends();
    bench.run();
    connection.reset();
    bench.advance(3s);

    const std::size_t ended = owner.said.find("ended: ");
    EXPECT_NE(ended, std::string::npos) << owner.said;
    EXPECT_EQ(owner.said.find('\n', ended), owner.said.size() - 1) << "the last that is said";
    EXPECT_TRUE(watched.expired());
    return failed;
  });
  EXPECT_GE(steps, 4U);
}

}  // namespace
}  // namespace diamgw::gateway
