// Answers that are sent later than they were made.
#pragma once
#include <cstddef>
#include <functional>
#include <map>

#include "diamgw/base/clock.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/peers/request_sink.hpp"
#include "diamgw/transport/deadline.hpp"

namespace diamgw::sim {

/// Thread: the shard's. What is held when it is destroyed is never sent.
class late_answers {
 public:
  /// With more, whoever asks is to be told that we are too busy.
  static constexpr std::size_t max_held = 65'536;

  using sender = std::function<void(gateway::request_origin to, diameter::message answer)>;

  late_answers(transport::shard& on, sender send);

  [[nodiscard]] bool full() const noexcept { return held_.size() >= max_held; }
  [[nodiscard]] std::size_t size() const noexcept { return held_.size(); }
  /// Sends the answer at `at`, or up to a tick of the shard's timers later. Not where it is full.
  void hold(time_point at, gateway::request_origin to, diameter::message answer);

 private:
  struct held_answer {
    gateway::request_origin to;
    diameter::message answer;
  };

  void send_due();

  transport::shard& on_;
  sender send_;
  std::multimap<time_point, held_answer> held_;
  transport::deadline next_;
};

}  // namespace diamgw::sim
