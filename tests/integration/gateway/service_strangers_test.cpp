// Peers that nobody has configured come to several shards at once, while clients of all shards ask
// for them: what one shard learns must reach the others whole, and in the order of its making.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <memory>
#include <thread>
#include <vector>

#include "integration/gateway/whole_path.hpp"

namespace diamgw::gateway {
namespace {

/// A Diameter node that connects.
class stranger {
 public:
  stranger(std::uint16_t port, std::string host) : wire_{wire::connect(port)} {
    node_.origin_host = std::move(host);
    node_.origin_realm = node_.origin_host;  // so that no other serves its realm
    node_.product_name = "test";
    node_.host_ip_addresses = {diameter::host_address::v4({127, 0, 0, 1})};
    node_.auth_applications = {application_id{4}};
  }

  [[nodiscard]] const std::string& host() const { return node_.origin_host; }
  [[nodiscard]] int handle() const { return wire_.handle(); }

  void exchange_capabilities() {
    diameter::writer out{room_};
    wire_.send(diameter::encode_cer(out, node_, {}, {{1}, {2}}));
    const bytes_view octets = wire_.take_diameter();
    ASSERT_FALSE(octets.empty());
    const diameter::message_view cea{octets};
    EXPECT_EQ(cea.command(), diameter::commands::capabilities_exchange);
    EXPECT_EQ(diameter::find_unsigned32(cea, diameter::avps::result_code), 2001U);
  }
  void grant() {
    const bytes_view octets = wire_.take_diameter();
    ASSERT_FALSE(octets.empty());
    const diameter::message_view request{octets};
    diameter::writer out{room_};
    out.begin_message(
        diameter::answer_header(diameter::header_of(request), diameter::result_code::success));
    out.copy(*request.find(diameter::avps::session_id));
    out.unsigned32(diameter::avps::result_code, ietf_vendor, diameter::avp_flags::mandatory, 2001);
    out.text(diameter::avps::origin_host, ietf_vendor, diameter::avp_flags::mandatory, host());
    out.text(diameter::avps::origin_realm, ietf_vendor, diameter::avp_flags::mandatory,
             node_.origin_realm);
    wire_.send(out.finish());
  }

 private:
  wire wire_;
  diameter::local_node node_;
  std::array<std::byte, 4096> room_{};
};

/// One request to that peer, again while the client's shard does not know it yet: the answer, or
/// what the client was told last.
std::string ask(wire& client, stranger& peer) {
  const std::string text =
      R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Session-Id":"a.example;1;2",)"
      R"("Destination-Realm":")" +
      peer.host() + R"(","Destination-Host":")" + peer.host() +
      R"(","Auth-Application-Id":4,"Service-Context-Id":"a@b",)"
      R"("CC-Request-Type":"EVENT_REQUEST","CC-Request-Number":1}})";
  std::vector<std::byte> frame(8 + text.size());  // the masking key is 0, which changes nothing
  frame[0] = std::byte{0x81};
  frame[1] = std::byte{0x80 | 126};
  store_be16(frame.data() + 2, static_cast<std::uint16_t>(text.size()));
  std::memcpy(frame.data() + 8, text.data(), text.size());
  std::string told;
  constexpr int tries = 20'000;
  for (int i = 0; i < tries; ++i) {
    client.send(frame);
    std::array<pollfd, 2> sources{{{.fd = client.handle(), .events = POLLIN, .revents = 0},
                                   {.fd = peer.handle(), .events = POLLIN, .revents = 0}}};
    if (::poll(sources.data(), sources.size(), 10'000) <= 0) {
      return "nothing in 10 s; before: " + told;
    }
    if (sources[1].revents != 0) {
      peer.grant();
      return std::string{as_text(client.take_text())};
    }
    told = as_text(client.take_text());
  }
  return told;
}

TEST(ServiceStrangers, AreKnownToEveryShardHoweverManyComeAtOnce) {
  constexpr std::size_t shards = 3;
  constexpr std::size_t at_once = 8;
  config::options o;
  o.shards = shards;
  o.diameter.listen = {{.address = "127.0.0.1", .port = 0}};
  o.diameter.accept_unknown_peers = true;
  o.diameter.watchdog_interval = std::chrono::minutes{5};
  o.websocket.listen = {{.address = "127.0.0.1", .port = 0}};
  o.admin.listen.reset();
  o.drain.timeout = std::chrono::seconds{2};
  diamgw::test::text_log log{{.level = config::log_level::off}};
  service served{o, dictionary::share_embedded(), log};
  const auto started = served.start();
  ASSERT_TRUE(started) << started.error().sentence;
  std::vector<std::unique_ptr<wire>> clients;  // so many that hardly a shard has none
  for (std::size_t i = 0; i < 4 * shards; ++i) {
    clients.push_back(std::make_unique<wire>(wire::connect(served.ports().websocket.at(0))));
    upgrade(*clients.back());
  }

  for (int round = 0; round < 4; ++round) {
    std::vector<std::unique_ptr<stranger>> peers(at_once);
    std::barrier together{at_once};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < at_once; ++i) {
      threads.emplace_back([&, i] {
        const std::string host = "s" + std::to_string(round) + "-" + std::to_string(i);
        peers[i] = std::make_unique<stranger>(served.ports().diameter.at(0), host + ".example");
        together.arrive_and_wait();
        peers[i]->exchange_capabilities();
      });
    }
    for (std::thread& t : threads) {
      t.join();
    }

    for (const auto& client : clients) {
      for (const auto& peer : peers) {
        ASSERT_THAT(ask(*client, *peer), testing::HasSubstr(R"("result")")) << peer->host();
      }
    }
  }
}

}  // namespace
}  // namespace diamgw::gateway
