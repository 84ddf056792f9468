#include "app/sim/accounts.hpp"

#include <algorithm>

#include "diamgw/base/assert.hpp"

namespace diamgw::sim {

result<account*, accounts::failure> accounts::find_or_open(std::string_view subscriber) {
  if (const auto found = table_.find(subscriber); found != table_.end()) {
    return &found->second;
  }
  if (options_.strict || subscriber.empty()) {
    return failure::unknown;
  }
  if (table_.size() >= options_.max_accounts) {
    return failure::full;
  }
  return &table_.emplace(subscriber, account{.balance = options_.default_balance}).first->second;
}

const account* accounts::find(std::string_view subscriber) const {
  const auto found = table_.find(subscriber);
  return found == table_.end() ? nullptr : &found->second;
}

bool accounts::set_balance(std::string_view subscriber, credit balance) {
  const auto found = table_.find(subscriber);
  if (found != table_.end()) {
    found->second.balance = std::max(balance, found->second.reserved);
    return true;
  }
  if (table_.size() >= options_.max_accounts) {
    return false;
  }
  table_.emplace(subscriber, account{.balance = balance});
  return true;
}

void reserve_credit(account& a, credit amount) noexcept {
  DIAMGW_ASSERT(amount <= a.available());
  a.reserved += amount;
}

void release_credit(account& a, credit amount) noexcept {
  DIAMGW_ASSERT(amount <= a.reserved);
  a.reserved -= amount;
}

void debit_credit(account& a, credit amount) noexcept {
  // Credit that other sessions reserved stays theirs.
  a.balance -= std::min(amount, a.available());
}

void refund_credit(account& a, credit amount) noexcept {
  a.balance = add_credit(a.balance, amount);
}

}  // namespace diamgw::sim
