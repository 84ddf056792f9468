// A whole gateway on a network in memory, on shards that the test runs by hand in time of its own.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/routing_avps.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/service.hpp"
#include "diamgw/transport/network.hpp"
#include "support/manual_time.hpp"
#include "support/memory_network.hpp"
#include "support/text_log.hpp"
#include "support/websocket_frames.hpp"

namespace diamgw::gateway::test {

using namespace std::chrono_literals;

/// The test's end of a connection.
class far_end {
 public:
  explicit far_end(std::unique_ptr<transport::stream> stream) : stream_{std::move(stream)} {}

  void says(std::string_view octets) {
    const std::array<bytes_view, 1> views{as_bytes(octets)};
    const transport::io_result sent = stream_->write_now(views);
    if (!may_be_gone_) {
      EXPECT_FALSE(sent.error);
      EXPECT_EQ(sent.octets, octets.size());
    }
  }
  /// From now on it is no fault of the test where what it says reaches nobody.
  void may_be_gone() noexcept { may_be_gone_ = true; }
  /// What has come since the last call.
  std::string take() {
    std::string all;
    std::array<std::byte, 4096> room;  // NOLINT(*-member-init): read as far as it is written
    for (;;) {
      const transport::io_result got = stream_->read_now(room);
      ended_ = ended_ || got.error;
      octets_taken_ += got.octets;
      if (got.octets == 0) {
        return all;
      }
      all += as_text(bytes_view{room}.first(got.octets));
    }
  }
  /// By all calls of `take`.
  [[nodiscard]] std::size_t octets_taken() const noexcept { return octets_taken_; }
  /// As far as `take` has seen.
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  void leave() { stream_->close(); }

 private:
  std::unique_ptr<transport::stream> stream_;
  std::size_t octets_taken_ = 0;
  bool ended_ = false;
  bool may_be_gone_ = false;
};

/// A Diameter node at the other end.
class far_peer : public far_end {
 public:
  explicit far_peer(std::unique_ptr<transport::stream> stream, std::string_view host)
      : far_end{std::move(stream)} {
    node_.origin_host = host;
    node_.origin_realm = "example";
    node_.product_name = "test";
    node_.host_ip_addresses = {diameter::host_address::v4({192, 0, 2, 9})};
    node_.auth_applications = {application_id{4}};
  }

