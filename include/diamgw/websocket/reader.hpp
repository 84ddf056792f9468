// Octets of one WebSocket connection in, whole messages out (RFC 6455 §5, §6.2).
//
//   slab:  | given out | frame in work ...... | free: prepare() |
//                      begin                  end
//
// Reads land in a pooled slab. An unfragmented message is unmasked where it lies and given out as
// a reference to the slab: nothing is copied, and many small messages of one read share one slab.
// Fragments are unmasked into one buffer of their own. Text is checked for UTF-8 as it arrives.
//
// With a shared slab, connections read into the same one by turns, and one that waits holds only
// the head of an incomplete message, in a slab as large as that needs.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/buffer/shared_slab.hpp"
#include "diamgw/websocket/error.hpp"
#include "diamgw/websocket/frame.hpp"
#include "diamgw/websocket/protocol.hpp"
#include "diamgw/websocket/utf8.hpp"

namespace diamgw::websocket {

enum class message_kind : std::uint8_t { text, binary };

/// A whole message, unmasked. Text is valid UTF-8, unless `rsv1` is set: then an extension must
/// transform it first, and check it after. `payload.buffer` may be null where it is empty.
struct message {
  message_kind kind = message_kind::text;
  bool rsv1 = false;
  buffer_slice payload;
};

/// Must be answered by a pong with the same octets (§5.5.2).
struct ping {
  buffer_slice payload;
};

struct pong {
  buffer_slice payload;
};

/// The peer's close frame; `code` is no_status_received where it has none (§7.1.5). Whatever
/// follows it on the connection is discarded (§1.4).
struct close {
  close_code code = close_code::no_status_received;
  buffer_slice reason;  // UTF-8
};

/// The peer broke a rule: close with `code`. Nothing after it is looked at.
struct malformed {
  close_code code = close_code::protocol_error;
  errc reason{};
};

using reader_event = std::variant<need_more, message, ping, pong, close, malformed>;

/// Use: `auto room = r.prepare(); n = read(room); r.commit(n);` then `next()` until need_more.
/// The events do not depend on how the octets were cut. One thread, that of the pool.
class reader {
 public:
  struct options {
    websocket::role role = role::server;
    bool rsv1_allowed = false;  // an extension that uses RSV1 was negotiated
    /// Sum over the fragments. Above it: malformed, 1009, as soon as a header tells the length.
    std::size_t max_message_octets = 65536;
    /// Data frames of one message. Above it: malformed, 1009.
    std::size_t max_fragments = 1024;
    /// Size of the slabs read into; a larger message gets a larger one, as its octets arrive.
    std::size_t read_octets = 16384;
    /// A slab with less room than this is replaced before the next read.
    std::size_t min_read_octets = 1024;
  };

  /// `shared`, where given, outlives the reader and is read into in place of slabs of its own:
  /// then `let_go` must be called before anybody else may read into it.
  reader(buffer_pool& pool, const options& o, shared_slab* shared = nullptr) noexcept;

  /// Room for the next read, at least one octet; valid until the next call of any member but
  /// commit. Call it after next() said need_more.
  [[nodiscard]] mutable_bytes prepare();

  /// `octets` were written to the front of what prepare() gave.
  void commit(std::size_t octets) noexcept;

  /// For octets in a buffer of the caller's: copies as many as there is room for and says how
  /// many. Call it after next() said need_more, and again with the rest.
  [[nodiscard]] std::size_t feed(bytes_view octets);

  /// The next event. need_more: read on. After `close` always need_more; after `malformed`
  /// always the same malformed.
  /// cost: O(octets of the event), no global allocation while the pool has slabs.
  [[nodiscard]] reader_event next();

  /// True between messages: no octet of a frame and no fragment is held.
  [[nodiscard]] bool idle() const noexcept;

  /// Before the connection waits: gives back a slab that has nothing in it, and moves what is left
  /// in the shared one to a slab of its own. Cost: O(octets left); nothing without a shared slab.
  void let_go();

 private:
  enum class step : std::uint8_t { header, whole, fragment, control, ended, failed };

  [[nodiscard]] std::size_t held() const noexcept { return end_ - begin_; }
  [[nodiscard]] std::size_t missing() const noexcept;
  void make_room(std::size_t needed);
  [[nodiscard]] bool move_to_shared();
  void move_to(buffer_ref slab) noexcept;
  [[nodiscard]] std::optional<reader_event> take_header();
  [[nodiscard]] std::optional<errc> begin_data();
  [[nodiscard]] std::optional<reader_event> take_whole();
  [[nodiscard]] std::optional<reader_event> take_fragment();
  [[nodiscard]] std::optional<reader_event> take_control();
  [[nodiscard]] reader_event take_close(bytes_view payload);
  [[nodiscard]] bool check_text(bytes_view piece) noexcept;
  [[nodiscard]] reader_event finish_message(buffer_slice payload);
  void reserve_assembled(std::size_t octets);
  [[nodiscard]] reader_event fail(errc reason) noexcept;

  buffer_pool* pool_;
  shared_slab* shared_;
  options options_;
  buffer_ref slab_;
  bool in_shared_ = false;  // `slab_` is the shared one
  std::size_t begin_ = 0;   // first octet not yet given out or consumed
  std::size_t end_ = 0;     // first octet not yet received
  step step_ = step::header;
  frame_header frame_;    // the one in work
  std::size_t done_ = 0;  // octets of its payload that are unmasked

  bool open_ = false;  // between the first and the last fragment of a message
  message_kind kind_ = message_kind::text;
  bool rsv1_ = false;
  std::size_t fragments_ = 0;
  buffer_ref assembled_;
  std::size_t assembled_octets_ = 0;
  utf8_validator utf8_;
  errc failure_{};
};

}  // namespace diamgw::websocket
