// Balances of subscribers, with what running sessions have reserved of them.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/sim/service_units.hpp"
#include "diamgw/base/result.hpp"

namespace diamgw::sim {

struct account {
  credit balance = 0;   // what was not used up yet
  credit reserved = 0;  // granted to sessions and not settled; never more than `balance`

  [[nodiscard]] credit available() const noexcept { return subtract_credit(balance, reserved); }
};

/// Not shared between threads. References stay valid while the object lives: accounts never go.
class accounts {
 public:
  struct options {
    credit default_balance = 1'000'000;    // of a subscriber that is seen for the first time
    bool strict = false;                   // only subscribers that `set_balance` named are known
    std::size_t max_accounts = 1'000'000;  // one more is refused: 5006
  };

  enum class failure { unknown, full };

  explicit accounts(const options& o) : options_{o} {}

  /// The subscriber's account, opened with the default balance where allowed.
  [[nodiscard]] result<account*, failure> find_or_open(std::string_view subscriber);
  [[nodiscard]] const account* find(std::string_view subscriber) const;
  /// Opens or changes an account, reservations kept; false where the table is full.
  bool set_balance(std::string_view subscriber, credit balance);
  [[nodiscard]] std::size_t size() const noexcept { return table_.size(); }

 private:
  struct hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  options options_;
  std::unordered_map<std::string, account, hash, std::equal_to<>> table_;
};

/// Sets credit aside; the caller has checked that it is available.
void reserve_credit(account& a, credit amount) noexcept;
/// Gives a reservation back.
void release_credit(account& a, credit amount) noexcept;
/// Takes used credit off; more than the balance empties it ("deducted, if possible", §9.1).
void debit_credit(account& a, credit amount) noexcept;
/// A refund (§6.4); the balance saturates.
void refund_credit(account& a, credit amount) noexcept;

}  // namespace diamgw::sim