  /// The one message that has come; lives until the next call.
  diameter::message_view take_message() {
    kept_ = take();
    taken_ = kept_.size();
    const bytes_view octets = as_bytes(std::string_view{kept_});
    if (octets.size() < diameter::header_octets || load_be24(octets.data() + 1) != octets.size()) {
      ADD_FAILURE() << octets.size() << " octets are not one message";
      return {};
    }
    return diameter::message_view{octets};
  }
  /// The whole messages that have come; they live until the next call.
  std::vector<diameter::message_view> take_messages() {
    kept_.erase(0, taken_);
    kept_ += take();
    taken_ = 0;
    std::vector<diameter::message_view> all;
    for (bytes_view rest = as_bytes(std::string_view{kept_}); rest.size() > diameter::header_octets;
         rest = rest.subspan(all.back().octets().size())) {
      const std::size_t length = load_be24(rest.data() + 1);
      if (length > rest.size()) {
        break;
      }
      all.emplace_back(rest.first(length));
      taken_ += length;
    }
    return all;
  }
  template <class Encode>
  void says_by(Encode&& encode) {
    std::array<std::byte, 4096> room;  // NOLINT(*-member-init)
    diameter::writer out{room};
    says(as_text(encode(out)));
  }
  void says_cer() {
    says_by([this](auto& out) { return diameter::encode_cer(out, node_, {}, {{1}, {2}}); });
  }
  void says_cea(const diameter::message_view& cer) {
    says_by([&](auto& out) {
      return diameter::encode_cea(out, node_, {}, diameter::keep_for_answer(cer));
    });
  }
  void says_dwa(const diameter::message_view& dwr) {
    says_by([&](auto& out) {
      return diameter::encode_dwa(out, node_, diameter::keep_for_answer(dwr),
                                  diameter::result_code::success);
    });
  }
  void says_dpa(const diameter::message_view& dpr) {
    says_by([&](auto& out) {
      return diameter::encode_dpa(out, node_, diameter::keep_for_answer(dpr),
                                  diameter::result_code::success);
    });
  }
  /// The answer to a CCR.
  void grants(const diameter::message_view& request) {
    says_by([&](diameter::writer& out) {
      diameter::header header = diameter::header_of(request);
      header.flags = diameter::command_flags::proxiable;
      out.begin_message(header);
      const auto text = [&](avp_code code, std::string_view value) {
        out.text(code, ietf_vendor, diameter::avp_flags::mandatory, value);
      };
      text(diameter::avps::session_id,
           diameter::find_routing_avps(request.avps().octets()).session_id.value_or("none"));
      out.unsigned32(diameter::avps::result_code, ietf_vendor, diameter::avp_flags::mandatory,
                     2001);
      text(diameter::avps::origin_host, node_.origin_host);
      text(diameter::avps::origin_realm, "example");
      out.unsigned32(avp_code{416}, ietf_vendor, diameter::avp_flags::mandatory, 2);
      return out.finish();
    });
  }
  /// A RAR for that session.
  void re_authorizes(std::string_view session) {
    says_by([&](diameter::writer& out) {
      out.begin_message({diameter::command_flags::request | diameter::command_flags::proxiable,
                         diameter::commands::re_auth, application_id{4}, hop_by_hop_id{0x71},
                         end_to_end_id{0x72}});
      const auto text = [&](avp_code code, std::string_view value) {
        out.text(code, ietf_vendor, diameter::avp_flags::mandatory, value);
      };
      text(diameter::avps::session_id, session);
      text(diameter::avps::origin_host, node_.origin_host);
      text(diameter::avps::origin_realm, "example");
      text(diameter::avps::destination_realm, "example");
      text(diameter::avps::destination_host, "gateway.example");
      out.unsigned32(diameter::avps::auth_application_id, ietf_vendor,
                     diameter::avp_flags::mandatory, 4);
      out.unsigned32(avp_code{285}, ietf_vendor, diameter::avp_flags::mandatory, 0);
      return out.finish();
    });
  }

 private:
  diameter::local_node node_;
  std::string kept_;
  std::size_t taken_ = 0;  // of it, by take_messages
};

/// A client that speaks JSON.
class far_client : public far_end {
 public:
  using far_end::far_end;

  void calls(std::string_view text) {
    says(websocket::testing::frame(websocket::opcode::text, text));
  }
  /// Frame by frame, as websocket::testing::describe spells them.
  std::vector<std::string> take_frames() {
    std::vector<std::string> frames;
    const std::string octets = take();
    for (std::string_view rest = octets; !rest.empty();) {
      rest.remove_prefix(reader_.feed(as_bytes(rest)));
      for (auto e = reader_.next(); !std::holds_alternative<websocket::need_more>(e);
           e = reader_.next()) {
        frames.push_back(websocket::testing::describe(e));
      }
    }
    return frames;
  }
  /// The one frame that has come.
  std::string take_frame() {
    const auto frames = take_frames();
    EXPECT_EQ(frames.size(), 1U);
    return frames.empty() ? std::string{} : frames.front();
  }

 private:
  buffer_pool pool_;
  websocket::reader reader_{pool_,
                            {.role = websocket::role::client, .max_message_octets = 1U << 20U}};
};

inline constexpr std::string_view ccr =
    R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Session-Id":"s;1;2",)"
    R"("Destination-Realm":"example","Service-Context-Id":"a@b",)"
    R"("CC-Request-Type":"UPDATE_REQUEST","CC-Request-Number":1}})";

/// Its parameter is the number of shards. `ocs.example` is dialled; the network in
/// memory tells hosts apart by their ports alone.
class MemoryGateway : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  MemoryGateway() {
    options_.diameter.listen = {{.address = "192.0.2.1", .port = 3868}};
    options_.diameter.peers = {{.host = "ocs.example",
                                .realm = "example",
                                .connect = config::endpoint{"192.0.2.9", ocs_port},
                                .watchdog_interval = 5min}};
    options_.websocket.listen = {{.address = "192.0.2.1", .port = 8080}};
    options_.admin.listen = config::endpoint{"192.0.2.1", 9090};
  }
  void TearDown() override {
    at_ocs_.reset();
    ocs_.reset();
    admin_.reset();
    client_.reset();
    if (service_) {
      EXPECT_EQ(failures_, "");
    }
  }

