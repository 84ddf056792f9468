#include "app/lone_shard.hpp"

#include <stdexcept>
#include <utility>

namespace diamgw::app {

lone_shard::lone_shard()
    : group_{{.shards = 1, .on_failure = [this](std::string_view, std::exception_ptr e) {
                try {
                  std::rethrow_exception(e);
                } catch (const std::exception& reason) {
                  failure_ = reason.what();
                }
              }}} {}

void lone_shard::run(transport::awaitable<void> work, std::string_view name) {
  transport::spawn(on(), std::move(work), name, [this] { group_.stop(); });
  group_.start();
  group_.join();
  if (!failure_.empty()) {
    throw std::runtime_error{failure_};
  }
}

}  // namespace diamgw::app
