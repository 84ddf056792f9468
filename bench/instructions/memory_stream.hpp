// A connection in memory whose other side is a function of the harness. It costs as little as may
// be: what is counted is the gateway.
#pragma once
#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "diamgw/transport/stream.hpp"

namespace diamgw::bench {

/// Who reads what the gateway writes.
class other_side {
 public:
  virtual void on_octets(std::span<const bytes_view> views) = 0;

 protected:
  ~other_side() = default;
};

/// The connection itself; outlives its streams, of which it has one at a time. One read is given
/// what one `receive` brought, as far as there is room; writes end at once.
class memory_connection {
 public:
  memory_connection(transport::shard& on, other_side& to) : on_{&on}, to_{&to} {}

  /// For the next read; the octets must live until it has ended, and the last must have been read.
  void receive(bytes_view octets) {
    incoming_ = octets;
    wake();
  }

 private:
  friend class memory_stream;
  using token = boost::asio::use_awaitable_t<>;
  using handler = boost::asio::async_result<token, void()>::handler_type;

  transport::awaitable<void> wait() {
    return boost::asio::async_initiate<const token, void()>(
        [this](handler h) { waiting_.emplace(std::move(h)); }, boost::asio::use_awaitable);
  }

  /// As a socket's reactor does: the reader goes on in a turn of the loop, not in here.
  void wake() {
    if (waiter_) {
      boost::asio::post(on_->context(), [on = on_, w = std::move(waiter_)] {
        on->time_has_passed();
        w->on_readable({});
      });
    }
    if (waiting_) {
      handler h = std::move(*waiting_);
      waiting_.reset();
      boost::asio::post(on_->context(), std::move(h));
    }
  }

  transport::shard* on_;
  other_side* to_;
  bytes_view incoming_;
  std::optional<handler> waiting_;
  std::shared_ptr<transport::read_waiter> waiter_;
  std::uint64_t writes_ = 0;
  bool closed_ = false;
  transport::endpoint_address local_ = transport::endpoint_address::v4({192, 0, 2, 1}, 3868);
  transport::endpoint_address remote_ = transport::endpoint_address::v4({192, 0, 2, 2}, 40000);
};

class memory_stream final : public transport::stream {
 public:
  explicit memory_stream(memory_connection& of) : of_{&of} {}

  [[nodiscard]] transport::awaitable<transport::io_result> read(mutable_bytes into) override {
    if (of_->incoming_.empty() && !of_->closed_) {
      co_await of_->wait();
    }
    of_->on_->time_has_passed();
    co_return read_now(into);
  }

  void wait_readable(std::shared_ptr<transport::read_waiter> who) override {
    of_->waiter_ = std::move(who);
    if (!of_->incoming_.empty() || of_->closed_) {
      of_->wake();
    }
  }

  [[nodiscard]] transport::io_result read_now(mutable_bytes into) noexcept override {
    if (of_->closed_) {
      return {boost::asio::error::operation_aborted, 0};
    }
    const std::size_t n = std::min(into.size(), of_->incoming_.size());
    std::memcpy(into.data(), of_->incoming_.data(), n);
    of_->incoming_ = of_->incoming_.subspan(n);
    return {{}, n};
  }

  [[nodiscard]] transport::awaitable<transport::io_result> write(
      std::span<const bytes_view> views) override {
    co_return write_now(views);
  }

  [[nodiscard]] transport::io_result write_now(std::span<const bytes_view> views) override {
    std::size_t n = 0;
    for (const bytes_view view : views) {
      n += view.size();
    }
    ++of_->writes_;
    of_->to_->on_octets(views);
    return {{}, n};
  }

  void shutdown_send() noexcept override {}
  void close() noexcept override {
    of_->closed_ = true;
    of_->wake();
  }
  [[nodiscard]] std::unique_ptr<transport::detached_stream> detach() override {
    return std::make_unique<detached>(*of_);
  }
  [[nodiscard]] std::span<const transport::endpoint_address> local() const noexcept override {
    return {&of_->local_, 1};
  }
  [[nodiscard]] const transport::endpoint_address& remote() const noexcept override {
    return of_->remote_;
  }
  void hold(std::shared_ptr<void> /*until_closed*/) override {}
  [[nodiscard]] std::uint64_t write_calls() const noexcept override { return of_->writes_; }

 private:
  class detached final : public transport::detached_stream {
   public:
    explicit detached(memory_connection& of) : of_{&of} {}
    [[nodiscard]] std::unique_ptr<transport::stream> attach(transport::shard&) override {
      return std::make_unique<memory_stream>(*of_);
    }

   private:
    memory_connection* of_;
  };

  memory_connection* of_;
};

}  // namespace diamgw::bench
