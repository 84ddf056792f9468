// Many messages in one buffer: one allocation and one write of the transport for all of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "diamgw/base/bytes.hpp"

namespace diamgw::diameter::typed {

/// Messages one behind the other, of any types. Keeps no octets: `out` outlives it.
class batch {
 public:
  explicit batch(mutable_bytes out) noexcept : out_{out} {}

  /// The octets of the message just added, for its identifiers to be patched; empty where it does
  /// not fit: what was added before stays, and a smaller one may still fit.
  template <class M>
  [[nodiscard]] mutable_bytes add(const M& message) noexcept {
    const mutable_bytes room = out_.subspan(used_);
    const std::size_t octets = message.encode_to(room);
    used_ += octets;
    count_ += octets != 0 ? 1 : 0;
    return room.first(octets);
  }

  [[nodiscard]] bytes_view octets() const noexcept { return out_.first(used_); }
  [[nodiscard]] std::size_t messages() const noexcept { return count_; }

 private:
  mutable_bytes out_;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
};

/// Messages of one type, as many as fit; `ends[i]` is where message i ends in `out`.
/// in:     at least as many ends as messages
/// out:    how many were written
template <class M>
[[nodiscard]] std::size_t encode_batch(std::span<const M> messages, mutable_bytes out,
                                       std::span<std::uint32_t> ends) noexcept {
  std::size_t used = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::size_t octets = messages[i].encode_to(out.subspan(used));
    if (octets == 0) {
      return i;
    }
    used += octets;
    ends[i] = static_cast<std::uint32_t>(used);
  }
  return messages.size();
}

}  // namespace diamgw::diameter::typed
