// Cuts whole messages out of a stream of octets (RFC 6733 §2.1, §3).
//
//   slab:  | messages handed out ... | tail: part of a message | room for the next read |
//                                    ^ begin_                  ^ end_
#pragma once
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "diamgw/base/bytes.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::diameter {

/// No whole message is left: read on.
struct need_more {};

/// A whole frame whose inside check_message refused. Its header may be read by `view`, its AVPs
/// only by `sound_avps(view.octets(), error)`. The stream goes on after it: answer and stay.
struct refused_message {
  buffer_ref buffer;
  message_view view;
  decode_error error;
};

/// A message above the limit, told once its header is there: what follows of it is passed over as
/// it comes, and the stream goes on after it.
struct oversized_message {
  header head;
  std::size_t octets = 0;  // as its header says
};

/// The stream cannot be cut any more (version, length below 20): close it.
struct malformed {
  decode_error error;  // offset from the start of the message that cannot be cut
};

/// Reader: prepare, commit, then `next` until it needs more. One thread, that of its pool.
/// Messages share the slab that they were read into; only the head of an incomplete message is
/// ever copied, when it has to move to another slab.
class frame_reader {
 public:
  struct options {
    /// Octets of a slab, rounded up to a tier of the pool: what one read can bring at most.
    std::size_t slab_octets = 16384;
    /// A slab with less room than this is not read into again while messages hold it.
    std::size_t min_read_octets = 4096;
    /// A longer message is passed over, whatever is in it.
    std::size_t max_message_octets = std::size_t{1} << 20U;
    /// For check_message; its `max_message_octets` is not looked at.
    check_options check = {};
  };
  using outcome = std::variant<need_more, message, refused_message, oversized_message, malformed>;

  frame_reader(buffer_pool& pool, const options& o);
  frame_reader(const frame_reader&) = delete;
  frame_reader& operator=(const frame_reader&) = delete;
  ~frame_reader() = default;

  /// Room for the next read, never empty; valid until the next call of any member. Takes a slab
  /// from the pool only where the old one is full or held by messages. Call it after `next` said
  /// need_more. A large message grows its slab by what has come, not by what its header claims.
  [[nodiscard]] mutable_bytes prepare();

  /// `n` octets of the prepared room were filled; n <= its size.
  void commit(std::size_t n) noexcept;

  /// The next whole message, in the order of the stream. After `malformed` it stays malformed.
  /// cost: O(AVPs of the message), no allocation.
  [[nodiscard]] outcome next() noexcept;

  /// Octets of oversized messages that were passed over since the last call.
  [[nodiscard]] std::size_t take_skipped() noexcept { return std::exchange(skipped_, 0); }

  /// Octets that were committed and not yet handed out.
  [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }
  /// Those octets, for another reader; valid until the next call of `prepare`, and while the
  /// message that was handed out last holds their slab.
  [[nodiscard]] bytes_view rest() const noexcept {
    return slab_ ? bytes_view{slab_.data() + begin_, buffered()} : bytes_view{};
  }

 private:
  [[nodiscard]] bool must_move(std::size_t wanted) const noexcept;
  void move_tail(std::size_t wanted);
  [[nodiscard]] static std::optional<decode_error> check_framing(bytes_view head) noexcept;
  [[nodiscard]] std::optional<oversized_message> begin_to_skip(bytes_view rest) noexcept;
  void skip() noexcept;

  buffer_pool& pool_;
  options options_;
  buffer_ref slab_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t usual_capacity_ = 0;  // of a slab; a larger one goes back once it is empty
  std::size_t to_skip_ = 0;         // octets of an oversized message that are to come
  std::size_t skipped_ = 0;
  std::optional<decode_error> broken_;
};

}  // namespace diamgw::diameter
