// Dictionaries are replaced by one thread while the shards' threads serve requests by them.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "diamgw/dictionary/builder.hpp"
#include "integration/gateway/whole_path.hpp"

namespace diamgw::gateway {
namespace {

std::shared_ptr<const dictionary::dictionary> make_another() {
  dictionary::dictionary::builder builder;
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    builder.add(*dictionary::parse(file.text, file.path));
  }
  auto built = builder.build();
  return std::make_shared<const dictionary::dictionary>(std::move(*built));
}

class ServiceReload : public WholePath {};
INSTANTIATE_TEST_SUITE_P(Shards, ServiceReload, testing::Values(1U, 2U));

TEST_P(ServiceReload, AnswersEveryRequestWhileDictionariesCome) {
  std::atomic<bool> enough{false};
  std::thread operators{[&] {
    const auto another = make_another();
    while (!enough) {
      EXPECT_TRUE(service_->use_dictionary(another));
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
