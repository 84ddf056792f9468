#include "gateway/clients/websocket_connection.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "clients_fixture.hpp"
#include "support/fail_at_each_step.hpp"
#include "support/fake_stream.hpp"
#include "support/websocket_endpoint.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ClientShard;
using websocket::opcode;
using websocket::testing::close_payload;
using websocket::testing::frame;

/// Keeps what the client says; as many requests are unanswered as the test likes.
class recording_conversation final : public conversation {
 public:
  void on_message(const websocket::message& m) override {
    said.emplace_back(as_text(m.payload.octets));
    in_flight += counts;
    if (on_said) {
      on_said();
    }
  }
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return "test"; }
  [[nodiscard]] std::uint32_t requests_in_flight() const noexcept override { return in_flight; }
  [[nodiscard]] bool send_request(client_transactions::transaction&,
                                  const outgoing_request&) override {
    return false;
  }

  std::vector<std::string> said;
  std::uint32_t counts = 0;
  std::uint32_t in_flight = 0;
  std::function<void()> on_said;
};

class WebsocketConnection : public ClientShard {
 protected:
  WebsocketConnection() {
    options_.websocket.max_requests_in_flight = 4;
    options_.websocket.output_queue_octets = 1000;
    options_.websocket.slow_reader_timeout = 30s;
    agreed_.alive = {.ping_interval = 60s, .pong_timeout = 10s};
    agreed_.close_timeout = 5s;
  }

  /// A client that is there, and all that follows at once.
  void connect(std::string_view early = {}) {
    auto stream = std::make_unique<diamgw::test::fake_stream>(shards_.at());
    stream_ = stream.get();
    if (prepare_) {
      prepare_(*stream_);
    }
    connection_ = std::make_shared<websocket_connection>(
        on_, registry_, reads_, options_.websocket, agreed_, std::move(stream), [this](client&) {
          auto made = std::make_unique<recording_conversation>();
          made->counts = counts_;
          made->on_said = [this] { connection_->on_requests_changed(); };
          speaks_ = made.get();
          return made;
        });
    static_cast<void>(shards_.at().post(
        [this, early] { connection_->start(as_bytes(early), [this] { ++gone_; }); }));
    shards_.run();
  }
  void receives(std::string_view octets) {
    stream_->receives(octets);
    shards_.run();
  }
  /// What was written since the last call, frame by frame.
  std::vector<std::string> take_frames() {
    buffer_pool pool;
    websocket::reader r{pool, {.role = websocket::role::client}};
    std::vector<std::string> frames;
    const std::string written = stream_->take_written();
    for (std::string_view rest = written; !rest.empty();) {
      rest.remove_prefix(r.feed(as_bytes(rest)));
      for (auto e = r.next(); !std::holds_alternative<websocket::need_more>(e); e = r.next()) {
        frames.push_back(websocket::testing::describe(e));
      }
    }
    return frames;
  }
  buffer_slice slab(std::string_view text) {
    buffer_ref buffer = on_.pool().allocate(text.size());
    std::ranges::copy(as_bytes(text), buffer.data());
    const bytes_view octets = buffer.whole().first(text.size());
    return {std::move(buffer), octets};
  }
  /// Sends a text of so many octets to the client.
  bool sends(std::size_t octets) {
    const bool sent = connection_->send(
        websocket::message_kind::text,
        slab(std::string(websocket::max_header_octets + octets, 'x')).buffer, octets);
    shards_.run();
    return sent;
  }
  [[nodiscard]] bool is_there() const { return registry_.size() == 1; }
  [[nodiscard]] std::uint64_t ended_as(metrics::client_close_reason why) {
    return on_.recorder.client_disconnects.value(why);
  }

  shared_slab reads_{on_.pool(), 16384};
  websocket::endpoint::options agreed_;
  std::function<void(diamgw::test::fake_stream&)> prepare_;
  std::uint32_t counts_ = 0;  // requests of each message
  int gone_ = 0;              // how often we were told
  diamgw::test::fake_stream* stream_ = nullptr;
  recording_conversation* speaks_ = nullptr;
  std::shared_ptr<websocket_connection> connection_;
};

using strings = std::vector<std::string>;

TEST_F(WebsocketConnection, HandsMessagesToTheConversation) {
  connect(frame(opcode::text, "early"));
  receives(frame(opcode::binary, "one") + frame(opcode::text, "two").substr(0, 7));
  receives(frame(opcode::text, "two").substr(7));

  EXPECT_EQ(speaks_->said, (strings{"early", "one", "two"}));
  EXPECT_TRUE(is_there());
}

TEST_F(WebsocketConnection, WritesWhatItIsToldTo) {
  connect();
  EXPECT_TRUE(sends(3));
  std::array<buffer_slice, 2> rest{slab("ta"), slab("il")};
  EXPECT_TRUE(connection_->send(websocket::message_kind::binary, as_bytes("head"), rest));
  shards_.run();

  EXPECT_EQ(take_frames(), (strings{"text 3:xxx", "binary 8:headtail"}));
}

