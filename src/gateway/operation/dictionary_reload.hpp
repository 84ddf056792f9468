// Another dictionary in the place of the one in use, on all shards.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::gateway {

/// Keeps every dictionary that a shard may still look into. Thread: one that is no shard's, since
/// it waits, and since to free some ten thousand names takes longer than a message may.
class dictionary_reload {
 public:
  /// A shard that does not come to it for `patience` has hung.
  dictionary_reload(transport::shard_group& group,
                    std::shared_ptr<const dictionary::dictionary> in_use,
                    std::chrono::milliseconds patience = std::chrono::seconds{10});

  /// Calls `take(shard)` on each shard's thread, and returns once all have taken `next`; those
  /// before it are freed once nothing in flight refers to them.
  /// errors: a shard did not come to it in time: a sentence; the others have the new dictionary
  [[nodiscard]] result<void, std::string> use(std::shared_ptr<const dictionary::dictionary> next,
                                              const std::function<void(transport::shard&)>& take);

 private:
  transport::shard_group& group_;
  std::chrono::milliseconds patience_;
  /// The last is in use; those before it may have requests in flight still.
  std::vector<std::shared_ptr<const dictionary::dictionary>> kept_;
};

}  // namespace diamgw::gateway