  static constexpr std::uint16_t ocs_port = 3869;

  /// What `service::start` says where it cannot.
  std::string start(std::size_t shards = 1) {
    transport::shard_group::options g;
    g.shards = shards;
    g.network = network_;
    g.make_time = time_.maker();
    g.on_failure = [this](std::string_view where, std::exception_ptr) { failures_ += where; };
    auto made = std::make_unique<transport::shard_group>(g);
    group_ = made.get();
    service_.emplace(options_, dictionary::share_embedded(), log_, std::move(made));
    auto opened =
        transport::listen({&group_->at(0)}, {.host = "192.0.2.9", .port = ocs_port}, {},
                          [this](transport::shard&, std::unique_ptr<transport::stream> stream) {
                            ocs_ = std::make_unique<far_peer>(std::move(stream), "ocs.example");
                          });
    at_ocs_ = std::move(*opened);
    const auto started = service_->start();
    run();
    if (started) {
      return {};
    }
    start_failure_fields_ = started.error().fields;
    return started.error().sentence;
  }
  /// With an open peer, and a client.
  void start_and_open(std::size_t shards = 1) {
    ASSERT_EQ(start(shards), "");
    ASSERT_TRUE(ocs_);
    ocs_->says_cea(ocs_->take_message());
    run();
    client_ = join();
  }

  void run() { group_->run_ready(); }
  void advance(duration by) {
    run();
    time_.advance(by, [this] { run(); });
  }

  /// A connection to that port of the gateway.
  std::unique_ptr<transport::stream> dial(std::uint16_t port) {
    std::unique_ptr<transport::stream> made;
    transport::spawn(group_->at(0), dial_into(group_->at(0), port, made), "test");
    run();
    return made;
  }
  std::unique_ptr<far_client> join() {
    auto who = std::make_unique<far_client>(dial(8080));
    who->says(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    run();
    const std::string head = who->take();
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101 ") && head.ends_with("\r\n\r\n")) << head;
    return who;
  }
  /// One request to the admin listener: the response from its status to its end.
  std::string get(std::string_view path) {
    if (!admin_) {
      admin_ = std::make_unique<far_end>(dial(9090));
    }
    admin_->says("GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n");
    run();
    return admin_->take();
  }
  /// The value of this series in a scrape.
  std::string scraped(std::string_view series) {
    const std::string text = get("/metrics");
    const auto at = text.find('\n' + std::string{series} + ' ');
    if (at == std::string::npos) {
      return "none";
    }
    const auto begin = at + series.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  /// Calls what waits for the shards, by a thread of its own, while they run here.
  void while_running(const std::function<void()>& waits) {
    std::atomic<bool> done{false};
    std::thread caller{[&] {
      waits();
      done = true;
    }};
    while (!done) {
      run();
    }
    caller.join();
  }
  std::string take_log() { return log_.take(); }

  config::options options_;
  diamgw::test::text_log log_;
  std::vector<log_field> start_failure_fields_;  // of the last one
  std::shared_ptr<diamgw::test::memory_network> network_ =
      std::make_shared<diamgw::test::memory_network>();
  diamgw::test::manual_time time_;
  std::string failures_;
  transport::shard_group* group_ = nullptr;  // the service's
  std::optional<service> service_;
  std::unique_ptr<transport::listener> at_ocs_;
  std::unique_ptr<far_peer> ocs_;
  std::unique_ptr<far_client> client_;
  std::unique_ptr<far_end> admin_;

 private:
  static transport::awaitable<> dial_into(transport::shard& on, std::uint16_t port,
                                          std::unique_ptr<transport::stream>& made) {
    auto connected = co_await transport::dial(on, {.host = "192.0.2.1", .port = port});
    EXPECT_TRUE(connected) << port;
    if (connected) {
      made = std::move(*connected);
    }
  }
};

}  // namespace diamgw::gateway::test
