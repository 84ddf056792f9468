// Time that the test owns, and shards that it runs by hand in it: no thread, no sleep.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "diamgw/transport/shard.hpp"
#include "support/run_to_end.hpp"

namespace diamgw::test {

/// The one clock of all shards that were made with `maker()`; it stands still but in advance().
/// Outlives them.
class manual_time {
 public:
  explicit manual_time(time_point start = time_point{std::chrono::hours{1}}) : now_{start} {}

  [[nodiscard]] time_point now() const noexcept { return now_; }

  [[nodiscard]] transport::make_time_source maker() {
    return [this](boost::asio::io_context&, std::function<void()> on_time) {
      return std::make_unique<source>(*this, std::move(on_time));
    };
  }

  /// Lets `by` pass: goes from one alarm that falls into it to the next, and calls `after` after
  /// each and at the end.
  template <class After>
  void advance(duration by, After after) {
    const time_point end = now_ + by;
    while (source* next = find_due(end)) {
      now_ = std::max(now_, std::exchange(next->at, time_point::max()));
      next->on_time();
      after();
    }
    now_ = end;
    for (source* s : std::vector<source*>{sources_}) {
      s->on_time();  // not due, but the shard may have kept the time before
    }
    after();
  }
  void advance(duration by) {
    advance(by, [] {});
  }

 private:
  struct source final : transport::time_source {
    source(manual_time& t, std::function<void()> f) : owner{&t}, on_time{std::move(f)} {
      owner->sources_.push_back(this);
    }
    ~source() override { std::erase(owner->sources_, this); }
    time_point now() noexcept override { return owner->now_; }
    void wake_at(time_point when) override { at = when; }

    manual_time* owner;
    std::function<void()> on_time;
    time_point at = time_point::max();
  };

  [[nodiscard]] source* find_due(time_point end) const {
    const auto first =
        std::ranges::min_element(sources_, {}, [](const source* s) { return s->at; });
    return first != sources_.end() && (*first)->at <= end ? *first : nullptr;
  }

  time_point now_;
  std::vector<source*> sources_;
};

/// Shards on the test's own thread, in time of the test's own. A failure fails the test.
class stepped_shards {
 public:
  explicit stepped_shards(std::size_t shards = 1, transport::shard_group::options o = one_shard())
      : group_{with(std::move(o), shards, time_)} {}

  [[nodiscard]] transport::shard_group& group() noexcept { return group_; }
  [[nodiscard]] transport::shard& at(std::size_t index = 0) noexcept { return group_.at(index); }
  [[nodiscard]] time_point now() const noexcept { return time_.now(); }

  /// All that is ready, on all shards.
  void run() { group_.run_ready(); }
  /// Lets time pass, and runs what becomes ready at each alarm in it.
  void advance(duration by) {
    run();
    time_.advance(by, [this] { run(); });
  }

 private:
  static transport::shard_group::options with(transport::shard_group::options o, std::size_t shards,
                                              manual_time& time) {
    o.shards = shards;
    o.make_time = time.maker();
    return o;
  }

  manual_time time_;
  transport::shard_group group_;
};

}  // namespace diamgw::test
