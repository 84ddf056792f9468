// A whole gateway between a client and a peer on loopback sockets, all in this process.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>

#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/service.hpp"
#include "diamgw/websocket/frame.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway {

/// A blocking socket; everything it needs is in it, so that its use allocates nothing.
class wire {
 public:
  explicit wire(int handle) : handle_{handle} {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;
  ~wire() { ::close(handle_); }

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
  }
  static int connect(std::uint16_t port) {
    const int s = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in to = loopback(port);
    EXPECT_EQ(::connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return s;
  }

  [[nodiscard]] int handle() const { return handle_; }

  void send(bytes_view octets) const {
    ASSERT_EQ(::send(handle_, octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }
  /// The next `n` octets, which live until the next call.
  bytes_view take(std::size_t n) {
    std::memmove(room_.data(), room_.data() + taken_, used_ - taken_);
    used_ -= std::exchange(taken_, 0);
    while (used_ < n) {
      const ssize_t got = ::recv(handle_, room_.data() + used_, room_.size() - used_, 0);
      if (got <= 0) {
        ADD_FAILURE() << "the connection ended";
        return {};
      }
      used_ += static_cast<std::size_t>(got);
    }
    taken_ = n;
    return {room_.data(), n};
  }
  /// Puts the octets of the last `take` back.
  void untake() { taken_ = 0; }

  bytes_view take_diameter() {
    const bytes_view head = take(4);
    if (head.empty()) {
      return {};
    }
    const std::size_t length = load_be24(head.data() + 1);
    untake();
    return take(length);
  }
  bytes_view take_text() {
    const bytes_view head = take(4);
    if (head.empty()) {
      return {};
    }
    const auto small = static_cast<std::size_t>(load_u8(head.data() + 1));
    const std::size_t header = small == 126 ? 4 : 2;
    const std::size_t length = small == 126 ? load_be16(head.data() + 2) : small;
    untake();
    const bytes_view whole = take(header + length);
    return whole.empty() ? whole : whole.subspan(header);
  }

 private:
  int handle_;
  std::array<std::byte, 65536> room_{};
  std::size_t used_ = 0;
  std::size_t taken_ = 0;
};

/// Makes a client that speaks JSON of a fresh connection.
inline void upgrade(wire& client) {
  client.send(
      as_bytes("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n\r\n"));
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const bytes_view one = client.take(1);
    ASSERT_FALSE(one.empty());
    head += as_text(one);
  }
  ASSERT_TRUE(head.starts_with("HTTP/1.1 101")) << head;
}

class WholePath : public testing::TestWithParam<std::uint32_t> {
 protected:
  void SetUp() override {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at = wire::loopback(0);
    socklen_t size = sizeof at;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);

    config::options o;
    o.shards = GetParam();
    o.diameter.listen.clear();
    o.diameter.peers = {{.host = "ocs.example",
                         .realm = "example",
                         .connect = config::endpoint{"127.0.0.1", ntohs(at.sin_port)},
                         .watchdog_interval = std::chrono::minutes{5}}};
    o.websocket.listen = {{.address = "127.0.0.1", .port = 0}};
    o.admin.listen.reset();
    o.drain.timeout = std::chrono::seconds{2};
    service_.emplace(o, dictionary::share_embedded(), log_);
    const auto started = service_->start();
    ASSERT_TRUE(started) << started.error().sentence;
    peer_.emplace(::accept(listener, nullptr, nullptr));
    ::close(listener);
    exchange_capabilities();
    upgrade();
    wait_until_served();
  }

  void exchange_capabilities() {
    const diameter::message_view cer{peer_->take_diameter()};
    diameter::local_node ocs;
    ocs.origin_host = "ocs.example";
    ocs.origin_realm = "example";
    ocs.product_name = "test";
    ocs.host_ip_addresses = {diameter::host_address::v4({127, 0, 0, 1})};
    ocs.auth_applications = {application_id{4}};
    diameter::writer out{answer_};
    peer_->send(diameter::encode_cea(out, ocs, {}, diameter::keep_for_answer(cer)));
  }

  void upgrade() {
    client_.emplace(wire::connect(service_->ports().websocket.at(0)));
    gateway::upgrade(*client_);
  }

  /// That the peer is open reaches the client's shard in its own time; requests are refused until
  /// then, and the client is told, not the peer.
  void wait_until_served() {
    for (;;) {
      send_request();
      std::array<pollfd, 2> sources{{{.fd = client_->handle(), .events = POLLIN, .revents = 0},
                                     {.fd = peer_->handle(), .events = POLLIN, .revents = 0}}};
      ASSERT_GT(::poll(sources.data(), sources.size(), 10'000), 0);
      if (sources[1].revents != 0) {
        ASSERT_FALSE(answer_request().empty());
        return;
      }
      ASSERT_FALSE(client_->take_text().empty());
    }
  }

  /// One CCR from the client and its CCA back.
  std::string_view call() {
    send_request();
    return answer_request();
  }

  /// The masking key is 0, which changes nothing.
  void send_request() {
    static constexpr std::string_view text =
        R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Session-Id":"a.example;1;2",)"
        R"("Destination-Realm":"example","Auth-Application-Id":4,"Service-Context-Id":"a@b",)"
        R"("CC-Request-Type":"UPDATE_REQUEST","CC-Request-Number":1,"User-Name":"somebody",)"
        R"("Subscription-Id":[{"Subscription-Id-Type":"END_USER_E164",)"
        R"("Subscription-Id-Data":"491701234567"}]}})";
    static_assert(text.size() > 125 && text.size() < 65536);
    std::array<std::byte, 8 + text.size()> frame{};
    frame[0] = std::byte{0x81};
    frame[1] = std::byte{0x80 | 126};
    store_be16(frame.data() + 2, static_cast<std::uint16_t>(text.size()));
    std::memcpy(frame.data() + 8, text.data(), text.size());
    client_->send(frame);
  }

  std::string_view answer_request() {
    const diameter::message_view request{peer_->take_diameter()};
    return request.octets().empty() ? std::string_view{} : answer(request);
  }

  std::string_view answer(const diameter::message_view& request) {
    diameter::writer out{answer_};
    out.begin_message(
        diameter::answer_header(diameter::header_of(request), diameter::result_code::success));
    out.copy(*request.find(diameter::avps::session_id));
    out.unsigned32(diameter::avps::result_code, ietf_vendor, diameter::avp_flags::mandatory, 2001);
    out.text(diameter::avps::origin_host, ietf_vendor, diameter::avp_flags::mandatory,
             "ocs.example");
    out.text(diameter::avps::origin_realm, ietf_vendor, diameter::avp_flags::mandatory, "example");
    out.unsigned32(avp_code{416}, ietf_vendor, diameter::avp_flags::mandatory, 2);
    peer_->send(out.finish());
    return as_text(client_->take_text());
  }

  diamgw::test::text_log log_{{.level = config::log_level::off}};
  std::array<std::byte, 4096> answer_{};
  std::optional<service> service_;
  std::optional<wire> peer_;
  std::optional<wire> client_;
};

}  // namespace diamgw::gateway
