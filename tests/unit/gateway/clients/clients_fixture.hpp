// One shard's clients without sockets: clients whose frames are kept, peers that do as they are
// told, and a clock that the test owns.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/requests/request_path.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/websocket/reader.hpp"
#include "gateway/clients/bound_clients.hpp"
#include "gateway/clients/client.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/conversation.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/gateway_methods.hpp"
#include "support/manual_time.hpp"
#include "support/message_builder.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway::testing {

/// Keeps what it is sent.
class fake_client final : public client {
 public:
  std::unique_ptr<conversation> conversation_;
  std::vector<std::string> frames;
  std::vector<websocket::message_kind> kinds;  // of all frames ever
  std::string failed_with;                     // "1003 reason"
  bool closing = false;
  bool left = false;
  bool full = false;
  int requests_changed = 0;

  [[nodiscard]] conversation& speaks() noexcept override { return *conversation_; }
  [[nodiscard]] std::string remote() const override { return "192.0.2.7:40112"; }
  [[nodiscard]] client_report report() const override {
    return {.address = remote(), .protocol = conversation_->subprotocol(), .since = {}};
  }
  [[nodiscard]] bool may_send() const noexcept override { return !closing; }
  bool send(websocket::message_kind kind, bytes_view head, std::span<buffer_slice> rest) override {
    std::string octets{as_text(head)};
    for (const buffer_slice& slice : rest) {
      octets += as_text(slice.octets);
    }
    return take(kind, std::move(octets));
  }
  bool send(websocket::message_kind kind, buffer_ref slab, std::size_t octets) override {
    return take(kind, std::string{as_text({slab.data() + websocket::max_header_octets, octets})});
  }
  void fail(websocket::close_code code, std::string_view reason) override {
    failed_with = std::to_string(static_cast<unsigned>(code)) + " " + std::string{reason};
    closing = true;
  }
  void close(metrics::client_close_reason /*why*/, websocket::close_code code,
             std::string_view reason) override {
    fail(code, reason);
  }
  void on_requests_changed() override { ++requests_changed; }

  void says(std::string_view text) { says(websocket::message_kind::text, text); }
  void says(websocket::message_kind kind, std::string_view payload) {
    buffer_ref buffer = pool_.allocate(std::max<std::size_t>(payload.size(), 1));
    std::ranges::copy(as_bytes(payload), buffer.data());
    const bytes_view octets{buffer.data(), payload.size()};
    conversation_->on_message({.kind = kind, .payload = {std::move(buffer), octets}});
  }
  /// The only frame since the last call; "" where there was none.
  [[nodiscard]] std::string take_frame() {
    EXPECT_LE(frames.size(), 1U);
    std::string frame = frames.empty() ? std::string{} : frames.front();
    frames.clear();
    return frame;
  }

 private:
  bool take(websocket::message_kind kind, std::string message) {
    if (closing || full) {
      return false;
    }
    kinds.push_back(kind);
    frames.push_back(std::move(message));
    return true;
  }

  buffer_pool pool_;
};

/// Whose session it is on that shard; null: nobody's.
[[nodiscard]] inline client* owner_of(const client_registry& registry, std::string_view session) {
  const auto bound = registry.find_bound(session);
  return bound ? bound->who : nullptr;
}

/// The peers of the gateway as one: keeps what it is sent, until the test says how it ends.
class fake_peers final : public peer_directory, public receiver {
 public:
  void send(shard_context&, outgoing_request request) override {
    sent.push_back(std::move(request));
  }
  [[nodiscard]] routing::peer_status status(const shard_context&,
                                            routing::peer_index) const override {
    return {.link = link, .full = false, .applications = applications};
  }
  void want(const shard_context&, routing::peer_index peer) override { wanted.push_back(peer); }
  [[nodiscard]] receiver& at(routing::peer_index) noexcept override { return *this; }

  std::vector<outgoing_request> sent;
  std::vector<routing::peer_index> wanted;
  routing::link_state link = routing::link_state::open;
  std::vector<application_id> applications{relay_application};
};

/// An exchange of somebody who waits for a client, and how it ended.
class waiting_exchange {
 public:
  waiting_exchange(shard_context& on, time_point deadline) : exchange_{on, deadline} {}

  [[nodiscard]] exchange_key key() const noexcept { return exchange_.key(); }
  [[nodiscard]] bool ended() const noexcept { return !exchange_.registered(); }
  /// "answered", or "refused 3002: sentence"; "waiting".
  [[nodiscard]] std::string outcome() {
    if (!ended()) {
      return "waiting";
    }
    result_ = exchange_.wait().await_resume();
    if (result_.outcome == exchange_outcome::answered) {
      return "answered";
    }
    if (result_.outcome == exchange_outcome::refused) {
      return "refused " + std::to_string(static_cast<unsigned>(result_.code)) + ": " +
             std::string{result_.sentence};
    }
    return "outcome " + std::to_string(static_cast<int>(result_.outcome));
  }
  /// After `outcome` said "answered".
  [[nodiscard]] const diameter::message_view& answer() const noexcept {
    return result_.answer.view;
  }

 private:
  exchange exchange_;
  exchange_result result_;
};

