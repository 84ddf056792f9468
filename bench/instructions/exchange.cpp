// What callgrind counts: whole exchanges between a client and a peer, by the gateway's own drivers
// on streams in memory. The difference of two runs is the cost of the exchanges alone.
//
//   exchange_instructions begins|goes-on IN_FLIGHT TIMES
//
// TIMES bursts of IN_FLIGHT requests: one read of the client's connection brings a burst, one read
// of the peer's brings its answers. The request is README's CCR: "begins" leaves its Session-Id to
// the gateway, as README does, "goes-on" names one.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/measure.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/command_labels.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/transport/shard.hpp"
#include "gateway/clients/bound_clients.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/gateway_methods.hpp"
#include "gateway/clients/json_conversation.hpp"
#include "gateway/clients/websocket_connection.hpp"
#include "instructions/memory_stream.hpp"
#include "instructions/readme_messages.hpp"

namespace diamgw::bench {
namespace {

struct silent_log final : gateway::event_log {
  silent_log() : event_log{{.level = config::log_level::off}} {}
  void write(config::log_level /*level*/, std::string_view /*sentence*/,
             std::span<const gateway::log_field> /*fields*/) override {}
};

/// Finds the messages in what is written. `on_head` is given a message's first octets and says how
/// long it is; the gateway writes heads whole. `on_part` is given each piece of a message, and
/// where in it that begins.
class message_finder {
 public:
  template <class OnHead, class OnPart>
  void find(std::span<const bytes_view> views, OnHead on_head, OnPart on_part) {
    for (bytes_view view : views) {
      while (!view.empty()) {
        if (left_ == 0) {
          left_ = on_head(view);
          at_ = 0;
        }
        const std::size_t n = std::min(left_, view.size());
        on_part(at_, view.first(n));
        at_ += n;
        left_ -= n;
        view = view.subspan(n);
      }
    }
  }

 private:
  std::size_t left_ = 0;  // of the message whose head was seen
  std::size_t at_ = 0;    // how much of it was seen
};

/// Session-Ids have two to five digits at their end, so that their AVPs are of one length and an
/// answer takes its request's without being made anew.
constexpr std::size_t first_session = 10;
constexpr std::size_t session_avp_octets = 40;

std::string make_session_id(std::size_t number) {
  return "gateway.example;1795238529;" + std::to_string(number);
}

/// The client: sends a burst, and the next one when it has every answer.
class client final : public other_side {
 public:
  struct plan {
    bool begins_session;
    std::size_t in_flight;
    std::size_t times;
  };

  client(transport::shard& on, const plan& p) : on_{on}, connection_{on, *this}, plan_{p} {
    for (std::size_t i = 0; i < p.in_flight; ++i) {
      append_frame(make_ccr_text(std::to_string(i + 1),
                                 p.begins_session ? "" : make_session_id(first_session + i)));
    }
  }

  /// The gateway's end of the connection, on which the first burst has come.
  [[nodiscard]] std::unique_ptr<transport::stream> begin() {
    send();
    return std::make_unique<memory_stream>(connection_);
  }

  void on_octets(std::span<const bytes_view> views) override {
    if (sent_ == 1) {
      for (const bytes_view view : views) {
        first_answers_ += as_text(view);
      }
    }
    finder_.find(
        views,
        [this](bytes_view head) {
          ++answered_;
          return frame_octets(head);
        },
        [](std::size_t, bytes_view) {});
    if (answered_ == plan_.in_flight) {
      answered_ = 0;
      send();
    }
  }

 private:
  /// A text frame with a mask (RFC 6455 §5.2, §5.3).
  void append_frame(const std::string& text) {
    std::array<std::byte, 8> head{std::byte{0x81}, std::byte{0x80 | 126}};
    store_be16(head.data() + 2, static_cast<std::uint16_t>(text.size()));
    store_be32(head.data() + 4, 0x9e3779b9U);
    frames_.insert(frames_.end(), head.begin(), head.end());
    for (std::size_t i = 0; i < text.size(); ++i) {
      frames_.push_back(std::byte(text[i]) ^ head[4 + i % 4]);
    }
  }

