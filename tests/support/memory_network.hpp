// A network in memory: for drivers that listen and dial, on shards that one thread runs
// (stepped_shards). Nothing takes time but what the test asks for.
#pragma once
#include <algorithm>
#include <boost/asio/error.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/network.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::test {

/// One direction of a connection: octets that were written and not read yet, `capacity` of them.
struct memory_pipe {
  std::string octets;
  std::size_t capacity = 65536;
  bool ended = false;                    // by who writes: its reader gets eof after the octets
  bool broken = false;                   // by who reads: writes fail, as on a socket that was reset
  transport::event* readable = nullptr;  // of the streams that are its ends now
  transport::event* writable = nullptr;

  static void notify(transport::event* e) {
    if (e != nullptr) {
      e->notify();
    }
  }
};

/// What goes wrong at one end of a connection: its reads and writes are counted from 1 in the order
/// in which they begin; the one of that number fails, and all after it, and the other end sees eof.
struct memory_fault {
  std::size_t operation = static_cast<std::size_t>(-1);
  std::size_t operations = 0;  // so far

  [[nodiscard]] bool reached() const noexcept { return operations >= operation; }
};

/// One end of a connection in memory.
class memory_stream final : public transport::stream {
 public:
  /// What of it does not belong to a shard.
  struct ends {
    std::shared_ptr<memory_pipe> in;
    std::shared_ptr<memory_pipe> out;
    transport::endpoint_address local;
    transport::endpoint_address remote;
    std::shared_ptr<void> held;
    std::uint64_t writes = 0;
    std::shared_ptr<memory_fault> fault = nullptr;  // nothing goes wrong
  };

  memory_stream(transport::shard& on, ends e)
      : shard_{&on}, ends_{std::move(e)}, readable_{on}, writable_{on} {
    ends_.in->readable = &readable_;
    ends_.out->writable = &writable_;
  }
  ~memory_stream() override { memory_stream::close(); }

  [[nodiscard]] transport::awaitable<transport::io_result> read(mutable_bytes into) override {
    if (fails_now()) {
      co_return transport::io_result{boost::asio::error::connection_reset, 0};
    }
    while (!has_something()) {
      co_await readable_.wait();
    }
    shard_->time_has_passed();
    co_return read_now(into);
  }

  /// This is what counts as an operation, and not the read_now after it.
  void wait_readable(std::shared_ptr<transport::read_waiter> who) override {
    wait_readable(std::move(who),
                  fails_now() ? boost::asio::error::connection_reset : error_code{});
  }

  [[nodiscard]] transport::io_result read_now(mutable_bytes into) noexcept override {
    if (!open_) {
      return {boost::asio::error::operation_aborted, 0};
    }
    memory_pipe& in = *ends_.in;
    if (in.octets.empty()) {
      return {in.ended ? error_code{boost::asio::error::eof} : error_code{}, 0};
    }
    const std::size_t n = std::min(into.size(), in.octets.size());
    std::memcpy(into.data(), in.octets.data(), n);
    in.octets.erase(0, n);
    memory_pipe::notify(in.writable);
    return {{}, n};
  }

  [[nodiscard]] transport::awaitable<transport::io_result> write(
      std::span<const bytes_view> views) override {
    transport::io_result done;
    if (fails_now()) {
      done.error = boost::asio::error::connection_reset;
      co_return done;
    }
    std::string rest;
    for (const bytes_view view : views) {
      rest.append(as_text(view));
    }
    while (!(done.error = write_error()) && done.octets < rest.size()) {
      const std::size_t n = put(std::string_view{rest}.substr(done.octets));
      done.octets += n;
      if (n == 0) {
        co_await writable_.wait();
        shard_->time_has_passed();
      }
    }
    co_return done;
  }

