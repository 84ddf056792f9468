// A stream in memory: what it reads is scripted, what is written to it is kept.
#pragma once
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/transport/event.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::test {

/// See the top of the file. Operations (reads and writes) are counted from 1, in the order in
/// which they begin. Both complete at once where they can; a read without script and a write that
/// is held wait until there is more, or until close(), as on a socket.
class fake_stream : public transport::stream {
 public:
  explicit fake_stream(transport::shard& on) : shard_{&on}, readable_{on}, writable_{on} {}

  // --- the script; may be extended while the test runs ---

  /// One read returns these octets, or as many reads as the reader's room makes of them.
  fake_stream& receives(std::string_view octets) {
    script_.push_back({std::string{octets}, {}});
    readable_.notify();
    return *this;
  }
  fake_stream& receives(bytes_view octets) { return receives(as_text(octets)); }
  /// Each octet by a read of its own.
  fake_stream& receives_octet_by_octet(std::string_view octets) {
    for (const char& c : octets) {
      receives(std::string_view{&c, 1});
    }
    return *this;
  }
  /// The other side ends: eof, or `error`.
  fake_stream& ends(error_code error = boost::asio::error::eof) {
    script_.push_back({{}, error});
    readable_.notify();
    return *this;
  }
  /// The operation of that number fails, and all after it.
  fake_stream& fails_at(std::size_t operation,
                        error_code error = boost::asio::error::connection_reset) {
    fail_at_ = operation;
    failure_ = error;
    return *this;
  }
  /// Writes wait from now on, as with a peer that reads nothing.
  void hold_writes() { held_ = true; }
  void release_writes() {
    held_ = false;
    writable_.notify();
  }
  /// Our end has these addresses.
  void has_local(std::vector<transport::endpoint_address> addresses) {
    local_ = std::move(addresses);
  }
  /// write_now() takes so many octets, and leaves the rest to write(); 0 is none ever.
  void takes_at_once(std::size_t octets) { at_once_ = octets; }
  /// Called after each write, with what it wrote: to script an answer.
  std::function<void(std::string_view)> on_write;

  // --- what happened ---

  [[nodiscard]] const std::string& written() const noexcept { return written_; }
  /// The octets written since the last call.
  [[nodiscard]] std::string take_written() { return std::exchange(written_, {}); }
  /// How many views each write gathered.
  [[nodiscard]] const std::vector<std::size_t>& gathered() const noexcept { return gathered_; }
  [[nodiscard]] std::size_t operations() const noexcept { return operations_; }
  [[nodiscard]] bool has_failed() const noexcept { return operations_ >= fail_at_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] bool send_was_shut_down() const noexcept { return shut_down_; }

  // --- stream ---

  [[nodiscard]] transport::awaitable<transport::io_result> read(mutable_bytes into) override {
    if (fails_now()) {
      co_return transport::io_result{failure_, 0};
    }
    while (script_.empty() && !closed_) {
      co_await readable_.wait();
    }
    shard_->time_has_passed();
    co_return read_now(into);
  }

  /// This is what counts as an operation, and not the read_now after it.
  void wait_readable(std::shared_ptr<transport::read_waiter> who) override {
    wait_readable(std::move(who), fails_now() ? failure_ : error_code{});
  }

  [[nodiscard]] transport::io_result read_now(mutable_bytes into) noexcept override {
    if (closed_) {
      return {boost::asio::error::operation_aborted, 0};
    }
    if (script_.empty()) {
      return {};
    }
    step& next = script_.front();
    if (next.error) {
      return {next.error, 0};  // stays: it ends for good
    }
    const std::size_t n = std::min(into.size(), next.octets.size());
    std::memcpy(into.data(), next.octets.data(), n);
    next.octets.erase(0, n);
    if (next.octets.empty()) {
      script_.pop_front();
    }
    return {{}, n};
  }

  [[nodiscard]] transport::awaitable<transport::io_result> write(
      std::span<const bytes_view> views) override {
    if (fails_now()) {
      co_return transport::io_result{failure_, 0};
    }
    while (held_ && !closed_) {
      co_await writable_.wait();
    }
    if (closed_ || shut_down_) {
      co_return transport::io_result{boost::asio::error::operation_aborted, 0};
    }
    co_return transport::io_result{{}, take(views, static_cast<std::size_t>(-1))};
  }

  [[nodiscard]] transport::io_result write_now(std::span<const bytes_view> views) override {
    if ((held_ || at_once_ == 0) && !closed_) {
      return {boost::asio::error::would_block, 0};
    }
    if (fails_now()) {
      return {failure_, 0};
    }
    if (closed_ || shut_down_) {
      return {boost::asio::error::operation_aborted, 0};
    }
    return {{}, take(views, at_once_)};
  }

  void shutdown_send() noexcept override { shut_down_ = true; }
  void close() noexcept override {
    closed_ = true;
    held_until_closed_.reset();
    readable_.notify();
    writable_.notify();
  }
  [[nodiscard]] std::unique_ptr<transport::detached_stream> detach() override { return nullptr; }
  [[nodiscard]] std::span<const transport::endpoint_address> local() const noexcept override {
    return local_;
  }
  [[nodiscard]] const transport::endpoint_address& remote() const noexcept override {
    return remote_;
  }
  void hold(std::shared_ptr<void> until_closed) override {
    held_until_closed_ = std::move(until_closed);
  }
  void watch(std::function<void(const transport::stream_report&)> told) override {
    told_ = std::move(told);
  }
  /// The transport says that.
  void says(const transport::stream_report& report) {
    if (told_) {
      told_(report);
    }
  }
  [[nodiscard]] std::uint64_t write_calls() const noexcept override { return gathered_.size(); }

 private:
  struct step {
    std::string octets;
    error_code error;
  };
  void wait_readable(std::shared_ptr<transport::read_waiter> who, error_code failed) {
    const bool at_once = failed || !script_.empty() || closed_;
    auto look = [this, w = std::move(who), failed]() mutable {
      if (!failed && script_.empty() && !closed_) {
        wait_readable(std::move(w), failed);
        return;
      }
      shard_->time_has_passed();
      w->on_readable(closed_ ? error_code{boost::asio::error::operation_aborted} : failed);
    };
    if (at_once) {
      boost::asio::post(shard_->context(), std::move(look));
    } else {
      readable_.wait_then(std::move(look));
    }
  }
  [[nodiscard]] bool fails_now() { return ++operations_ >= fail_at_; }

  [[nodiscard]] std::size_t take(std::span<const bytes_view> views, std::size_t most) {
    const std::size_t before = written_.size();
    for (const bytes_view view : views) {
      written_.append(as_text(view).substr(0, most - (written_.size() - before)));
    }
    gathered_.push_back(views.size());
    const std::size_t n = written_.size() - before;
    if (on_write) {
      const std::string latest = written_.substr(before);
      on_write(latest);
    }
    return n;
  }

  transport::shard* shard_;
  transport::event readable_;
  transport::event writable_;
  std::deque<step> script_;
  std::string written_;
  std::vector<std::size_t> gathered_;
  std::size_t operations_ = 0;
  std::size_t fail_at_ = static_cast<std::size_t>(-1);
  error_code failure_;
  std::size_t at_once_ = static_cast<std::size_t>(-1);
  bool held_ = false;
  bool closed_ = false;
  bool shut_down_ = false;
  std::vector<transport::endpoint_address> local_{
      transport::endpoint_address::v4({192, 0, 2, 1}, 3868)};
  transport::endpoint_address remote_ = transport::endpoint_address::v4({192, 0, 2, 2}, 40000);
  std::shared_ptr<void> held_until_closed_;
  std::function<void(const transport::stream_report&)> told_;
};

}  // namespace diamgw::test