  static std::size_t frame_octets(bytes_view head) {
    const std::size_t length = load_u8(head.data() + 1);
    if (load_u8(head.data()) != 0x81 || length > 126) {
      fail("the client was sent something else than a short text");
    }
    return length == 126 ? std::size_t{4} + load_be16(head.data() + 2) : 2 + length;
  }

  void send() {
    if (sent_ == 1) {
      check_answers();
    }
    if (sent_++ == plan_.times) {
      on_.context().stop();
      return;
    }
    connection_.receive(frames_);
  }

  void check_answers() const {
    std::size_t good = 0;
    for (std::size_t at = 0;
         (at = first_answers_.find(R"("Result-Code":2001)", at)) != std::string::npos; ++at) {
      ++good;
    }
    if (good != plan_.in_flight) {
      fail("the client was answered " + first_answers_);
    }
  }

  transport::shard& on_;
  memory_connection connection_;
  plan plan_;
  octets frames_;  // one burst
  message_finder finder_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  std::string first_answers_;
};

/// The peer: answers a burst when it has it whole, with README's CCA for each request's session.
class peer final : public other_side {
 public:
  peer(transport::shard& on, std::size_t in_flight, std::function<void()> on_open)
      : connection_{on, *this}, in_flight_{in_flight}, on_open_{std::move(on_open)} {
    const octets cca = make_cca(make_session_id(first_session));
    for (std::size_t i = 0; i < in_flight; ++i) {
      answers_.insert(answers_.end(), cca.begin(), cca.end());
    }
    answer_octets_ = cca.size();
  }

  /// The gateway's end of the connection, on which a CER has come.
  [[nodiscard]] std::unique_ptr<transport::stream> begin() {
    diameter::local_node ocs;
    ocs.origin_host = "ocs.example";
    ocs.origin_realm = "example";
    ocs.product_name = "ocs";
    ocs.host_ip_addresses = {diameter::host_address::v4({192, 0, 2, 2})};
    ocs.auth_applications = {application_id{4}};
    diameter::writer out{cer_};
    connection_.receive(diameter::encode_cer(out, ocs, {}, {}));
    return std::make_unique<memory_stream>(connection_);
  }

  void on_octets(std::span<const bytes_view> views) override {
    finder_.find(
        views,
        [this](bytes_view head) {
          constexpr std::size_t ids = 12;
          answer_ = nullptr;
          if ((load_u8(head.data() + 4) & diameter::command_flags::request) == 0) {
            on_open_();  // it is the CEA
          } else {
            answer_ = answers_.data() + answered_++ * answer_octets_;
            std::memcpy(answer_ + ids, head.data() + ids, 8);
          }
          return std::size_t{load_be24(head.data() + 1)};
        },
        [this](std::size_t at, bytes_view part) {
          if (answer_ != nullptr && at <= diameter::header_octets &&
              diameter::header_octets < at + part.size()) {
            take_session(part.subspan(diameter::header_octets - at));
          }
        });
    if (answered_ == in_flight_) {
      answered_ = 0;
      connection_.receive(answers_);
    }
  }

 private:
  /// Session-Id is a request's first AVP (RFC 6733 §8.8).
  void take_session(bytes_view avps) {
    constexpr std::uint32_t session_id = 263;
    if (avps.size() < session_avp_octets || load_be32(avps.data()) != session_id) {
      fail("the peer was sent a request without a Session-Id in front");
    }
    std::memcpy(answer_ + diameter::header_octets, avps.data(), session_avp_octets);
  }

