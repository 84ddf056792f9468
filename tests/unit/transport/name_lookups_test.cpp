#include "transport/name_lookups.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace diamgw::transport {
namespace {

/// A resolver whose answers come when the test says so. Outlives its threads: they share it.
class held_resolver {
 public:
  name_lookups::answer resolve(const std::string& name) {
    std::unique_lock lock{mutex_};
    asked_.push_back(name);
    changed_.notify_all();
    changed_.wait(lock, [&] { return released_.contains(name) || all_; });
    ++answered_;
    changed_.notify_all();
    return addresses_of_host{endpoint_address::v4({192, 0, 2, answered_}, 0)};
  }
  void release(const std::string& name) {
    const std::scoped_lock lock{mutex_};
    released_.insert(name);
    changed_.notify_all();
  }
  void release_all() {
    const std::scoped_lock lock{mutex_};
    all_ = true;
    changed_.notify_all();
  }
  /// Waits until so many were asked for; their names in that order.
  std::vector<std::string> asked(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return asked_.size() >= count; });
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> asked_;
  std::set<std::string> released_;
  bool all_ = false;
  std::uint8_t answered_ = 0;
};

/// What one asker was told, by whichever thread.
class told_answer {
 public:
  name_lookups::told teller() {
    return [this](const name_lookups::answer& found) {
      const std::scoped_lock lock{mutex_};
      found_ = found;
      changed_.notify_all();
    };
  }
  std::string wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return found_.has_value(); });
    return *found_ ? (**found_).front().host_text() : found_->error().message();
  }
  bool told() {
    const std::scoped_lock lock{mutex_};
    return found_.has_value();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<name_lookups::answer> found_;
};

class NameLookups : public testing::Test {
 protected:
  static std::shared_ptr<name_lookups> make(const std::shared_ptr<held_resolver>& r,
                                            std::size_t threads) {
    return std::make_shared<name_lookups>([r](const std::string& name) { return r->resolve(name); },
                                          threads);
  }
  void TearDown() override { resolver->release_all(); }

  std::shared_ptr<held_resolver> resolver = std::make_shared<held_resolver>();
  std::shared_ptr<name_lookups> lookups = make(resolver, 2);
};

TEST_F(NameLookups, TellWhatWasFound) {
  told_answer got;
  const auto asker = lookups->ask("ocs.example", got.teller());

  resolver->release("ocs.example");

  EXPECT_EQ(got.wait(), "192.0.2.1");
}

TEST_F(NameLookups, TellEachAddressOnceInTheOrderOfTheSystem) {
  const auto a = endpoint_address::v4({192, 0, 2, 9}, 0);
  const auto b = endpoint_address::v4({192, 0, 2, 1}, 0);
  const auto twice = std::make_shared<name_lookups>(
      [a, b](const std::string&) { return addresses_of_host{a, b, a, b}; });
  std::promise<addresses_of_host> told;

  const auto asker = twice->ask(
      "ocs.example", [&told](const name_lookups::answer& found) { told.set_value(*found); });

  EXPECT_EQ(told.get_future().get(), (addresses_of_host{a, b}));
}

TEST_F(NameLookups, LetAnAskerGoWhileTheSystemDoesNotAnswer) {
  told_answer got;
  auto asker = lookups->ask("silent.example", got.teller());
  static_cast<void>(resolver->asked(1));

  asker.reset();
  lookups.reset();

  EXPECT_FALSE(got.told());
}

TEST_F(NameLookups, AskTheSystemOnceForANameThatSeveralWaitFor) {
  told_answer first;
  told_answer second;
  told_answer other;
  const auto one = lookups->ask("ocs.example", first.teller());
  static_cast<void>(resolver->asked(1));
  const auto two = lookups->ask("ocs.example", second.teller());
  const auto three = lookups->ask("other.example", other.teller());
  EXPECT_EQ(resolver->asked(2), (std::vector<std::string>{"ocs.example", "other.example"}));

  resolver->release("ocs.example");

  EXPECT_EQ(first.wait(), "192.0.2.1");
  EXPECT_EQ(second.wait(), "192.0.2.1");
  EXPECT_FALSE(other.told());
}

TEST_F(NameLookups, AskAnewOnceANameWasAnswered) {
  resolver->release_all();
  told_answer first;
  told_answer second;
  const auto one = lookups->ask("ocs.example", first.teller());
  EXPECT_EQ(first.wait(), "192.0.2.1");

  const auto two = lookups->ask("ocs.example", second.teller());

  EXPECT_EQ(second.wait(), "192.0.2.2");
}

TEST_F(NameLookups, KeepToTheirThreadsAndTakeWhatWaitsInOrder) {
  told_answer got[4];
  const auto a = lookups->ask("a", got[0].teller());
  const auto b = lookups->ask("b", got[1].teller());
  static_cast<void>(resolver->asked(2));
  auto c = lookups->ask("c", got[2].teller());
  const auto d = lookups->ask("d", got[3].teller());
  EXPECT_EQ(lookups->threads(), 2U);

  c.reset();  // it waits no more: nobody is asked for it
  resolver->release("d");
  resolver->release("b");

  got[3].wait();
  EXPECT_EQ(resolver->asked(3).back(), "d");
  EXPECT_FALSE(got[0].told());
}

}  // namespace
}  // namespace diamgw::transport
