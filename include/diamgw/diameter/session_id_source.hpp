// Session-Ids of our own (RFC 6733 §8.8).
#pragma once
#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace diamgw::diameter {

/// <DiameterIdentity>;<high 32 bits>;<low 32 bits>: what is constant for this run stands in the
/// prefix, so that one counter makes them unique on all threads.
class session_id_source {
 public:
  /// `start`: the time of the start in seconds, which no earlier run had.
  session_id_source(std::string_view origin_host, std::uint32_t start)
      : prefix_{std::string{origin_host} + ";" + std::to_string(start) + ";"} {}

  /// A fresh one in `room`; empty where that is too small. Any thread.
  [[nodiscard]] std::string_view next(std::span<char> room) noexcept {
    constexpr std::size_t digits = 10;  // of 2^32
    if (room.size() < prefix_.size() + digits) {
      return {};
    }
    std::memcpy(room.data(), prefix_.data(), prefix_.size());
    const std::uint32_t low = next_.fetch_add(1, std::memory_order_relaxed);
    const auto end =
        std::to_chars(room.data() + prefix_.size(), room.data() + room.size(), low).ptr;
    return {room.data(), static_cast<std::size_t>(end - room.data())};
  }

 private:
  std::string prefix_;
  std::atomic<std::uint32_t> next_{0};
};

}  // namespace diamgw::diameter