  memory_connection connection_;
  std::array<std::byte, 1024> cer_{};
  std::size_t in_flight_;
  std::function<void()> on_open_;
  octets answers_;  // one burst
  std::size_t answer_octets_ = 0;
  std::byte* answer_ = nullptr;  // to the request that comes
  message_finder finder_;
  std::size_t answered_ = 0;
};

// ---- the gateway between them

config::options make_options() {
  config::options o;
  o.diameter.peers = {
      {.host = "ocs.example", .realm = "example", .connect = {}, .watchdog_interval = {}}};
  // A session that begins takes the place of the oldest one, so that tables do not grow.
  o.websocket.max_bindings_per_client = 64;
  return o;
}

struct no_requests final : gateway::request_sink {
  void on_request(gateway::shard_context&, gateway::peer_request) override {
    fail("the peer asked");
  }
};

void run(const client::plan& plan) {
  silent_log log;
  const auto names = dictionary::share_embedded();
  const config::options options = make_options();
  transport::shard_group group{{.shards = 1}};
  metrics::registry metrics{{.commands = gateway::make_command_labels(*names), .build = {}}};
  gateway::shard_context on{group.at(0), metrics.shard(0), log, 1, 1, 1024};
  no_requests sink;
  gateway::peer_table peers{{.identity = gateway::make_identity(options.node, 1),
                             .diameter = options.diameter,
                             .routed = gateway::make_routed_applications(options.routing),
                             .seed = 1,
                             .unix_seconds = 1},
                            {&on},
                            metrics,
                            names,
                            sink};
  gateway::peer_listener listener{peers, {&on}};
  diameter::session_id_source session_ids{"gateway.example", 1795238529};
  for (std::size_t i = 0; i < first_session; ++i) {
    std::array<char, 64> room{};
    static_cast<void>(session_ids.next(room));
  }
  const gateway::gateway_methods methods{"", [](const auto&, const auto&) {}};
  gateway::bound_clients bound;
  const gateway::conversation_context::shared shared{
      options, peers.identity(), peers.origin_avps(), metrics, session_ids, methods, bound};
  gateway::request_path path{on,
                             {.identity = &peers.identity(), .peers = &peers},
                             names,
                             gateway::make_routes(options.routing, peers)};
  gateway::client_registry registry{
      on,
      {.max_bindings = options.requests.max_bindings,
       .max_bindings_per_client = options.websocket.max_bindings_per_client}};
  gateway::conversation_context with{
      shared, on, path, registry, {names, std::make_shared<const std::string>()}};
  shared_slab reads{on.pool(), 16384};
  const websocket::endpoint::options agreed{
      .max_message_octets = options.websocket.max_message_octets,
      .close_timeout = options.websocket.close_timeout,
      .alive = {.ping_interval = options.websocket.ping_interval,
                .pong_timeout = options.websocket.pong_timeout}};

  client asks{group.at(0), plan};
  peer answers{group.at(0), plan.in_flight, [&] {
                 const auto connection = std::make_shared<gateway::websocket_connection>(
                     on, registry, reads, options.websocket, agreed, asks.begin(),
                     [&with](gateway::client& who) {
                       return std::make_unique<gateway::json_conversation>(with, who);
                     });
                 connection->start({}, {});
               }};
  static_cast<void>(group.at(0).post([&] {
    peers.start();
    listener.accept(on, answers.begin());
  }));
  group.run_here();
  for (const auto what :
       {metrics::mismatched_answer::command, metrics::mismatched_answer::session}) {
    if (on.recorder.mismatched_answers.value(what) != 0) {
      fail("an answer was none to its request");
    }
  }
  std::_Exit(0);  // what waits still is not to be ended one by one
}

}  // namespace
}  // namespace diamgw::bench

int main(int argc, char** argv) {
  using namespace diamgw::bench;
  const std::string_view kind{argc == 4 ? argv[1] : ""};
  if (kind != "begins" && kind != "goes-on") {
    fail("exchange_instructions begins|goes-on IN_FLIGHT TIMES");
  }
  run({.begins_session = kind == "begins",
       .in_flight = static_cast<std::size_t>(std::atol(argv[2])),
       .times = static_cast<std::size_t>(std::atol(argv[3]))});
}
