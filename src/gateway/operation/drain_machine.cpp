#include "gateway/operation/drain_machine.hpp"

#include <algorithm>

namespace diamgw::gateway {

drain_actions drain_machine::on_start(time_point now) {
  if (state_ != drain_state::serving) {
    return {};
  }
  state_ = drain_state::refusing;
  deadline_ = now + options_.timeout;
  // Requests may not use up the time in which clients are told and leave, nor that time half of
  // all.
  step_deadline_ =
      deadline_ - std::min(options_.client_spread + options_.close_timeout, options_.timeout / 2);
  return {refuse_requests{}};
}

drain_actions drain_machine::on_progress(const drain_progress& left, time_point now) {
  const bool late = now >= step_deadline_;
  drain_actions actions;
  switch (state_) {
    case drain_state::serving:
    case drain_state::done:
      break;
    case drain_state::refusing:
      if ((left.requests != 0 || !left.refusing) && !late) {
        break;
      }
      if (left.requests != 0) {
        whole_ = false;
        actions.push_back(give_up_requests{});
      }
      state_ = drain_state::leaving;
      step_deadline_ = deadline_;
      actions.push_back(close_clients{
          std::clamp<duration>(deadline_ - now, duration::zero(), options_.client_spread)});
      break;
    case drain_state::leaving:
      if (left.clients != 0 && !late) {
        break;
      }
      whole_ = whole_ && left.clients == 0;
      state_ = drain_state::disconnecting;
      // A DPR without its time would look like a crash to the peer.
      step_deadline_ = std::max(deadline_, now + options_.disconnect_timeout);
      actions.push_back(disconnect_peers{});
      break;
    case drain_state::disconnecting:
      if (left.peers_connected && !late) {
        break;
      }
      state_ = drain_state::done;
      step_deadline_ = time_point::max();
      actions.push_back(drained{whole_ && !left.peers_connected});
      break;
  }
  return actions;
}

}  // namespace diamgw::gateway