TEST_F(WebsocketConnection, AnswersPingsAndTheClosingHandshake) {
  connect();
  receives(frame(opcode::ping, "?") + frame(opcode::close, close_payload(1000)));
  EXPECT_EQ(take_frames(), (strings{"pong 1:?", "close 1000 0:"}));
  EXPECT_TRUE(stream_->send_was_shut_down());

  stream_->ends();
  shards_.run();

  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::closed_by_client), 1U);
}

TEST_F(WebsocketConnection, ClosesAClientThatBreaksARule) {
  connect();
  receives(frame(opcode::text, "x", {}, websocket::role::client));

  EXPECT_EQ(take_frames(), (strings{"close 1002 35:a frame of the client is not masked"}));
  EXPECT_EQ(on_.recorder.malformed_messages.value(metrics::malformed_from::client_frame), 1U);
  stream_->ends();
  shards_.run();
  EXPECT_EQ(ended_as(metrics::client_close_reason::protocol_error), 1U);
}

TEST_F(WebsocketConnection, ClosesAClientThatItsConversationRefuses) {
  connect();
  speaks_->on_said = [this] { connection_->fail(websocket::close_code::unsupported_data, "no"); };
  receives(frame(opcode::text, "x") + frame(opcode::text, "late"));

  EXPECT_EQ(speaks_->said, (strings{"x"})) << "what comes after it is not looked at";
  EXPECT_EQ(take_frames(), (strings{"close 1003 2:no"}));
  EXPECT_EQ(log_.fields_of("closed with 1003: no"),
            (diamgw::test::text_log::fields{{"client", to_string(stream_->remote())},
                                            {"reason", "protocol_error"},
                                            {"code", "1003"}}));
}

TEST_F(WebsocketConnection, StopsReadingAtItsLimitOfRequestsAndResumesAtHalf) {
  counts_ = 1;
  std::string five;
  for (const char* text : {"1", "2", "3", "4", "5"}) {
    five += frame(opcode::text, text);
  }
  connect();
  receives(five);
  EXPECT_EQ(speaks_->said.size(), 4U);

  speaks_->in_flight = 3;
  connection_->on_requests_changed();
  shards_.run();
  EXPECT_EQ(speaks_->said.size(), 4U);

  speaks_->in_flight = 2;
  connection_->on_requests_changed();
  shards_.run();
  EXPECT_EQ(speaks_->said.size(), 5U);
}

TEST_F(WebsocketConnection, KeepsWhatCameWithTheUpgradeWhileItIsPaused) {
  counts_ = 4;
  connect(frame(opcode::text, "1") + frame(opcode::text, std::string(20000, '2')) +
          frame(opcode::text, "3"));
  EXPECT_EQ(speaks_->said.size(), 1U);

  for (std::size_t i = 2; i <= 3; ++i) {
    speaks_->in_flight = 0;
    connection_->on_requests_changed();
    shards_.run();
    EXPECT_EQ(speaks_->said.size(), i);
  }
  EXPECT_EQ(speaks_->said.back(), "3");
}

TEST_F(WebsocketConnection, StopsReadingAtHalfOfItsQueueAndResumesAtHalfOfThat) {
  connect();
  stream_->hold_writes();
  EXPECT_TRUE(sends(600));
  receives(frame(opcode::text, "waits"));
  EXPECT_TRUE(speaks_->said.empty());

  stream_->release_writes();
  shards_.run();

  EXPECT_EQ(speaks_->said, (strings{"waits"}));
}

TEST_F(WebsocketConnection, DisconnectsAClientWhoseQueueIsFull) {
  connect();
  stream_->hold_writes();
  EXPECT_TRUE(sends(900));
  EXPECT_FALSE(sends(900));

  EXPECT_TRUE(stream_->closed());
  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::slow_reader), 1U);
  EXPECT_EQ(on_.recorder.dropped.value(metrics::drop_reason::client_queue_full), 1U);
}

TEST_F(WebsocketConnection, DisconnectsAClientThatTakesNothing) {
  connect();
  stream_->hold_writes();
  EXPECT_TRUE(sends(10));
  receives(frame(opcode::text, "it says something, but"));
  shards_.advance(29s);
  EXPECT_TRUE(is_there());
  receives(frame(opcode::text, "takes nothing"));

  shards_.advance(2s);

  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::slow_reader), 1U);
}

TEST_F(WebsocketConnection, DisconnectsASilentClientThatTakesNothing) {
  agreed_.alive = {};
  connect();
  stream_->hold_writes();
  EXPECT_TRUE(sends(10));
  shards_.advance(29s);
  EXPECT_TRUE(is_there());

  shards_.advance(2s);

  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::slow_reader), 1U);
}

