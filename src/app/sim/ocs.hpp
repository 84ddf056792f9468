// A credit-control server (RFC 8506) as a pure machine: a request and the time in, an answer out.
//
//        CCR + now ──► ocs ──► CCA
//                       │
//      accounts ◄───────┴──────► sessions (reservations, the last answer, a deadline)
//
// Rules for editors: no socket, clock, timer, log or random source here; the driver owns those.
// Whatever changes a balance goes through the four functions of accounts.hpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/sim/accounts.hpp"
#include "app/sim/credit_answer.hpp"
#include "app/sim/credit_request.hpp"
#include "diamgw/base/clock.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/writer.hpp"

namespace diamgw::sim {

struct ocs_options {
  std::string origin_host;
  std::string origin_realm;
  sim::accounts::options accounts{};
  tariff prices{};
  /// Granted where the client leaves the amount to the server: an empty Requested-Service-Unit.
  service_units default_quota{.total_octets = 100'000};
  /// Validity-Time of a grant (§8.33), in whole seconds; a client re-authorizes before it ends.
  std::chrono::seconds validity{3600};
  /// Tcc (§7): an open session that is silent for so long is closed, its reservations released.
  /// §7 asks for twice the Validity-Time.
  std::chrono::seconds session_timeout{7200};
  /// How long the last answer of an ended session is kept to answer repeats.
  std::chrono::seconds repeat_window{30};
  /// Open and remembered sessions together. At the limit the oldest remembered one is forgotten;
  /// with open ones only, a CCR-I or CCR-E is answered 3004.
  std::size_t max_sessions = 100'000;
  /// Quotas that one session may hold at once; a further one gets Result-Code 5006 inside its
  /// Multiple-Services-Credit-Control.
  std::size_t max_quotas_per_session = 64;
};

/// What the server has done so far; each count only grows.
struct ocs_statistics {
  std::uint64_t initial = 0;
  std::uint64_t update = 0;
  std::uint64_t termination = 0;
  std::uint64_t event = 0;
  std::uint64_t repeats = 0;        // answered again with the same answer
  std::uint64_t limit_reached = 0;  // 4012, at either level
  std::uint64_t errors = 0;         // any other refusal
  std::uint64_t expired = 0;        // sessions that Tcc ended
};

/// When a request came, and by which peer: the server's own requests for its session go back there.
struct arrival {
  time_point at;
  std::string_view via{};  // the peer's DiameterIdentity
};

/// What a server asks for a session of its own.
enum class session_request : std::uint8_t { re_auth, abort };

/// Not shared between threads.
class ocs {
 public:
  explicit ocs(ocs_options options);
  ~ocs();
  ocs(const ocs&) = delete;
  ocs& operator=(const ocs&) = delete;

  /// Answers one Credit-Control-Request.
  /// in:     a CCR whose top-level AVPs were checked; `out` at its start
  /// out:    the whole answer, header included, in `out`; `out.overflowed()` where it does not
  ///         fit: then ask again with more room, the repeat gets the same answer
  /// errors: become answers: 3004, 3007, 4012, 5002, 5004, 5006, 5030, and what a broken grammar is
  /// (5001,
  ///         5005, 5008, 5009, 5014, with Failed-AVP)
  bytes_view on_ccr(const diameter::message_view& request, diameter::writer& out, arrival came);
  /// Answers a Credit-Control-Request by this code, whatever it asks for, and changes nothing: no
  /// session, no account, no count.
  bytes_view refuse_ccr(const diameter::message_view& request, cc_result code,
                        diameter::writer& out);

  /// Builds a Re-Auth-Request (RFC 6733 §8.3.1, RFC 8506 §5.5) or an Abort-Session-Request (RFC
  /// 6733 §8.5.1) for an open session. Neither ends it: the client's CCR does, or Tcc.
  /// out:    the message in `out`, or an empty view: no such open session, or `out` overflowed
  bytes_view make_request(session_request what, std::string_view session_id,
                          hop_by_hop_id hop_by_hop, end_to_end_id end_to_end,
                          diameter::writer& out) const;

  /// Ends sessions whose Tcc ran out and forgets old answers. Cost: O(what ends).
  void on_timer(time_point now);
  /// When `on_timer` has something to do; `time_point::max()` for never.
  [[nodiscard]] time_point next_deadline() const noexcept;

  [[nodiscard]] bool has_open_session(std::string_view session_id) const;
  /// The peer that the last request of an open session came by; empty where there is none.
  [[nodiscard]] std::string_view find_way(std::string_view session_id) const;
  [[nodiscard]] std::size_t open_sessions() const noexcept { return open_; }
  /// Calls `each` for every open session, in no order.
  void for_each_session(
      const std::function<void(std::string_view session_id, std::string_view subscriber,
                               credit reserved)>& each) const;

  [[nodiscard]] sim::accounts& accounts() noexcept { return accounts_; }
  [[nodiscard]] const ocs_statistics& statistics() const noexcept { return statistics_; }

 private:
  struct session;
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using table = std::unordered_map<std::string, session, hash, std::equal_to<>>;
  using deadlines = std::multimap<time_point, session*>;

  /// What one quota comes to.
  struct allotment {
    cc_result code = cc_result::success;
    service_units units;
    bool final = false;  // nothing more will follow
  };

  outcome serve(const credit_request& in, const arrival& came);
  outcome initial(const credit_request& in, const arrival& came);
  outcome update(const credit_request& in, session& s, time_point now);
  outcome event(const credit_request& in, const arrival& came);
  outcome charge_event(const credit_request& in, account& a);

  outcome grant_all(const credit_request& in, session& s);
  outcome grant_session(const service_request& wanted, session& s);
  cc_result grant_service(const service_request& wanted, session& s);
  allotment allot(const service_request& wanted, session& s) const;
  void settle_all(const credit_request& in, session& s) const;
  void settle(const service_request& what, session& s) const;

  result<account*, cc_result> account_of(const credit_request& in);
  session* find_session(std::string_view id);
  session* open_session(const credit_request& in, account& a, const arrival& came);
  static void remember(session& s, const credit_request& in, bytes_view avps, outcome o);
  void close(session& s, time_point now);
  void erase(session& s);
  void set_deadline(session& s, time_point at);
  void count(request_type type, cc_result code) noexcept;
  /// The AVPs of the answer that was made, but for those that depend on the way which the request
  /// took; in `scratch_`.
  bytes_view encode(cc_result code);
  /// The whole answer: `avps`, Failed-AVP, every Proxy-Info of the request (RFC 6733 §6.2).
  static bytes_view write_answer(const diameter::message_view& request, outcome o, bytes_view avps,
                                 diameter::writer& out);

  ocs_options options_;
  std::vector<std::byte> origin_;  // Origin-Host and Origin-Realm, for error answers
  diameter::validator rules_;
  sim::accounts accounts_;
  table sessions_;
  deadlines open_deadlines_;    // Tcc of open sessions
  deadlines closed_deadlines_;  // of answers that are only remembered
  std::size_t open_ = 0;
  ocs_statistics statistics_;
  credit_answer answer_;
  std::vector<std::byte> scratch_;
};

}  // namespace diamgw::sim
