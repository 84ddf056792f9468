// A peer whose connections are streams in memory, and who is told of it.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"
#include "gateway/peers/peer.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway::test {

/// Keeps what a peer says.
class noting_owner final : public peer_owner {
 public:
  void on_request(peer&, std::uint32_t connection, diameter::message request) override {
    connections.push_back(connection);
    requests.push_back(std::move(request));
  }
  void on_report(peer&, std::shared_ptr<const peer_report> report) override {
    // What requests are concerned by; the states of an attempt come in between.
    const link_state link = report->link;
    const bool attempt = link > link_state::closed && link < link_state::open;
    if (!attempt && (links.empty() ? link != link_state::closed : links.back() != link)) {
      links.push_back(link);
    }
    common = report->applications;
    last = std::move(report);
  }
  [[nodiscard]] bool give_back(peer&) override { return false; }
  [[nodiscard]] const dictionary::dictionary& dictionary_of(const shard_context&) const override {
    return dictionary::embedded();
  }
  [[nodiscard]] diameter::validator* grammar_of(const shard_context&) override { return &grammar; }

  diameter::validator grammar{dictionary::embedded(), diameter::lenient_validation()};
  std::vector<std::uint32_t> connections;
  std::vector<diameter::message> requests;
  std::vector<routing::link_state> links;
  std::vector<application_id> common;
  std::shared_ptr<const peer_report> last;
};

inline config::peer_options ocs() {
  config::peer_options o;
  o.host = "ocs.example";
  o.realm = "example";
  return o;
}

/// A peer that we connect to, and that may connect to us; connections are streams in memory.
class peer_and_network {
 public:
  explicit peer_and_network(std::string_view own_host = "gw.example",
                            config::diameter_options options = {}, bool connects = true)
      : node_{.identity = make_node(own_host),
              .configuration = std::move(options),
              .unix_seconds = 2,
              .origin_avps = {},
              .routed = {},
              .metrics = bench.metrics()} {
    bench.network().on_dial = [this] { return dial(); };
    configured = ocs();
    if (connects) {
      configured.connect = config::endpoint{"192.0.2.2", 3868};
    }
    make_subject();
  }
  /// Anew, with what was changed of `configured` and `routed`.
  void make_subject() {
    node_.routed = routed;
    subject.emplace(owner, node_, bench.on(), peer_place{}, configured, 1, bench.on().shard.now());
  }

  transport::awaitable<result<std::unique_ptr<transport::stream>>> dial() {
    ++dialled;
    if (dial_error) {
      co_return dial_error;
    }
    co_return bench::lend(make_stream());
  }
  fake_stream& make_stream() {
    fake_stream& stream = bench.make_stream();
    streams.push_back(&stream);
    if (arm) {
      arm(stream);
    }
    return stream;
  }

  /// Dials, and exchanges capabilities.
  void open() {
    subject->start();
    bench.run();
    opened.emplace(*streams.back());
    opened->say_cea(opened->take_one(diameter::commands::capabilities_exchange));
    bench.run();
  }
  /// A connection that the peer opened, and its other end.
  other_node accept(std::string_view rest = {}) {
    other_node other{make_stream()};
    if (cer_of) {
      cer_of(other.node());
    }
    cer_ = encoded([&](auto& out) {
      diameter::encode_cer(out, other.node(), {}, {{0x31}, {0x32}});
      out.encoded(cer_extra);
      return out.finish();
    });
    const diameter::message cer{{}, diameter::message_view{as_bytes(std::string_view{cer_})}};
    subject->accept(bench::lend(other.stream()), cer, as_bytes(rest));
    bench.run();
    return other;
  }

  bench bench;
  noting_owner owner;
  error_code dial_error;
  int dialled = 0;
  std::vector<fake_stream*> streams;  // in the order of their making
  std::function<void(fake_stream&)> arm;
  std::optional<other_node> opened;
  std::vector<std::byte> cer_extra;  // AVPs at the end of each CER that `accept` says
  std::string cer_;
  std::function<void(diameter::local_node&)> cer_of;  // changes who connects
  config::peer_options configured;
  std::vector<routed_application> routed;

 private:
  node_context node_;

 public:
  std::optional<peer> subject;
};

class Peer : public ::testing::Test, public peer_and_network {};

}  // namespace diamgw::gateway::test
