// Over the loopback: streams, listening and dialling together.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <future>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/network.hpp"
#include "diamgw/transport/outbox.hpp"
#include "support/run_to_end.hpp"

namespace diamgw::transport {
namespace {

using stream_ptr = std::unique_ptr<stream>;

/// Resumes a coroutine of the same shard when something has come.
template <class T>
class mailbox {
 public:
  explicit mailbox(shard& on) : come_{on} {}
  void put(T value) {
    values_.push_back(std::move(value));
    come_.notify();
  }
  awaitable<T> take() {
    while (values_.empty()) {
      co_await come_.wait();
    }
    T value = std::move(values_.front());
    values_.erase(values_.begin());
    co_return value;
  }

 private:
  event come_;
  std::vector<T> values_;
};

std::unique_ptr<listener> listen_for(shard_group& group, mailbox<stream_ptr>& into,
                                     std::string host = "127.0.0.1", listen_options o = {}) {
  auto opened = listen(group, {.host = std::move(host)}, o,
                       [&into](shard&, stream_ptr connection) { into.put(std::move(connection)); });
  EXPECT_TRUE(opened) << opened.error().message();
  return opened ? std::move(*opened) : nullptr;
}

awaitable<std::string> read_all(stream& from) {
  std::string all;
  std::array<std::byte, 4096> room{};
  for (;;) {
    const io_result r = co_await from.read(room);
    if (r.error) {
      EXPECT_EQ(r.error, boost::asio::error::eof);
      co_return all;
    }
    all.append(as_text(bytes_view{room}.first(r.octets)));
  }
}

awaitable<stream_ptr> connect_to(shard& on, std::string host, std::uint16_t port,
                                 tcp_options tcp = {}) {
  dial_options o;
  o.tcp = tcp;
  auto connected = co_await dial(on, address{.host = std::move(host), .port = port}, o);
  EXPECT_TRUE(connected) << to_sentence(connected.error());
  co_return connected ? std::move(*connected) : nullptr;
}

/// Runs a test that is a coroutine.
template <class Body>
void on_one_shard(Body body) {
  shard_group group{test::one_shard()};
  test::run_to_end(group, body(group));
}

TEST(TcpStream, CarriesOctetsAndEndpointsBothWays) {
  for (const std::string host : {"127.0.0.1", "::1"}) {
    on_one_shard([&](shard_group& group) -> awaitable<> {
      mailbox<stream_ptr> accepted{group.at(0)};
      auto door = listen_for(group, accepted, host);
      stream_ptr client = co_await connect_to(group.at(0), host, door->port());
      stream_ptr server = co_await accepted.take();
      const std::array<bytes_view, 4> views{as_bytes("one "), bytes_view{}, as_bytes("two "),
                                            as_bytes("three")};

      const io_result sent = co_await client->write(views);
      client->shutdown_send();
      const std::string received = co_await read_all(*server);

      EXPECT_FALSE(sent.error);
      EXPECT_EQ(sent.octets, 13U);
      EXPECT_EQ(received, "one two three");
      EXPECT_EQ(client->write_calls(), 1U);
      EXPECT_EQ(client->remote(), server->local().front());
      EXPECT_EQ(client->local().front(), server->remote());
      EXPECT_EQ(client->local().size(), 1U);
      EXPECT_EQ(client->remote().host_text(), host);
      door->stop();
    });
  }
}

TEST(TcpStream, WritesMoreThanTheSocketTakesAtOnce) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client =
        co_await connect_to(group.at(0), "127.0.0.1", door->port(), {.send_buffer_octets = 8192});
    stream_ptr server = co_await accepted.take();
    door->stop();
    const std::string piece(1000, 'p');
    std::vector<bytes_view> views(5000, as_bytes(piece));  // beyond one call's views, too
    io_result sent;

    spawn(
        group.at(0),
        [](stream& s, std::vector<bytes_view>& v, io_result& r) -> awaitable<> {
          r = co_await s.write(v);
          s.shutdown_send();
        }(*client, views, sent),
        "writer");
    const std::string received = co_await read_all(*server);

    EXPECT_EQ(received.size(), 5'000'000U);
    EXPECT_EQ(sent.octets, 5'000'000U);
    EXPECT_GT(client->write_calls(), 4U);
  });
}

/// A coroutine that waits without a buffer.
class waiting final : public read_waiter {
 public:
  static awaitable<error_code> until_readable(shard& on, stream& s) {
    const auto self = std::make_shared<waiting>(on);
    s.wait_readable(self);
    while (!self->told_) {
      co_await self->come_.wait();
    }
    co_return *self->told_;
  }

