#include "name_lookups.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace diamgw::transport {
namespace {

/// A name may have an address twice (two lines of /etc/hosts, say), which cannot be listened at
/// twice, and need not be dialled twice. Their order is the resolver's preference, and stays.
void leave_out_repeats(addresses_of_host& all) {
  addresses_of_host once;
  for (const endpoint_address& e : all) {
    if (std::ranges::find(once, e) == once.end()) {
      once.push_back(e);
    }
  }
  all = std::move(once);
}

}  // namespace

name_lookups::asker::asker(std::shared_ptr<name_lookups> of, std::string name, told tell)
    : of_{std::move(of)}, name_{std::move(name)}, tell_{std::move(tell)} {}

name_lookups::asker::~asker() {
  of_->leave(*this);
}

name_lookups::name_lookups(resolver resolve, std::size_t max_threads)
    : resolve_{std::move(resolve)}, max_threads_{max_threads} {}

std::unique_ptr<name_lookups::asker> name_lookups::ask(std::string name, told tell) {
  auto who = std::make_unique<asker>(shared_from_this(), std::move(name), std::move(tell));
  const std::scoped_lock lock{mutex_};
  question& q = questions_[who->name_];
  q.askers.push_back(who.get());
  const bool fresh = !q.begun && q.askers.size() == 1;
  if (fresh) {
    waiting_.push_back(who->name_);
  }
  if (threads_ == 0 || (fresh && threads_ < max_threads_)) {
    begin_thread();
  }
  return who;
}

std::size_t name_lookups::threads() const {
  const std::scoped_lock lock{mutex_};
  return threads_;
}

// With the mutex held. Where the system gives no thread, those that run take the name; where none
// runs, whoever asks next tries again, and until then askers see their deadlines pass.
void name_lookups::begin_thread() {
  try {
    std::thread{[self = shared_from_this()] { self->work(); }}.detach();
    ++threads_;
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch)
  }
}

void name_lookups::leave(asker& who) noexcept {
  const std::scoped_lock lock{mutex_};
  const auto q = questions_.find(who.name_);
  if (q == questions_.end()) {
    return;  // it was told
  }
  std::erase(q->second.askers, &who);
  if (q->second.askers.empty() && !q->second.begun) {
    std::erase(waiting_, who.name_);
    questions_.erase(q);
  }
}

void name_lookups::work() {
  std::unique_lock lock{mutex_};
  while (!waiting_.empty()) {
    const std::string name = std::move(waiting_.front());
    waiting_.pop_front();
    questions_.at(name).begun = true;
    lock.unlock();
    answer found = resolve_(name);
    if (found) {
      leave_out_repeats(*found);
    }
    lock.lock();
    const auto q = questions_.find(name);
    const std::vector<asker*> askers = std::move(q->second.askers);
    questions_.erase(q);
    for (asker* who : askers) {
      who->tell_(found);
    }
  }
  --threads_;
}

}  // namespace diamgw::transport
