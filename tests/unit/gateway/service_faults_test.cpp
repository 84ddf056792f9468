// Each connection that the gateway has, with an error at each of its reads and writes, while all of
// them are at work: what waits is told, nothing is kept, and the gateway goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/memory_gateway.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diamgw::test::memory_fault;
using diamgw::test::memory_network;
using ::testing::HasSubstr;
using websocket::opcode;
using websocket::testing::frame;

struct row {
  const char* whose;
  const char* who;  // of the connections that `play` opens
  std::uint16_t port;
  memory_network::end at;
  std::size_t operations;  // at least: so many are tried
  std::size_t few_octets;  // so few that a message is written in pieces
};

constexpr std::size_t any_octets = 65536;

class ServiceFaults : public test::MemoryGateway {
 protected:
  ServiceFaults() {
    options_.diameter.reopen_watchdog_answers = 1;
    config::peer_options& ocs = options_.diameter.peers.at(0);
    ocs.watchdog_interval = 10s;
    config::peer_options dra = ocs;
    dra.host = "dra.example";
    dra.connect.reset();
    options_.diameter.peers.push_back(dra);
    options_.routing.fallback = {{.host = "ocs.example"}, {.host = "dra.example"}};
  }

  /// One run in which that operation fails; false where there are not so many.
  bool fails(const row& r, std::size_t operation, std::size_t octets) {
    const auto fault = std::make_shared<memory_fault>();
    fault->operation = operation;
    play(r, fault, octets);
    const bool reached = fault->reached();
    fault->operation = reached ? operation : memory_fault{}.operation;  // not while it goes on
    leave();
    goes_on();
    return reached;
  }

  /// Everybody answers what comes, until nothing does any more.
  void exchange() {
    for (std::size_t before = 1, now = 0; before != now;) {
      before = now;
      run();
      answer(ocs_);
      answer(dra_);
      answer_json();
      answer_binary();
      now = octets_of(ocs_) + octets_of(dra_) + octets_of(json_) + octets_of(binary_);
      if (admin_) {
        now += admin_->take().size();
      }
    }
  }

 private:
  /// All connections are opened and say something, each at least once in each direction.
  void play(const row& r, const std::shared_ptr<memory_fault>& fault, std::size_t octets) {
    const auto opens = [&, who = std::string_view{r.who}](std::string_view name) {
      if (name == who) {
        network_->spoil(r.port, r.at, fault, octets);
      }
    };
    opens("ocs");
    ocs_->leave();
    opens("dra");
    dra_ = std::make_unique<test::far_peer>(dial(3868), "dra.example");
    dra_->may_be_gone();
    dra_->says_cer();
    wait_for_peers();
    opens("json");
    json_ = upgrade("");
    opens("binary");
    binary_ = upgrade("Sec-WebSocket-Protocol: diameter.binary.v1\r\n");
    opens("admin");
    admin_ = std::make_unique<test::far_end>(dial(9090));
    admin_->may_be_gone();

    json_->calls(test::ccr);
    exchange();
    json_->calls("[" + std::string{test::ccr} + R"(,{"jsonrpc":"2.0","id":2,"method":"x"}])");
    binary_->says(frame(opcode::binary, credit_control_request("s;3;4")));
    exchange();
    for (test::far_peer* peer : {ocs_.get(), dra_.get()}) {
      if (peer != nullptr) {
        peer->re_authorizes("s;1;2");
        exchange();
        peer->re_authorizes("s;3;4");
        exchange();
      }
    }
    for (test::far_client* who : {json_.get(), binary_.get()}) {
      who->says(frame(opcode::ping, "?"));
    }
    for (const char* path : {"/metrics", "/other"}) {
      admin_->says("GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n");
      exchange();
    }
    json_->calls(test::ccr);  // waits when its client leaves
    run();
    for (test::far_client* who : {json_.get(), binary_.get()}) {
      who->says(frame(opcode::close, websocket::testing::close_payload(1000)));
    }
    exchange();
    advance(13s);  // a watchdog's request of each peer
    exchange();
  }

  void leave() {
    json_.reset();
    binary_.reset();
    admin_.reset();
    dra_.reset();
    exchange();
  }

  /// One that was lost is dialled again, and in REOPEN waits for a watchdog's answer (RFC 3539
  /// §3.4.1).
  void wait_for_peers() {
    for (int i = 0; i < 12; ++i) {
      advance(4s);
      exchange();
    }
  }

  /// Nothing is left of the run, and all is as at the first time.
  void goes_on() {
    wait_for_peers();
    const std::string metrics = get("/metrics");
    for (const char* nothing :
         {"diamgw_client_connections", "diamgw_client_requests_in_flight", "diamgw_bindings",
          R"(diameter_peer_requests_in_flight{peer="ocs.example"})",
          R"(diameter_peer_requests_in_flight{peer="dra.example"})"}) {
      EXPECT_THAT(metrics, HasSubstr("\n" + std::string{nothing} + " 0\n"));
    }
    client_ = join();
    client_->calls(test::ccr);
    exchange();
    EXPECT_THAT(client_->take_frame(), HasSubstr(R"("id":1,"result":{"Session-Id":"s;1;2")"));
    client_.reset();
    admin_.reset();
    exchange();
    log_.take();
  }

