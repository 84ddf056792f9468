// A dictionary is replaced under a gateway that has clients and requests in flight.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "diamgw/dictionary/builder.hpp"
#include "unit/gateway/whole_path.hpp"

namespace diamgw::gateway {
namespace {

/// Of the built-in files, those whose name begins so.
std::shared_ptr<const dictionary::dictionary> make_of(std::string_view beginning) {
  dictionary::dictionary::builder builder;
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    if (file.path.starts_with(beginning)) {
      builder.add(*dictionary::parse(file.text, file.path));
    }
  }
  auto built = builder.build();
  return std::make_shared<const dictionary::dictionary>(std::move(*built));
}

std::shared_ptr<const dictionary::dictionary> make_base() {
  return make_of("rfc6733");
}

std::shared_ptr<const dictionary::dictionary> make_whole() {
  return make_of("");
}

class ServiceReload : public WholePath {};
INSTANTIATE_TEST_SUITE_P(Shards, ServiceReload, testing::Values(1U, 2U));

TEST_P(ServiceReload, LeavesARequestInFlightTheDictionaryThatItBeganWith) {
  send_request();
  const diameter::message_view request{peer_->take_diameter()};
  ASSERT_TRUE(service_->use_dictionary(make_base()));

  const std::string_view answered = answer(request);

  EXPECT_NE(answered.find(R"("CC-Request-Type":"UPDATE_REQUEST")"), answered.npos) << answered;
}

TEST_P(ServiceReload, GivesNewRequestsTheNewDictionary) {
  ASSERT_TRUE(service_->use_dictionary(make_base()));

  send_request();
  const std::string refused{as_text(client_->take_text())};
  ASSERT_TRUE(service_->use_dictionary(make_whole()));
  const std::string served{call()};

  EXPECT_NE(refused.find("-32601"), refused.npos) << refused;
  EXPECT_NE(served.find("\"result\""), served.npos) << served;
}

TEST_P(ServiceReload, FreesTheDictionaryThatNothingUsesAnyMore) {
  auto first = make_whole();
  const std::weak_ptr<const dictionary::dictionary> gone{first};
  ASSERT_TRUE(service_->use_dictionary(std::move(first)));
  ASSERT_FALSE(call().empty());

  ASSERT_TRUE(service_->use_dictionary(make_whole()));
  ASSERT_TRUE(service_->use_dictionary(make_whole()));

  EXPECT_TRUE(gone.expired());
}

TEST_P(ServiceReload, AnswersEveryRequestWhileDictionariesCome) {
  std::atomic<bool> enough{false};
  std::thread operators{[&] {
    const auto whole = make_whole();
    while (!enough) {
      EXPECT_TRUE(service_->use_dictionary(whole));
      EXPECT_TRUE(service_->use_dictionary(dictionary::share_embedded()));
    }
  }};

  for (int i = 0; i < 300; ++i) {
    const std::string_view answered = call();
    EXPECT_NE(answered.find(R"("CC-Request-Type":"UPDATE_REQUEST")"), answered.npos) << answered;
  }

  enough = true;
  operators.join();
}

}  // namespace
}  // namespace diamgw::gateway