  [[nodiscard]] transport::io_result write_now(std::span<const bytes_view> views) override {
    if (fails_now()) {
      return {boost::asio::error::connection_reset, 0};
    }
    if (const error_code ec = write_error()) {
      return {ec, 0};
    }
    transport::io_result done;
    for (const bytes_view view : views) {
      const std::size_t n = put(as_text(view));
      done.octets += n;
      if (n < view.size()) {
        break;
      }
    }
    if (done.octets == 0) {
      done.error = boost::asio::error::would_block;
    }
    return done;
  }

  void shutdown_send() noexcept override {
    ends_.out->ended = true;
    memory_pipe::notify(ends_.out->readable);
  }

  void close() noexcept override {
    if (!std::exchange(open_, false)) {
      return;
    }
    ends_.out->ended = true;
    ends_.in->broken = true;
    leave();
    memory_pipe::notify(ends_.out->readable);
    memory_pipe::notify(ends_.in->writable);
    readable_.notify();
    writable_.notify();
    ends_.held.reset();
  }

  [[nodiscard]] std::unique_ptr<transport::detached_stream> detach() override {
    if (!std::exchange(open_, false)) {
      return nullptr;
    }
    leave();
    return std::make_unique<detached>(std::move(ends_));
  }

  [[nodiscard]] std::span<const transport::endpoint_address> local() const noexcept override {
    return {&ends_.local, 1};
  }
  [[nodiscard]] const transport::endpoint_address& remote() const noexcept override {
    return ends_.remote;
  }
  void hold(std::shared_ptr<void> until_closed) override { ends_.held = std::move(until_closed); }
  [[nodiscard]] std::uint64_t write_calls() const noexcept override { return ends_.writes; }

 private:
  class detached final : public transport::detached_stream {
   public:
    explicit detached(ends e) : ends_{std::move(e)} {}
    ~detached() override {
      if (ends_) {
        ends_->out->ended = true;
        ends_->in->broken = true;
        memory_pipe::notify(ends_->out->readable);
        memory_pipe::notify(ends_->in->writable);
      }
    }
    std::unique_ptr<transport::stream> attach(transport::shard& to) override {
      return std::make_unique<memory_stream>(to, *std::exchange(ends_, std::nullopt));
    }

   private:
    std::optional<ends> ends_;
  };

  void wait_readable(std::shared_ptr<transport::read_waiter> who, error_code failed) {
    const bool at_once = failed || has_something();
    auto look = [this, w = std::move(who), failed]() mutable {
      if (!failed && !has_something()) {
        wait_readable(std::move(w), failed);
        return;
      }
      shard_->time_has_passed();
      w->on_readable(open_ ? failed : error_code{boost::asio::error::operation_aborted});
    };
    if (at_once) {
      boost::asio::post(shard_->context(), std::move(look));
    } else {
      readable_.wait_then(std::move(look));
    }
  }

  [[nodiscard]] bool fails_now() {
    if (ends_.fault == nullptr) {
      return false;
    }
    ++ends_.fault->operations;
    if (ends_.fault->reached()) {
      shutdown_send();
    }
    return ends_.fault->reached();
  }

  [[nodiscard]] bool has_something() const {
    return !open_ || !ends_.in->octets.empty() || ends_.in->ended;
  }
  [[nodiscard]] error_code write_error() const {
    if (!open_ || ends_.out->ended) {
      return boost::asio::error::operation_aborted;
    }
    return ends_.out->broken ? error_code{boost::asio::error::connection_reset} : error_code{};
  }

  std::size_t put(std::string_view octets) {
    memory_pipe& out = *ends_.out;
    const std::size_t n = std::min(octets.size(), out.capacity - out.octets.size());
    out.octets.append(octets.substr(0, n));
    ends_.writes += n != 0 ? 1 : 0;
    if (n != 0) {
      memory_pipe::notify(out.readable);
    }
    return n;
  }

  /// The pipes' events are this stream's.
  void leave() noexcept {
    ends_.in->readable = nullptr;
    ends_.out->writable = nullptr;
  }

