#include "gateway/operation/dictionary_reload.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "diamgw/dictionary/builder.hpp"
#include "support/manual_time.hpp"

namespace diamgw::gateway {
namespace {

using names = std::shared_ptr<const dictionary::dictionary>;

names make() {
  auto built = dictionary::dictionary::builder{}.build();
  return std::make_shared<const dictionary::dictionary>(std::move(*built));
}

/// Two shards, which run while `use` waits.
struct reloading_shards {
  bool use(names next, const std::function<void(transport::shard&)>& take) {
    std::atomic<bool> done{false};
    bool taken = false;
    std::thread caller{[&] {
      taken = static_cast<bool>(reload.use(std::move(next), take));
      done = true;
    }};
    while (!done) {
      shards.run();
    }
    caller.join();
    return taken;
  }

  names first = make();
  diamgw::test::stepped_shards shards{2};
  dictionary_reload reload{shards.group(), first};
};

TEST(DictionaryReload, IsTakenByEveryShardBeforeItReturns) {
  reloading_shards f;
  int taken = 0;

  EXPECT_TRUE(f.use(make(), [&](transport::shard& on) {
    EXPECT_TRUE(on.is_current());
    ++taken;
  }));

  EXPECT_EQ(taken, 2);
}

TEST(DictionaryReload, KeepsADictionaryForAsLongAsSomebodyLooksIntoIt) {
  reloading_shards f;
  const std::weak_ptr<const dictionary::dictionary> watched{f.first};
  EXPECT_TRUE(f.use(make(), [](transport::shard&) {}));
  EXPECT_FALSE(watched.expired()) << "a request in flight has it, say";

  f.first.reset();
  EXPECT_FALSE(watched.expired()) << "freed here, by the thread of the signals";
  EXPECT_TRUE(f.use(make(), [](transport::shard&) {}));

  EXPECT_TRUE(watched.expired());
}

// docs/architecture.md, "Dictionary and generated code": 10 s, then it says so.
TEST(DictionaryReload, SaysThatAShardHasNotTakenItInTime) {
  diamgw::test::stepped_shards shards{2};
  names next = make();
  const std::weak_ptr<const dictionary::dictionary> watched{next};
  dictionary_reload reload{shards.group(), make(), std::chrono::milliseconds{0}};
  int taken = 0;

  const auto used = reload.use(std::move(next), [&](transport::shard&) { ++taken; });

  ASSERT_FALSE(used);
  EXPECT_EQ(used.error(), "not every shard has taken the new dictionary yet");
  EXPECT_FALSE(watched.expired()) << "the shards come to it still";
  shards.run();
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace diamgw::gateway