/// One shard with all that its clients work with, run by the test's own thread.
class ClientShard : public ::testing::Test {
 protected:
  ClientShard() {
    options_.node.origin_host = "gw.example";
    options_.node.origin_realm = "example";
    identity_.origin_host = "gw.example";
    identity_.origin_realm = "example";
    identity_.product_name = "diamgw";
    identity_.auth_applications = {relay_application};
    diameter::writer out{origin_};
    out.text(diameter::avps::origin_host, ietf_vendor, diameter::avp_flags::mandatory,
             "gw.example");
    out.text(diameter::avps::origin_realm, ietf_vendor, diameter::avp_flags::mandatory, "example");
    origin_octets_ = bytes_view{origin_}.first(out.size());
    bound_.shards = {&registry_};
  }

  template <class Conversation>
  fake_client& join() {
    fake_client& who = *clients_.emplace_back(std::make_unique<fake_client>());
    who.conversation_ = std::make_unique<Conversation>(with_, who);
    registry_.add(who);
    return who;
  }
  void leave(fake_client& who) {
    registry_.remove(who);
    who.closing = true;
    who.left = true;
  }
  /// Requests that wait end with their clients.
  void TearDown() override {
    for (const auto& who : clients_) {
      if (!who->left) {
        leave(*who);
      }
    }
  }

  /// The peer's answer to the request that it got as the last.
  void peer_answers(const diamgw::test::octets& answer) {
    const outgoing_request& r = peers_.sent.back();
    tell_exchange(on_, r.exchange, r.deadline,
                  {.outcome = exchange_outcome::answered, .answer = message_of(answer)});
  }
  void peer_ends(exchange_outcome outcome) {
    const outgoing_request& r = peers_.sent.back();
    tell_exchange(on_, r.exchange, r.deadline, {outcome});
  }
  /// A request of the network for the client whose session it names, with AVPs of ours after it.
  void network_asks(waiting_exchange& waiting, const diamgw::test::octets& octets,
                    const diamgw::test::octets& appended = {}) {
    const diameter::message m = message_of(octets);
    outgoing_request request;
    request.header = diameter::header_of(m.view);
    request.avps = {m.buffer, m.view.avps().octets()};
    if (!appended.empty()) {
      buffer_ref ours = on_.pool().allocate(appended.size());
      std::ranges::copy(appended, ours.data());
      const bytes_view octets_of_ours = ours.whole().first(appended.size());
      request.appended = {std::move(ours), octets_of_ours};
    }
    request.exchange = waiting.key();
    request.deadline = shards_.now() + std::chrono::hours{1};
    bound_.send(on_, std::move(request));
  }
  [[nodiscard]] diameter::message message_of(const diamgw::test::octets& octets) {
    buffer_ref buffer = on_.pool().allocate(octets.size());
    std::ranges::copy(octets, buffer.data());
    const bytes_view view{buffer.data(), octets.size()};
    EXPECT_TRUE(diameter::check_message(view));
    return {std::move(buffer), diameter::message_view{view}};
  }
  [[nodiscard]] static diamgw::test::octets credit_control_answer(
      std::uint32_t result_code = 2001, std::string_view session = "s;1;2") {
    return diamgw::test::message_builder{diameter::commands::credit_control, application_id{4}, 0}
        .avp(diameter::avps::session_id, session)
        .avp(diameter::avps::result_code, result_code)
        .avp(diameter::avps::origin_host, "ocs.example")
        .avp(diameter::avps::origin_realm, "example")
        .build();
  }
  [[nodiscard]] static diamgw::test::octets re_auth_request(std::string_view session = "s;1;2") {
    return diamgw::test::message_builder{diameter::commands::re_auth, application_id{4}}
        .avp(diameter::avps::session_id, session)
        .avp(diameter::avps::origin_host, "ocs.example")
        .avp(diameter::avps::origin_realm, "example")
        .avp(diameter::avps::destination_realm, "example")
        .avp(diameter::avps::destination_host, "gw.example")
        .avp(diameter::avps::auth_application_id, 4)
        .avp(avp_code{285}, 0)
        .build();
  }

  config::options options_;
  diameter::local_node identity_;
  std::array<std::byte, 128> origin_{};
  bytes_view origin_octets_;
  diamgw::test::stepped_shards shards_;
  metrics::registry metrics_{{}};
  diamgw::test::text_log log_;
  shard_context on_{shards_.at(), metrics_.shard(0), log_, 1, 2, 64};
  fake_peers peers_;
  bound_clients bound_;
  std::shared_ptr<const dictionary::dictionary> names_ = dictionary::share_embedded();
  request_path path_{on_,
                     {.identity = &identity_, .peers = &peers_, .clients = &bound_},
                     names_,
                     std::make_shared<const routing::table>(routing::table_spec{
                         .peers = {{"ocs.example", "example"}}, .realms = {}, .fallback = {}})};
  client_registry registry_{on_,
                            {.max_bindings = 8, .max_bindings_per_client = 4, .max_pending = 2}};
  diameter::session_id_source session_ids_{"gw.example", 7};
  gateway_methods methods_{"1.2.3", [](const shard_context&, const auto& tell) {
                             peer_report report{.host = "ocs.example", .realm = "example"};
                             report.link = link_state::open;
                             report.applications = {application_id{4}};
                             tell({report, 0});
                           }};
  conversation_context::shared all_{options_,     identity_, origin_octets_, metrics_,
                                    session_ids_, methods_,  bound_};
  conversation_context with_{
      all_, on_, path_, registry_, {names_, std::make_shared<const std::string>("{}")}};
  std::vector<std::unique_ptr<fake_client>> clients_;
};

}  // namespace diamgw::gateway::testing