  explicit waiting(shard& on) : come_{on} {}

 private:
  void on_readable(error_code failed) override {
    told_ = failed;
    come_.notify();
  }

  event come_;
  std::optional<error_code> told_;
};

TEST(TcpStream, WaitsWithoutABufferAndThenReadsWithoutWaiting) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();
    std::array<std::byte, 2> room{};
    const io_result nothing = server->read_now(room);
    const std::array<bytes_view, 1> sent{as_bytes("abc")};
    co_await client->write(sent);

    const error_code first = co_await waiting::until_readable(group.at(0), *server);
    const io_result two = server->read_now(room);
    const error_code second = co_await waiting::until_readable(group.at(0), *server);
    const io_result one = server->read_now(room);
    client->close();
    const error_code third = co_await waiting::until_readable(group.at(0), *server);
    const io_result ended = server->read_now(room);
    server->close();
    const io_result closed = server->read_now(room);

    EXPECT_FALSE(nothing.error);
    EXPECT_EQ(nothing.octets, 0U);
    EXPECT_FALSE(first || second || third);
    EXPECT_EQ(two.octets, 2U);
    EXPECT_EQ(one.octets, 1U) << "what was left is still readable";
    EXPECT_EQ(ended.error, boost::asio::error::eof);
    EXPECT_EQ(closed.error, boost::asio::error::operation_aborted);
  });
}

TEST(TcpStream, EndsAReadAndAWriteInProgressWhenClosed) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();
    const std::string large(1U << 20U, 'x');
    io_result sent;
    spawn(
        group.at(0),
        [](stream& s, std::string_view text, io_result& r) -> awaitable<> {
          const std::vector<bytes_view> views(64, as_bytes(text));
          r = co_await s.write(views);
        }(*client, large, sent),
        "writer");
    deadline soon{group.at(0), [&client] { client->close(); }};
    soon.arm_after(std::chrono::milliseconds{1});
    std::array<std::byte, 16> room{};

    const io_result read = co_await client->read(room);
    co_await boost::asio::post(boost::asio::use_awaitable);
    const io_result again = co_await client->write({});
    const io_result after = co_await client->read(room);

    EXPECT_EQ(read.error, boost::asio::error::operation_aborted);
    EXPECT_EQ(sent.error, boost::asio::error::operation_aborted);
    EXPECT_LT(sent.octets, 64U << 20U);
    EXPECT_FALSE(again.error) << "nothing to write is no error";
    EXPECT_EQ(after.error, boost::asio::error::operation_aborted);
  });
}

TEST(TcpStream, ReportsAResetAsAnError) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();
    const std::array<bytes_view, 1> views{as_bytes("unread")};
    co_await client->write(views);
    std::array<std::byte, 1> one{};
    co_await server->read(one);

    server->close();  // with octets unread: the system resets the connection
    const io_result r = co_await client->read(one);

    EXPECT_EQ(r.error, boost::asio::error::connection_reset);
  });
}

TEST(CloseGracefully, LetsTheOtherSideReadTheLastOctets) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();
    const std::array<bytes_view, 1> unread{as_bytes("never read by the server")};
    const std::array<bytes_view, 1> last{as_bytes("last words")};
    co_await client->write(unread);

    co_await server->write(last);
    spawn(
        group.at(0),
        [](shard& on, stream_ptr s) -> awaitable<> {
          co_await close_gracefully(on, *s, std::chrono::seconds{10});
        }(group.at(0), std::move(server)),
        "closes");
    const std::string received = co_await read_all(*client);
    client->close();

    EXPECT_EQ(received, "last words");
  });
}

TEST(CloseGracefully, GivesUpAfterItsTimeout) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();

    co_await close_gracefully(group.at(0), *server, std::chrono::milliseconds{5});

    std::array<std::byte, 1> one{};
    const io_result r = co_await server->read(one);
    EXPECT_EQ(r.error, boost::asio::error::operation_aborted);
  });
}

