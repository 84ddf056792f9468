#include <variant>

#include "diamgw/diameter/peer_machine.hpp"

namespace diamgw::diameter {
namespace {

struct encoder {
  const local_node& node;
  std::span<const host_address> addresses;
  writer& out;

  bytes_view operator()(const send_cer& a) const noexcept {
    return encode_cer(out, node, addresses, a.ids);
  }
  bytes_view operator()(const send_cea& a) const noexcept {
    return encode_cea(out, node, addresses, a.kept);
  }
  bytes_view operator()(const reject_incoming& a) const noexcept {
    return a.broken != nullptr ? encode_cea(out, node, addresses, a.kept, *a.broken)
                               : encode_cea(out, node, addresses, a.kept, a.fault);
  }
  bytes_view operator()(const send_dwr& a) const noexcept { return encode_dwr(out, node, a.ids); }
  bytes_view operator()(const send_dwa& a) const noexcept {
    return encode_dwa(out, node, a.kept, result_code::success);
  }
  bytes_view operator()(const send_dpr& a) const noexcept {
    return encode_dpr(out, node, a.ids, a.cause);
  }
  bytes_view operator()(const send_dpa& a) const noexcept {
    return encode_dpa(out, node, a.kept, result_code::success);
  }
  // The rest sends no message of the base protocol.
  bytes_view operator()(const connect&) const noexcept { return {}; }
  bytes_view operator()(const deliver&) const noexcept { return {}; }
  bytes_view operator()(const refuse&) const noexcept { return {}; }
  bytes_view operator()(const accept_incoming&) const noexcept { return {}; }
  bytes_view operator()(const disconnect&) const noexcept { return {}; }
  bytes_view operator()(const opened&) const noexcept { return {}; }
  bytes_view operator()(const okay&) const noexcept { return {}; }
  bytes_view operator()(const suspect&) const noexcept { return {}; }
  bytes_view operator()(const draining&) const noexcept { return {}; }
  bytes_view operator()(const closed&) const noexcept { return {}; }
};

}  // namespace

bytes_view encode(const peer_action& action, const local_node& node,
                  std::span<const host_address> addresses, writer& out) noexcept {
  return std::visit(encoder{node, addresses, out}, action);
}

std::string_view to_string(peer_state state) noexcept {
  switch (state) {
    case peer_state::closed:
      return "closed";
    case peer_state::wait_conn_ack:
      return "wait_conn_ack";
    case peer_state::wait_i_cea:
      return "wait_i_cea";
    case peer_state::wait_conn_ack_elect:
      return "wait_conn_ack_elect";
    case peer_state::wait_returns:
      return "wait_returns";
    case peer_state::r_open:
      return "r_open";
    case peer_state::i_open:
      return "i_open";
    case peer_state::closing:
      return "closing";
  }
  return "?";
}

std::string_view to_string(watchdog_state state) noexcept {
  switch (state) {
    case watchdog_state::initial:
      return "initial";
    case watchdog_state::okay:
      return "okay";
    case watchdog_state::suspect:
      return "suspect";
    case watchdog_state::down:
      return "down";
    case watchdog_state::reopen:
      return "reopen";
  }
  return "?";
}

}  // namespace diamgw::diameter