  transport::shard* shard_;
  ends ends_;
  transport::event readable_;
  transport::event writable_;
  bool open_ = true;
};

/// See the top of the file. Outlives the shards' group: give it by shard_group::options::network.
class memory_network final : public transport::network {
 public:
  /// Octets that one direction of a connection holds before its writer waits.
  std::size_t capacity = 65536;

  /// Dialling that address, a number, ends with `error` from now on; no error takes it back.
  void refuse(const transport::address& to, error_code error) {
    rules_[host_and_port_of(to)].error = error;
  }
  /// Dialling that address, a number, takes so long.
  void delay(const transport::address& to, duration by) { rules_[host_and_port_of(to)].delay = by; }
  /// What the name of a host stands for from now on; else it is refused with host_not_found. No
  /// addresses: the name is known, and has none.
  void name(std::string host, std::vector<std::string> addresses) {
    names_[std::move(host)] = std::move(addresses);
  }
  /// Looking up that name takes so long.
  void delay_lookup(std::string host, duration by) { lookup_delays_[std::move(host)] = by; }

  /// Whose end of a connection.
  enum class end : std::uint8_t { dialling, accepting };
  /// The next connection to that port has that fault at that end, which holds `octets` that the
  /// other one has not read.
  void spoil(std::uint16_t port, end at, std::shared_ptr<memory_fault> fault, std::size_t octets) {
    spoiled_[port] = {at, std::move(fault), octets};
  }

  /// Two ends of a new connection, on those shards.
  std::pair<std::unique_ptr<memory_stream>, std::unique_ptr<memory_stream>> connect(
      transport::shard& dialling, transport::shard& accepting,
      const transport::endpoint_address& to) {
    const auto there = std::make_shared<memory_pipe>();
    const auto back = std::make_shared<memory_pipe>();
    there->capacity = back->capacity = capacity;
    const auto from = transport::endpoint_address::v4({192, 0, 2, 1}, next_port_++);
    memory_stream::ends near{back, there, from, to, nullptr};
    memory_stream::ends far{there, back, to, from, nullptr};
    if (const auto found = spoiled_.find(to.port()); found != spoiled_.end()) {
      memory_stream::ends& bad = found->second.at == end::dialling ? near : far;
      bad.fault = found->second.fault;
      bad.out->capacity = found->second.octets;
      spoiled_.erase(found);
    }
    return {std::make_unique<memory_stream>(dialling, std::move(near)),
            std::make_unique<memory_stream>(accepting, std::move(far))};
  }

  result<std::unique_ptr<transport::listener>> listen(std::vector<transport::shard*> shards,
                                                      const transport::address& at,
                                                      const transport::addresses_of_host& where,
                                                      const transport::listen_options& options,
                                                      transport::on_accept handler) override {
    if (where.empty() || shards.empty()) {
      return error_code{boost::asio::error::invalid_argument};
    }
    const std::uint16_t port = at.port != 0 ? at.port : next_port_++;
    if (listening_.contains(port)) {
      return error_code{boost::asio::error::address_in_use};
    }
    const auto s = std::make_shared<listening>();
    s->shards = std::move(shards);
    s->options = options;
    s->handler = std::move(handler);
    for (const transport::endpoint_address& e : where) {
      s->locals.push_back(e.with_port(port));
    }
    listening_[port] = s;
    return std::unique_ptr<transport::listener>{std::make_unique<memory_listener>(*this, s)};
  }

  transport::awaitable<result<std::unique_ptr<transport::stream>>> dial(
      transport::shard& on, transport::address /*to*/, transport::endpoint_address at,
      transport::dial_options options) override {
    const rule how = rules_[to_string(at)];
    if (!co_await takes(on, how.delay, options.timeout)) {
      co_return error_code{boost::asio::error::timed_out};
    }
    const auto place = listening_.find(at.port());
    if (how.error || place == listening_.end()) {
      co_return how.error ? how.error : error_code{boost::asio::error::connection_refused};
    }
    co_return accept(on, *place->second, at);
  }