TEST_F(WebsocketConnection, EndsForTheFirstReason) {
  using metrics::client_close_reason;
  connect();
  connection_->close(client_close_reason::closed_by_operator,
                     websocket::close_code::policy_violation, "go");
  receives(frame(opcode::close, close_payload(1008)));
  stream_->ends();
  shards_.run();
  EXPECT_EQ(ended_as(client_close_reason::closed_by_operator), 1U)
      << "it was no wish of the client";

  connect();
  receives(frame(opcode::text, "x", {}, websocket::role::client));
  registry_.close_all(0s);
  stream_->ends();
  shards_.run();
  EXPECT_EQ(ended_as(client_close_reason::protocol_error), 1U);
}

TEST_F(WebsocketConnection, PingsASilentClientAndDropsItWhenItStaysSilent) {
  connect();
  shards_.advance(61s);
  EXPECT_EQ(take_frames(), (strings{"ping 0:"}));
  EXPECT_TRUE(is_there());

  shards_.advance(11s);

  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::pong_timeout), 1U);
  EXPECT_EQ(log_.fields_of("no pong came")["reason"], "pong_timeout");
}

TEST_F(WebsocketConnection, ClosesForTheDrainAndAbortsAClientThatDoesNotAnswer) {
  connect();
  registry_.close_all(0s);
  shards_.run();
  EXPECT_EQ(take_frames(), (strings{"close 1001 28:the gateway is shutting down"}));

  shards_.advance(6s);

  EXPECT_FALSE(is_there());
  EXPECT_EQ(ended_as(metrics::client_close_reason::draining), 1U);

  connect();
  EXPECT_EQ(take_frames(), (strings{"close 1001 28:the gateway is shutting down"}))
      << "its upgrade was under way when the drain began";
}

TEST_F(WebsocketConnection, ClosesWhileItIsPaused) {
  connect();
  speaks_->in_flight = 4;
  connection_->on_requests_changed();
  connection_->close(metrics::client_close_reason::draining, websocket::close_code::going_away,
                     "bye");
  shards_.run();
  EXPECT_EQ(take_frames(), (strings{"close 1001 3:bye"}));

  receives(frame(opcode::text, "discarded") + frame(opcode::close, close_payload(1001)));

  EXPECT_TRUE(speaks_->said.empty());
  EXPECT_TRUE(stream_->send_was_shut_down());
}

TEST_F(WebsocketConnection, HoldsNoSlabWhileItIsIdle) {
  connect();
  receives(frame(opcode::text, "one"));
  const auto held = [this] {
    std::uint64_t out = 0;
    for (const auto& tier : on_.pool().statistics().tiers) {
      out += tier.misses - tier.free;
    }
    return out;
  };

  EXPECT_EQ(held(), 1U) << "the one that all connections read into";
}

TEST_F(WebsocketConnection, TellsNobodyAnythingAfterItHasEnded) {
  connect();
  stream_->ends();
  shards_.run();
  EXPECT_FALSE(connection_->may_send());
  EXPECT_FALSE(sends(3));
  connection_->close(metrics::client_close_reason::draining, websocket::close_code::going_away,
                     "late");
  connection_->on_requests_changed();

  EXPECT_EQ(on_.recorder.dropped.value(metrics::drop_reason::client_gone), 1U);
  EXPECT_EQ(ended_as(metrics::client_close_reason::connection_lost), 1U);
}

// Out of memory, say.
TEST_F(WebsocketConnection, IsForgottenWhereItsConversationThrows) {
  connect();
  speaks_->on_said = [] { throw std::runtime_error{"nothing left"}; };

  EXPECT_NONFATAL_FAILURE(receives(frame(opcode::text, "x")), "serving a client: nothing left");

  EXPECT_FALSE(is_there());
  EXPECT_EQ(gone_, 1);
  EXPECT_EQ(ended_as(metrics::client_close_reason::other), 1U);
}

TEST_F(WebsocketConnection, EndsWhereverItsStreamFails) {
  const std::size_t steps = diamgw::test::fail_at_each_step([this](const auto& arm, std::size_t) {
    bool reached = false;
    prepare_ = arm;
    connect();
    receives(frame(opcode::text, "one"));
    static_cast<void>(sends(3));
    receives(frame(opcode::ping, "?"));
    receives(frame(opcode::close, close_payload(1000)));
    stream_->ends();
    shards_.run();

    reached = stream_->has_failed();
    EXPECT_FALSE(is_there());
    EXPECT_FALSE(connection_->may_send());
    EXPECT_EQ(connection_.use_count(), 1) << "nobody waits";
    EXPECT_EQ(gone_, 1);
    gone_ = 0;
    return reached;
  });
  EXPECT_GE(steps, 6U);
}

}  // namespace
}  // namespace diamgw::gateway
