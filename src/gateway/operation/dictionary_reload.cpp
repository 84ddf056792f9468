#include "gateway/operation/dictionary_reload.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace diamgw::gateway {
namespace {

/// Counts shards, some of which may come after nobody waits any more.
struct countdown {
  explicit countdown(std::size_t n) : left{n} {}

  void one_less() {
    const std::lock_guard lock{guard};
    --left;
    changed.notify_one();
  }
  bool wait_for(std::chrono::milliseconds limit) {
    std::unique_lock lock{guard};
    return changed.wait_for(lock, limit, [this] { return left == 0; });
  }

  std::mutex guard;
  std::condition_variable changed;
  std::size_t left;
};

}  // namespace

dictionary_reload::dictionary_reload(transport::shard_group& group,
                                     std::shared_ptr<const dictionary::dictionary> in_use,
                                     std::chrono::milliseconds patience)
    : group_{group}, patience_{patience}, kept_{std::move(in_use)} {}

result<void, std::string> dictionary_reload::use(
    std::shared_ptr<const dictionary::dictionary> next,
    const std::function<void(transport::shard&)>& take) {
  kept_.push_back(std::move(next));
  const auto waiting = std::make_shared<countdown>(group_.size());
  group_.tell_all([take, waiting](transport::shard& on) {
    take(on);
    waiting->one_less();
  });
  if (!waiting->wait_for(patience_)) {
    return std::string{"not every shard has taken the new dictionary yet"};
  }
  // Nobody else lets go of a dictionary last, and nobody can take up one that only this list has.
  std::erase_if(kept_, [](const auto& d) { return d.use_count() <= 1; });
  return {};
}

}  // namespace diamgw::gateway