  std::unique_ptr<test::far_client> upgrade(std::string_view fields) {
    auto who = std::make_unique<test::far_client>(dial(8080));
    who->may_be_gone();
    who->says(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n" +
        std::string{fields} + "\r\n");
    std::string head;
    for (std::size_t before = 1; before != head.size();) {
      before = head.size();
      run();
      head += who->take();
    }
    return who;
  }

  template <class End>
  static std::size_t octets_of(const std::unique_ptr<End>& from) {
    return from ? from->octets_taken() : 0;
  }

  static void answer(const std::unique_ptr<test::far_peer>& peer) {
    if (peer) {
      peer->may_be_gone();
      for (const diameter::message_view& message : peer->take_messages()) {
        answer(*peer, message);
      }
    }
  }

  static void answer(test::far_peer& peer, const diameter::message_view& message) {
    if (!message.is_request()) {
      return;
    }
    if (message.command() == diameter::commands::capabilities_exchange) {
      peer.says_cea(message);
    } else if (message.command() == diameter::commands::device_watchdog) {
      peer.says_dwa(message);
    } else if (message.command() == diameter::commands::disconnect_peer) {
      peer.says_dpa(message);
    } else {
      peer.grants(message);
    }
  }

  void answer_json() {
    for (const std::string& f : json_ ? json_->take_frames() : std::vector<std::string>{}) {
      const auto at = f.find(R"("id":)");
      if (f.find(R"("method":"RAR")") != std::string::npos) {
        json_->calls(R"({"jsonrpc":"2.0","id":)" + f.substr(at + 5, f.find(',', at) - at - 5) +
                     R"(,"result":{"Result-Code":2001}})");
      }
    }
  }

  void answer_binary() {
    for (const std::string& f : binary_ ? binary_->take_frames() : std::vector<std::string>{}) {
      const std::string_view octets = std::string_view{f}.substr(f.find(':') + 1);
      if (f.starts_with("binary")) {
        const diameter::message_view message{as_bytes(octets)};
        if (message.is_request()) {
          binary_->says(frame(opcode::binary, re_auth_answer(message)));
        }
      }
    }
  }

  static std::string credit_control_request(std::string_view session) {
    return written(
        {diameter::command_flags::request | diameter::command_flags::proxiable,
         diameter::commands::credit_control, application_id{4}, hop_by_hop_id{9}, end_to_end_id{9}},
        [session](diameter::writer& out) {
          const auto text = [&](avp_code code, std::string_view value) {
            out.text(code, ietf_vendor, diameter::avp_flags::mandatory, value);
          };
          const auto number = [&](avp_code code, std::uint32_t value) {
            out.unsigned32(code, ietf_vendor, diameter::avp_flags::mandatory, value);
          };
          text(diameter::avps::session_id, session);
          text(diameter::avps::origin_host, "client.example");
          text(diameter::avps::origin_realm, "example");
          text(diameter::avps::destination_realm, "example");
          number(diameter::avps::auth_application_id, 4);
          text(avp_code{461}, "a@b");
          number(avp_code{416}, 2);
          number(avp_code{415}, 1);
        });
  }

  static std::string re_auth_answer(const diameter::message_view& request) {
    diameter::header header = diameter::header_of(request);
    header.flags = diameter::command_flags::proxiable;
    return written(header, [](diameter::writer& out) {
      out.text(diameter::avps::session_id, ietf_vendor, diameter::avp_flags::mandatory, "s;3;4");
      out.unsigned32(diameter::avps::result_code, ietf_vendor, diameter::avp_flags::mandatory,
                     2001);
    });
  }

  template <class Avps>
  static std::string written(const diameter::header& header, Avps avps) {
    std::array<std::byte, 512> room;  // NOLINT(*-member-init)
    diameter::writer out{room};
    out.begin_message(header);
    avps(out);
    return std::string{as_text(out.finish())};
  }

  std::unique_ptr<test::far_peer> dra_;
  std::unique_ptr<test::far_client> json_;
  std::unique_ptr<test::far_client> binary_;
};

TEST_F(ServiceFaults, OfAnyConnectionAtAnyOperationHarmNoOther) {
  using end = memory_network::end;
  ASSERT_EQ(start(2), "");
  exchange();
  for (const row& r : {
           row{"a client's that speaks JSON", "json", 8080, end::accepting, 10, 150},
           row{"a client's that speaks Diameter", "binary", 8080, end::accepting, 8, 60},
           row{"a peer's that we dial", "ocs", ocs_port, end::dialling, 10, 60},
           row{"a peer's that dials us", "dra", 3868, end::accepting, 8, 60},
           row{"an administrator's", "admin", 9090, end::accepting, 4, 20000},
       }) {
    for (const std::size_t octets : {any_octets, r.few_octets}) {
      std::size_t operation = 1;
      for (bool more = true; more && !HasFailure(); ++operation) {
        SCOPED_TRACE(std::string{r.whose} + ": operation " + std::to_string(operation) +
                     " fails, " + std::to_string(octets) + " octets at once");
        more = fails(r, operation, octets);
      }
      EXPECT_GE(operation - 2, r.operations) << r.whose;
    }
  }
}

}  // namespace
}  // namespace diamgw::gateway