TEST(Outbox, GathersManyPushesIntoOneSystemCall) {
  ASSERT_TRUE(allocation_counting_works());
  on_one_shard([](shard_group& group) -> awaitable<> {
    shard& on = group.at(0);
    mailbox<stream_ptr> accepted{on};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(on, "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    door->stop();
    struct owner final : outbox_owner {
      void on_blocked() override { ADD_FAILURE() << "10 kB fit into the system's buffer"; }
      void on_all_written(error_code failed) override { EXPECT_FALSE(failed); }
    } writer;
    outbox out{on, *client, writer, {}};
    std::array<std::byte, 65536> room{};
    std::uint64_t allocations = 0;
    constexpr int warm_rounds = 20;
    constexpr int rounds = 100;

    for (int round = 0; round < rounds; ++round) {
      const allocation_counts before = thread_allocations();
      for (int i = 0; i < 100; ++i) {
        buffer_slice s{on.pool().allocate(200), {}};
        std::memset(s.buffer.data(), 'm', 100);
        s.octets = s.buffer.whole().first(100);
        EXPECT_TRUE(out.push(std::move(s)));
      }
      for (std::size_t received = 0; received < 10000;) {
        const io_result r = co_await server->read(room);
        EXPECT_FALSE(r.error);
        received += r.octets;
      }
      if (round >= warm_rounds) {
        allocations += (thread_allocations() - before).calls;
      }
    }
    out.close_when_empty();

    EXPECT_EQ(client->write_calls(), static_cast<std::uint64_t>(rounds));
    EXPECT_EQ(out.statistics().messages, 100U * rounds);
    EXPECT_EQ(allocations, 0U) << "pushing, gathering, writing and reading";
    co_await boost::asio::post(boost::asio::use_awaitable);
  });
}

TEST(Detach, MovesAConnectionToAnotherShard) {
  shard_group::options o = test::one_shard();
  o.shards = 2;
  shard_group group{o};
  std::promise<std::string> moved;
  std::promise<std::string> client_received;
  auto opened =
      listen({&group.at(0)}, {.host = "127.0.0.1"}, {}, [&](shard& on, stream_ptr accepted) {
        spawn(
            on,
            [](shard_group& g, stream_ptr s, std::promise<std::string>& done) -> awaitable<> {
              // The first octets are read here, as a CER is, and say where the connection belongs.
              std::array<std::byte, 3> first{};
              const io_result r = co_await s->read(first);
              EXPECT_EQ(as_text(bytes_view{first}.first(r.octets)), "CER");
              const bool posted = g.post(1, [d = s->detach(), &g, &done] {
                spawn(
                    g.at(1),
                    [](stream_ptr here, std::promise<std::string>& p) -> awaitable<> {
                      EXPECT_EQ(shard::current()->index(), 1U);
                      const std::array<bytes_view, 1> answer{as_bytes("CEA")};
                      co_await here->write(answer);
                      p.set_value(co_await read_all(*here));
                    }(d->attach(g.at(1)), done),
                    "moved");
              });
              EXPECT_TRUE(posted);
            }(group, std::move(accepted), moved),
            "accepted");
      });
  ASSERT_TRUE(opened);

  spawn(
      group.at(0),
      [](shard& on, std::uint16_t port, std::promise<std::string>& p) -> awaitable<> {
        stream_ptr client = co_await connect_to(on, "127.0.0.1", port);
        const std::array<bytes_view, 1> cer{as_bytes("CER")};
        co_await client->write(cer);
        std::array<std::byte, 16> room{};
        const io_result r = co_await client->read(room);
        p.set_value(std::string{as_text(bytes_view{room}.first(r.octets))});
        const std::array<bytes_view, 1> more{as_bytes("more")};
        co_await client->write(more);
      }(group.at(0), (*opened)->port(), client_received),
      "client");
  group.start();

  EXPECT_EQ(client_received.get_future().get(), "CEA");
  EXPECT_EQ(moved.get_future().get(), "more");
  (*opened)->stop();
  opened->reset();
  group.finish();
  group.join();
}

TEST(Detach, ClosesAConnectionThatNobodyAttaches) {
  on_one_shard([](shard_group& group) -> awaitable<> {
    mailbox<stream_ptr> accepted{group.at(0)};
    auto door = listen_for(group, accepted);
    stream_ptr client = co_await connect_to(group.at(0), "127.0.0.1", door->port());
    stream_ptr server = co_await accepted.take();
    EXPECT_EQ(door->statistics().open, 1U);

    std::unique_ptr<detached_stream> detached = server->detach();
    server.reset();
    EXPECT_EQ(door->statistics().open, 1U) << "it is open while it moves";
    detached.reset();

    const std::string received = co_await read_all(*client);
    EXPECT_EQ(received, "");
    EXPECT_EQ(door->statistics().open, 0U);
    door->stop();
  });
}

}  // namespace
}  // namespace diamgw::transport