  transport::awaitable<result<transport::addresses_of_host>> resolve(
      transport::shard& on, transport::address of, std::chrono::milliseconds timeout) override {
    if (!co_await takes(on, lookup_delays_[of.host], timeout)) {
      co_return error_code{boost::asio::error::timed_out};
    }
    co_return resolve_now(of, timeout);
  }

  result<transport::addresses_of_host> resolve_now(const transport::address& of,
                                                   std::chrono::milliseconds /*timeout*/) override {
    const auto known = names_.find(of.host);
    if (known == names_.end()) {
      return error_code{boost::asio::error::host_not_found};
    }
    transport::addresses_of_host found;
    for (const std::string& numeric : known->second) {
      found.push_back(transport::endpoint_address::from_text(numeric, of.port));
    }
    if (found.empty()) {
      return error_code{boost::asio::error::no_data};
    }
    return found;
  }

 private:
  struct rule {
    error_code error;
    duration delay{};
  };
  struct listening {
    std::vector<transport::shard*> shards;
    transport::listen_options options;
    transport::on_accept handler;
    std::vector<transport::endpoint_address> locals;
    transport::listener_statistics statistics;
    std::size_t next_shard = 0;
  };

  class memory_listener final : public transport::listener {
   public:
    memory_listener(memory_network& n, std::shared_ptr<listening> s)
        : network_{&n}, state_{std::move(s)} {}
    ~memory_listener() override { memory_listener::stop(); }
    void stop() override {
      if (network_ != nullptr) {
        std::exchange(network_, nullptr)->listening_.erase(state_->locals.front().port());
      }
    }
    std::span<const transport::endpoint_address> locals() const noexcept override {
      return state_->locals;
    }
    transport::listener_statistics statistics() const noexcept override {
      return state_->statistics;
    }

   private:
    memory_network* network_;
    std::shared_ptr<listening> state_;
  };

  /// Waits, up to `timeout`; false where `by` is longer than that.
  static transport::awaitable<bool> takes(transport::shard& on, duration by, duration timeout) {
    if (by > duration{}) {
      transport::event passed{on};
      transport::deadline wait{on, [&passed] { passed.notify(); }};
      wait.arm_after(std::min(by, timeout));
      co_await passed.wait();
    }
    co_return by < timeout;
  }

  std::unique_ptr<transport::stream> accept(transport::shard& dialling, listening& at,
                                            const transport::endpoint_address& to) {
    transport::shard& on = *at.shards[at.next_shard++ % at.shards.size()];
    auto [mine, theirs] = connect(dialling, on, to);
    if (at.statistics.open >= at.options.limit_connections) {
      ++at.statistics.refused;
      if (at.options.on_event) {
        at.options.on_event(
            on, {.what = transport::listener_event::refused, .remote = theirs->remote()});
      }
      theirs->close();
      return std::move(mine);
    }
    ++at.statistics.open;
    ++at.statistics.accepted;
    const std::shared_ptr<listening> counted = listening_.at(at.locals.front().port());
    theirs->hold({nullptr, [counted](void*) { --counted->statistics.open; }});
    auto arrived = std::make_shared<std::unique_ptr<transport::stream>>(std::move(theirs));
    on.tell([counted, arrived, &on] { counted->handler(on, std::move(*arrived)); });
    return std::move(mine);
  }

  struct spoiled {
    end at;
    std::shared_ptr<memory_fault> fault;
    std::size_t octets;
  };

  std::map<std::string, rule> rules_;
  std::map<std::uint16_t, spoiled> spoiled_;
  std::map<std::string, std::vector<std::string>> names_;
  std::map<std::string, duration> lookup_delays_;
  std::map<std::uint16_t, std::shared_ptr<listening>> listening_;
  std::uint16_t next_port_ = 40000;
};

}  // namespace diamgw::test
