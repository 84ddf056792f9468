// JSON texts to a client: each is written into a slab as large as it takes, after the room where
// its frame's header goes.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "gateway/clients/client.hpp"

namespace diamgw::gateway {

/// Refers to a function that writes a text at the front of the room that it is given, and gives it
/// back; an empty one where it does not fit. Lives no longer than what it refers to.
class text_encoder {
 public:
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, text_encoder>)
  text_encoder(const F& encode) noexcept  // NOLINT(*-explicit-*): made in calls
      : object_{&encode}, call_{[](const void* object, mutable_bytes room) -> std::string_view {
          return (*static_cast<const F*>(object))(room);
        }} {}

  std::string_view operator()(mutable_bytes room) const { return call_(object_, room); }

 private:
  const void* object_;
  std::string_view (*call_)(const void*, mutable_bytes);
};

/// Thread: the client's shard. Bounds: `max_text_octets`; a longer text is not sent.
class json_output {
 public:
  static constexpr std::size_t max_text_octets = std::size_t{8} << 20U;

  json_output(shard_context& on, client& to) noexcept : on_{on}, to_{to} {}

  /// Sends what `encode` writes; `expected_octets` is a first guess. False where it is too long or
  /// the client cannot be sent to.
  [[nodiscard]] bool send(std::size_t expected_octets, text_encoder encode);

  /// How much room a text is tried in: first what was expected, then four times as much, and so on
  /// up to the limit; 0 where that was tried.
  static constexpr std::size_t first_room(std::size_t expected_octets) noexcept {
    return std::clamp<std::size_t>(expected_octets, 1, max_text_octets);
  }
  static constexpr std::size_t larger_room(std::size_t tried) noexcept {
    return tried < max_text_octets ? std::min(tried * 4, max_text_octets) : 0;
  }

  [[nodiscard]] bool may_send() const noexcept { return to_.may_send(); }
  [[nodiscard]] shard_context& on() noexcept { return on_; }

 private:
  shard_context& on_;
  client& to_;
};

}  // namespace diamgw::gateway
