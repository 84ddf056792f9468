// The answers of one JSON-RPC batch: they leave together, when the last one is there (§6).
#pragma once
#include <cstddef>
#include <string>

#include "gateway/clients/json_output.hpp"

namespace diamgw::gateway {

/// Made when a batch begins; held by each of its calls that waits, and by whoever still reads it.
/// Thread: the client's shard. Bounds: json_output::max_text_octets for all answers together, of
/// which each call that waits is sure of an error's; it allocates, as batches are rare.
class batch {
 public:
  explicit batch(json_output& to) noexcept : to_{to} {}
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;

  /// One more of its calls has been read, and `done` will be called for it.
  void expect() noexcept { ++waiting_; }

  /// A call's answer. False where there is no room for it: an error's there is.
  [[nodiscard]] bool append(std::size_t expected_octets, text_encoder encode);

  /// A call is over, or all of them have been read. The last one sends what there is; a batch of
  /// notifications alone is not answered.
  void done();

 private:
  json_output& to_;
  std::string text_ = "[";
  std::size_t waiting_ = 1;  // calls that are not over, and one for the batch still being read
};

}  // namespace diamgw::gateway
