// The network in memory keeps what stream.hpp and network.hpp promise, so that drivers may be
// tested on it.
#include "support/memory_network.hpp"

#include <gtest/gtest.h>

#include "diamgw/transport/outbox.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

using namespace std::chrono_literals;
using stream_ptr = std::unique_ptr<stream>;

constexpr std::uint16_t here_port = 3868;
const address here{.host = "192.0.2.7", .port = here_port};

struct network_in_memory {
  explicit network_in_memory(std::size_t count = 1) : shards{count, options()} {}

  shard_group::options options() {
    shard_group::options o = test::one_shard();
    o.network = net;
    return o;
  }
  std::unique_ptr<listener> listen(listen_options o = {}) {
    auto opened = transport::listen(shards.group(), here, o, [this](shard& on, stream_ptr c) {
      EXPECT_TRUE(on.is_current());
      accepted.push_back(std::move(c));
    });
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  void dial(address to = here, dial_options o = {}) {
    spawn(
        shards.at(0),
        [](network_in_memory& f, address a, dial_options d) -> awaitable<> {
          auto made = co_await transport::dial(f.shards.at(0), std::move(a), std::move(d));
          if (made) {
            f.dialled.push_back(std::move(*made));
          } else {
            f.failed.push_back(made.error().why);
          }
        }(*this, std::move(to), std::move(o)),
        "dial");
    shards.run();
  }
  /// What one read gives, or its error.
  std::string read(stream& from) {
    std::string got = "waits";
    spawn(
        shards.at(0),
        [](stream& s, std::string& out) -> awaitable<> {
          std::array<std::byte, 100> room{};
          const io_result r = co_await s.read(room);
          out =
              r.error ? r.error.message() : std::string{as_text(bytes_view{room}.first(r.octets))};
        }(from, got),
        "read");
    shards.run();
    if (got == "waits") {
      from.close();  // the coroutine looks at `got`
      shards.run();
      return "waited";
    }
    return got;
  }

  std::shared_ptr<test::memory_network> net = std::make_shared<test::memory_network>();
  test::stepped_shards shards;
  std::vector<stream_ptr> accepted;
  std::vector<stream_ptr> dialled;
  std::vector<error_code> failed;
};

io_result write_now(stream& to, std::string_view text) {
  const std::array<bytes_view, 1> views{as_bytes(text)};
  return to.write_now(views);
}

TEST(MemoryNetwork, CarriesOctetsAndAddressesBothWays) {
  network_in_memory f;
  const auto open = f.listen();
  f.dial();
  ASSERT_EQ(f.dialled.size(), 1U);
  ASSERT_EQ(f.accepted.size(), 1U);

  EXPECT_EQ(write_now(*f.dialled[0], "to").octets, 2U);
  EXPECT_EQ(write_now(*f.accepted[0], "fro").octets, 3U);

  EXPECT_EQ(f.read(*f.accepted[0]), "to");
  EXPECT_EQ(f.read(*f.dialled[0]), "fro");
  EXPECT_EQ(to_string(f.dialled[0]->remote()), "192.0.2.7:3868");
  EXPECT_EQ(f.dialled[0]->local().front(), f.accepted[0]->remote());
}

TEST(MemoryNetwork, GivesEofAfterTheLastOctets) {
  network_in_memory f;
  const auto open = f.listen();
  f.dial();

  EXPECT_EQ(write_now(*f.dialled[0], "last").octets, 4U);
  f.dialled[0]->shutdown_send();

  EXPECT_EQ(f.read(*f.accepted[0]), "last");
  EXPECT_EQ(f.read(*f.accepted[0]), error_code{boost::asio::error::eof}.message());
  f.accepted[0]->close();
  EXPECT_EQ(f.read(*f.dialled[0]), error_code{boost::asio::error::eof}.message());
}

TEST(MemoryNetwork, HoldsAWriterBackWhileNobodyReads) {
  network_in_memory f;
  f.net->capacity = 10;
  const auto open = f.listen();
  f.dial();
  struct owner final : outbox_owner {
    owner(shard& s, stream& to) : on{s}, out{s, to, *this, {}} {}
    void on_blocked() override { spawn(on, out.write_the_rest(), "writer"); }
    void on_all_written(error_code failed) override { ended = !failed; }

    shard& on;
    outbox out;
    bool ended = false;
  } writer{f.shards.at(), *f.dialled[0]};
  buffer_slice slice{f.shards.at().pool().allocate(25), {}};
  std::memset(slice.buffer.data(), 'x', 25);
  slice.octets = slice.buffer.whole().first(25);
  EXPECT_TRUE(writer.out.push(std::move(slice)));
  writer.out.close_when_empty();
  f.shards.run();

  EXPECT_TRUE(writer.out.writing_since());
  EXPECT_EQ(f.read(*f.accepted[0]), std::string(10, 'x'));
  EXPECT_EQ(f.read(*f.accepted[0]), std::string(10, 'x'));
  EXPECT_EQ(f.read(*f.accepted[0]), std::string(5, 'x'));
  EXPECT_TRUE(writer.ended);
}

TEST(MemoryNetwork, RefusesDelaysAndTimesOut) {
  network_in_memory f;
  f.dial();
  const auto open = f.listen();
  f.net->refuse(here, boost::asio::error::host_unreachable);
  f.dial();
  f.net->refuse(here, {});
  f.net->delay(here, 2s);
  f.dial(here, {.timeout = 1s});
  f.dial(here, {.timeout = 3s});
  f.dial({.host = "nobody.example", .port = here_port});
  EXPECT_TRUE(f.dialled.empty());
  f.shards.advance(5s);

  EXPECT_EQ(f.dialled.size(), 1U);
  EXPECT_EQ(f.failed,
            (std::vector<error_code>{
                boost::asio::error::connection_refused, boost::asio::error::host_unreachable,
                boost::asio::error::host_not_found, boost::asio::error::timed_out}));
}

TEST(MemoryNetwork, ClosesConnectionsAboveTheLimitAtOnce) {
  network_in_memory f;
  std::vector<endpoint_address> refused;
  const auto note = [&](shard&, const listener_report& report) {
    EXPECT_EQ(report.what, listener_event::refused);
    refused.push_back(report.remote);
  };
  const auto open = f.listen({.limit_connections = 1, .on_event = note});

  f.dial();
  f.dial();
  EXPECT_EQ(f.accepted.size(), 1U);
  EXPECT_EQ(f.read(*f.dialled[1]), error_code{boost::asio::error::eof}.message());
  EXPECT_EQ(refused, std::vector{f.dialled[1]->local().front()});
  f.accepted.clear();
  f.dial();

  EXPECT_EQ(f.accepted.size(), 1U);
  EXPECT_EQ(open->statistics().accepted, 2U);
}

TEST(MemoryNetwork, MovesAConnectionToAnotherShard) {
  network_in_memory f{2};
  const auto open = f.listen();
  f.dial();
  EXPECT_EQ(write_now(*f.dialled[0], "before").octets, 6U);

  auto moving = f.accepted[0]->detach();
  ASSERT_TRUE(moving);
  f.accepted[0].reset();
  const stream_ptr moved = moving->attach(f.shards.at(0));
  EXPECT_EQ(write_now(*f.dialled[0], " after").octets, 6U);

  EXPECT_EQ(f.read(*moved), "before after");
  EXPECT_EQ(to_string(moved->local().front()), "192.0.2.7:3868");
}

}  // namespace
}  // namespace diamgw::transport
