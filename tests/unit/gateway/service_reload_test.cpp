// A dictionary is replaced under a gateway that has clients and requests in flight.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diamgw/dictionary/builder.hpp"
#include "unit/gateway/memory_gateway.hpp"

namespace diamgw::gateway {
namespace {

using ::testing::HasSubstr;

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

class ServiceReload : public test::MemoryGateway {
 protected:
  void use(std::shared_ptr<const dictionary::dictionary> names) {
    while_running([&] { EXPECT_TRUE(service_->use_dictionary(std::move(names))); });
  }
  std::string call() {
    client_->calls(test::ccr);
    run();
    ocs_->grants(ocs_->take_message());
    run();
    return client_->take_frame();
  }
};
INSTANTIATE_TEST_SUITE_P(Shards, ServiceReload, ::testing::Values(1U, 2U));

TEST_P(ServiceReload, LeavesARequestInFlightTheDictionaryThatItBeganWith) {
  start_and_open(GetParam());
  client_->calls(test::ccr);
  run();
  use(make_base());

  ocs_->grants(ocs_->take_message());
  run();

  EXPECT_THAT(client_->take_frame(), HasSubstr(R"("CC-Request-Type":"UPDATE_REQUEST")"));
}

TEST_P(ServiceReload, GivesNewRequestsTheNewDictionary) {
  start_and_open(GetParam());
  use(make_base());

  client_->calls(test::ccr);
  run();
  const std::string refused = client_->take_frame();
  use(make_whole());

  EXPECT_THAT(refused, HasSubstr("-32601"));
  EXPECT_THAT(call(), HasSubstr("\"result\""));
}

TEST_P(ServiceReload, FreesTheDictionaryThatNothingUsesAnyMore) {
  start_and_open(GetParam());
  auto first = make_whole();
  const std::weak_ptr<const dictionary::dictionary> gone{first};
  use(std::move(first));
  call();

  use(make_whole());
  use(make_whole());

  EXPECT_TRUE(gone.expired());
}

}  // namespace
}  // namespace diamgw::gateway
