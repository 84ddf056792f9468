// The peer state machine (RFC 6733 §5.6): initiator and responder, election, capabilities exchange,
// watchdog, disconnection and reconnection of one configured peer.
#pragma once
#include <boost/container/static_vector.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "diamgw/base/clock.hpp"
#include "diamgw/base/random_sequence.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/ending.hpp"
#include "diamgw/diameter/identifiers.hpp"
#include "diamgw/diameter/watchdog.hpp"

namespace diamgw::diameter {

enum class peer_state : std::uint8_t {
  closed,
  wait_conn_ack,
  wait_i_cea,
  wait_conn_ack_elect,
  wait_returns,
  r_open,
  i_open,
  closing,
};

// What the driver is to do, in this order. Messages are made by `encode`.
struct connect {};  // open the initiator connection; report on_connected or on_connect_failed
struct send_cer {
  message_ids ids;
};
struct send_cea {
  kept_in_answer kept;
};
struct send_dwr {
  connection on;
  message_ids ids;
};
struct send_dwa {
  connection on;
  kept_in_answer kept;
};
struct send_dpr {
  connection on;
  message_ids ids;
  disconnect_cause cause;
};
struct send_dpa {
  connection on;
  kept_in_answer kept;
};
/// The message just passed in is for the layer above: an application's request or answer.
struct deliver {
  connection on;
};
/// Answer the request just passed in with this Result-Code and nothing else, or by the violation
/// that was passed in with it.
struct refuse {
  connection on;
  result_code code;
  const violation* broken = nullptr;
};
/// R-Accept: the connection that `on_incoming` was about is the machine's `connection::responder`
/// from now on.
struct accept_incoming {};
/// R-Reject: send a CEA with this fault on the connection that `on_incoming` was about, which is
/// not the machine's, then end that connection.
struct reject_incoming {
  kept_in_answer kept;
  capabilities_fault fault;
  ending why;
  const violation* broken = nullptr;  // says more than `fault` where it is there
};
/// End the connection once what was sent is flushed, or give up connecting. Report nothing about
/// it any more.
struct disconnect {
  connection on;
  std::optional<ending> failed{};  // why it failed, where the other one goes on; else `closed` says
};
/// The connection is open; `peer()` and `common()` are known. Service starts with `okay`.
struct opened {
  connection on;
};
/// The peer serves (again): new requests may go to it.
struct okay {};
/// RFC 3539 failover: no new requests to the peer, pending ones move or fail; answers may still
/// come.
struct suspect {};
/// A DPR was sent or received: no new requests; pending ones may still be answered until `closed`.
struct draining {};
/// No connection is left; whatever is pending ends. Says what ended this connection or attempt, and
/// nothing older.
struct closed {
  ending why;
};

using peer_action = std::variant<connect, send_cer, send_cea, send_dwr, send_dwa, send_dpr,
                                 send_dpa, deliver, refuse, accept_incoming, reject_incoming,
                                 disconnect, opened, okay, suspect, draining, closed>;
using peer_actions = boost::container::static_vector<peer_action, 8>;

/// Whether this node opens connections to the peer.
enum class connect_policy : std::uint8_t { initiate, accept_only };
/// Whether the Origin-Host in the peer's CER and CEA must be the configured one.
enum class identity_check : std::uint8_t { exact, any };

struct peer_options {
  // Of the peer, as configured. Another realm than this is no fault, but goes into reports.
  std::string origin_host;
  std::string origin_realm;
  connect_policy policy = connect_policy::initiate;
  identity_check identity = identity_check::exact;
  strictness cer_strictness = strictness::lenient;
  /// From `connect` to on_connected; then the connection counts as refused.
  std::chrono::milliseconds connect_timeout{5'000};
  /// From CER to CEA, and of an election; then every connection ends (§5.6 Timeout).
  std::chrono::milliseconds capabilities_timeout{10'000};
  /// From DPR or DPA to the end of the connection; then we end it.
  std::chrono::milliseconds disconnect_timeout{5'000};
  /// Wait before the first reconnection, doubled at each failure up to `reconnect_max`; both are
  /// §2.1's Tc of 30 s by default. After a DPR with REBOOTING the wait is `reconnect_max`.
  std::chrono::milliseconds reconnect_min{30'000};
  std::chrono::milliseconds reconnect_max{30'000};
  /// Each wait is spread by up to this much, both ways, so that peers do not come back at once.
  std::uint32_t reconnect_jitter_percent = 10;
  /// Wait after a DPR with BUSY or DO_NOT_WANT_TO_TALK_TO_YOU, and after each attempt from then on
  /// that failed; 0: none is made but for a request (`on_wanted`).
  std::chrono::milliseconds reconnect_after_leave{300'000};
  watchdog_options watchdog;
};

/// Randomness and wall-clock time, which the owner draws once.
struct peer_seed {
  std::uint64_t random = 0;
  std::uint32_t unix_seconds = 0;  // for End-to-End Identifiers (§3)
};

/// Machine of one configured peer, for its whole life.
///
/// Driver's duties: perform the actions in their order, before the next event; hand in every
/// message of either connection but the first of an accepted one, which goes to `on_incoming` once
/// it is known to be a CER that names this peer; call `on_timer` at `next_deadline()`; report
/// nothing about a connection after `disconnect` of it or `on_disconnected` from it.
///
/// An accepted connection is the machine's (`connection::responder`) from `accept_incoming` on;
/// `on_incoming` gives that or `reject_incoming`, as its first action. Between `opened` and
/// `closed` there is one connection, `open_connection()`. No allocation but for capabilities
/// exchange. One thread. `now` never runs backwards.
class peer_machine {
 public:
  /// `node` must outlive the machine.
  peer_machine(const local_node& node, peer_options options, const peer_seed& seed);

  /// Start: the operator wants the peer; connects at once where the policy is to initiate. Ends
  /// what BUSY, DO_NOT_WANT_TO_TALK_TO_YOU or `on_stop` had said.
  [[nodiscard]] peer_actions on_start(time_point now);
  /// I-Rcv-Conn-Ack and I-Rcv-Conn-Nack.
  [[nodiscard]] peer_actions on_connected(time_point now);
  /// `why`: the transport's words (here and below).
  [[nodiscard]] peer_actions on_connect_failed(time_point now, std::string_view why = {});
  /// R-Conn-CER; the octets of `cer` are not kept.
  /// `broken` is what agent::check_between_peers found, null for nothing; here and below it lives
  /// until the actions are performed.
  [[nodiscard]] peer_actions on_incoming(const message_view& cer, time_point now,
                                         const violation* broken = nullptr);
  /// A checked message on a connection of the machine. Only CER, DWR and DPR can be `broken`: what
  /// they ask for is not done then.
  [[nodiscard]] peer_actions on_message(connection on, const message_view& message, time_point now,
                                        const violation* broken = nullptr);
  /// A message that nobody can read, or above the limit: it shows the peer alive, no more.
  [[nodiscard]] peer_actions on_unreadable(connection on, time_point now);
  /// The commonest event, without a list of actions (80 instructions less): true where the message
  /// is an application's, on the open connection of a peer that is not suspected. Then it was
  /// noted, and on_message would say `deliver` alone. False: nothing was done.
  [[nodiscard]] bool delivers(connection on, const message_view& message, time_point now) noexcept;
  /// I-Peer-Disc, R-Peer-Disc: the transport has ended, in whatever way.
  [[nodiscard]] peer_actions on_disconnected(connection on, time_point now,
                                             std::string_view why = {});
  /// Before the connection is open: a message that cannot be read. Later: a stream that cannot be
  /// cut into messages any more.
  [[nodiscard]] peer_actions on_malformed(connection on, time_point now, std::string_view what);
  /// A request could go to this peer and to no other: §5.4's valid reason to connect again to one
  /// that has left. At most one attempt in the time that reconnections wait.
  [[nodiscard]] peer_actions on_wanted(time_point now);
  /// The operator wants an attempt now, whatever the peer had said; nothing where there is no
  /// connection to be made.
  [[nodiscard]] peer_actions on_retry(time_point now);
  /// Stop: DPR with `cause` where open; no reconnection and nothing accepted until `on_start`.
  [[nodiscard]] peer_actions on_stop(disconnect_cause cause, time_point now);
  /// Does what is due; nothing before `next_deadline()`.
  [[nodiscard]] peer_actions on_timer(time_point now);

  /// `time_point::max()` where nothing is to come.
  [[nodiscard]] time_point next_deadline() const noexcept;
  [[nodiscard]] peer_state state() const noexcept { return state_; }
  [[nodiscard]] watchdog_state watchdog() const noexcept { return watchdog_.state(); }
  /// Whether there is a connection whose capabilities were exchanged, in service or not any more.
  [[nodiscard]] bool has_exchanged() const noexcept {
    return is_open() || state_ == peer_state::closing;
  }
  /// Both machines' states as one, in everybody's words.
  [[nodiscard]] link_state link() const noexcept;
  /// When the next attempt to connect is made; `time_point::max()` where none is to come.
  [[nodiscard]] time_point next_attempt() const noexcept { return reconnect_at_; }
  [[nodiscard]] bool is_open() const noexcept {
    return state_ == peer_state::i_open || state_ == peer_state::r_open;
  }
  /// The connection that is or was last open.
  [[nodiscard]] connection open_connection() const noexcept { return open_on_; }
  /// Between `opened` and `closed`: what the peer said, and the applications in common.
  [[nodiscard]] const peer_capabilities& peer() const noexcept { return peer_; }
  [[nodiscard]] const std::vector<application_id>& common() const noexcept { return common_; }
  /// CEAs, DWAs and DPAs that answered nothing of ours.
  [[nodiscard]] std::uint64_t unmatched_answers() const noexcept { return unmatched_answers_; }
  [[nodiscard]] const peer_options& options() const noexcept { return options_; }

 private:
  struct incoming {  // an R-Conn-CER whose answer is due
    kept_in_answer kept;
    peer_capabilities capabilities;
  };

  [[nodiscard]] message_ids next_ids() noexcept;
  [[nodiscard]] bool is_configured_peer(std::string_view origin_host) const noexcept;
  [[nodiscard]] ending end_of_closing() const;
  [[nodiscard]] ending end_of_exchange(disconnect_reason reason, const message_view& said) const;
  void reject(peer_actions& actions, const message_view& cer, capabilities_fault fault, ending why,
              const violation* broken = nullptr);
  [[nodiscard]] result<peer_capabilities, capabilities_fault> process_cer(const message_view& cer);
  void start_connecting(peer_actions& actions, time_point now);
  void send_own_cer(peer_actions& actions, time_point now, peer_state next);
  void run_election(peer_actions& actions, time_point now);
  void accept_and_open(peer_actions& actions, time_point now);
  void open(peer_actions& actions, connection on, peer_capabilities&& peer, time_point now);
  void begin_closing(peer_actions& actions, time_point now);
  void close(peer_actions& actions, ending why, time_point now);
  void schedule_reconnect(time_point now);
  void on_answer_to_cer(peer_actions& actions, const message_view& message, time_point now);
  void end_initiator(peer_actions& actions, ending why, time_point now);
  void on_message_in_open(peer_actions& actions, const message_view& message, time_point now,
                          const violation* broken);
  void on_message_in_closing(peer_actions& actions, const message_view& message, time_point now,
                             const violation* broken);
  void on_dpr(peer_actions& actions, const message_view& dpr, time_point now);
  void on_state_timeout(peer_actions& actions, time_point now);
  /// `silence`: what `close` among them means.
  void apply(peer_actions& actions, const watchdog_actions& from, time_point now,
             std::string_view silence = {});

  const local_node& node_;
  peer_options options_;
  diameter::watchdog watchdog_;
  end_to_end_source end_to_end_;
  base_hop_by_hop_source hop_by_hop_;
  random_sequence random_;

  peer_state state_ = peer_state::closed;
  connection open_on_ = connection::initiator;
  bool wanted_ = false;               // on_start came, and no on_stop after it
  bool barred_ = false;               // the peer said BUSY or DO_NOT_WANT_TO_TALK_TO_YOU
  std::optional<ending> left_by_;     // closing was begun by the peer's DPR
  std::optional<incoming> incoming_;  // in wait_conn_ack_elect and wait_returns
  hop_by_hop_id cer_id_;
  hop_by_hop_id dwr_id_;
  std::optional<hop_by_hop_id> dpr_id_;
  time_point state_deadline_ = time_point::max();
  time_point reconnect_at_ = time_point::max();
  time_point wanted_from_{};  // earlier on_wanted does nothing
  std::chrono::milliseconds reconnect_wait_;
  std::optional<std::chrono::milliseconds> reconnect_after_;  // said by a DPR
  peer_capabilities peer_;
  std::vector<application_id> common_;
  std::uint64_t unmatched_answers_ = 0;
};

/// Writes the message that an action asks for: send_*, refuse excepted (answers.hpp has what it
/// needs), reject_incoming included. `addresses` are the local ones of the connection.
/// out: the whole message; empty where the action sends none or the message does not fit.
bytes_view encode(const peer_action& action, const local_node& node,
                  std::span<const host_address> addresses, writer& out) noexcept;

/// Short lower-case names for logs and metrics, from closed sets.
[[nodiscard]] std::string_view to_string(peer_state state) noexcept;
[[nodiscard]] std::string_view to_string(watchdog_state state) noexcept;

}  // namespace diamgw::diameter
