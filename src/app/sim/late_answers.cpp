#include "app/sim/late_answers.hpp"

#include <utility>

namespace diamgw::sim {

late_answers::late_answers(transport::shard& on, sender send)
    : on_{on}, send_{std::move(send)}, next_{on, [this] { send_due(); }} {}

void late_answers::hold(time_point at, gateway::request_origin to, diameter::message answer) {
  held_.emplace(at, held_answer{to, std::move(answer)});
  next_.arm(held_.begin()->first);
}

void late_answers::send_due() {
  while (!held_.empty() && held_.begin()->first <= on_.now()) {
    auto due = held_.extract(held_.begin());
    send_(due.mapped().to, std::move(due.mapped().answer));
  }
  if (!held_.empty()) {
    next_.arm(held_.begin()->first);
  }
}

}  // namespace diamgw::sim
