// What a stranger sends first: a whole CER, or nothing that is worth more time (RFC 6733 §5.3).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "diamgw/base/bytes.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/frame_reader.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::diameter {

/// What a stranger may send before its CER is whole: a CER is far smaller.
inline constexpr std::size_t max_cer_octets = 16384;

/// A whole CER, sound as far as check_message goes, and no longer than any later message of the
/// connection may be: whoever frames the rest needs not frame it again.
struct whole_cer {
  message cer;
  std::string_view origin_host;  // view into `cer`; empty where absent
  /// What came after it, for the connection's own frame_reader: valid while `cer.buffer` lives,
  /// also on another thread.
  bytes_view rest;
};

/// A CER by its header, whose AVPs check_message refused: it is answered, and its connection ends.
struct broken_cer {
  refused_message cer;
  std::string_view origin_host;  // view into `cer`, among its sound AVPs; empty where not there
};

enum class no_cer : std::uint8_t {
  not_diameter,  // version or length field is none
  too_long,      // longer than a CER or than any message may be
  malformed,     // another message, whose AVPs cannot be told apart
  other_message,
};
/// Close the connection: there is nobody to answer to. Logs and counters get `reason`.
struct refused_stranger {
  no_cer reason;
  errc error = errc::version;  // unless `other_message`
};
/// One phrase for logs; static storage.
[[nodiscard]] std::string_view to_sentence(no_cer reason) noexcept;

/// Reader: prepare, commit, then `next`, until it says more than need_more. Takes at most
/// max_cer_octets of a stranger's memory, in one slab, and looks at no octet twice. One thread,
/// that of its pool.
class first_message {
 public:
  using outcome = std::variant<need_more, whole_cer, broken_cer, refused_stranger>;

  /// `most_octets`: max_message_octets of the connection later; a longer CER is too long as well.
  first_message(buffer_pool& pool, std::size_t most_octets);

  [[nodiscard]] mutable_bytes prepare() { return reader_.prepare(); }
  void commit(std::size_t n) noexcept { reader_.commit(n); }
  /// Once: after a CER there is nothing more to ask.
  [[nodiscard]] outcome next() noexcept;

 private:
  frame_reader reader_;
};

}  // namespace diamgw::diameter
