#include "diamgw/codec/frame_reader.hpp"

#include <algorithm>
#include <cstring>

#include "diamgw/base/assert.hpp"

namespace diamgw::diameter {
namespace {

constexpr std::size_t length_field_octets = 4;  // version and message length

}  // namespace

frame_reader::frame_reader(buffer_pool& pool, const options& o) : pool_{pool}, options_{o} {
  options_.slab_octets = std::max(options_.slab_octets, header_octets);
  options_.min_read_octets =
      std::clamp<std::size_t>(options_.min_read_octets, 1, options_.slab_octets);
  options_.max_message_octets =
      std::clamp(options_.max_message_octets, header_octets, diameter::max_message_octets);
  options_.check.max_message_octets = options_.max_message_octets;
}

mutable_bytes frame_reader::prepare() {
  const std::size_t have = buffered();
  // What the incomplete message needs at least: its own length once that is known. Of one above the
  // limit no more than the header is kept.
  std::size_t wanted = std::max(header_octets, have + 1);
  if (have >= length_field_octets && !broken_) {
    const std::size_t length = load_be24(slab_.data() + begin_ + 1);
    wanted = length <= options_.max_message_octets ? std::max(wanted, length) : wanted;
  }
  if (slab_ && have == 0 && slab_.unique() && slab_.capacity() <= usual_capacity_) {
    begin_ = end_ = 0;
  } else if (!slab_ || must_move(wanted)) {
    move_tail(wanted);
  }
  return slab_.whole().subspan(end_);
}

bool frame_reader::must_move(std::size_t wanted) const noexcept {
  const std::size_t have = buffered();
  const bool little_room = slab_.capacity() - end_ < options_.min_read_octets;
  if (have == 0) {
    return little_room || slab_.capacity() > usual_capacity_;
  }
  const bool finishes_here = wanted <= slab_.capacity() - begin_;
  if (!finishes_here) {
    return little_room || begin_ > 0;
  }
  // Copying a short tail is cheaper than one more read for a few octets.
  return little_room && begin_ > 0 && have <= options_.min_read_octets;
}

/// To the front of this slab where nobody else holds it, or else of a new one, with room for the
/// `wanted` octets of the message, or for as many of them as its sender has earned: four times
/// what came. A header that claims 16 MiB is cheap to send.
void frame_reader::move_tail(std::size_t wanted) {
  const std::size_t have = buffered();
  const std::size_t earned = std::min(wanted, 4 * have);
  const std::size_t size = std::max(earned, options_.slab_octets);
  if (have > 0 && begin_ > 0 && size <= slab_.capacity() && slab_.unique()) {
    std::memmove(slab_.data(), slab_.data() + begin_, have);
  } else {
    buffer_ref fresh = pool_.allocate(size);
    if (have > 0) {
      std::memcpy(fresh.data(), slab_.data() + begin_, have);
    }
    slab_ = std::move(fresh);
    if (size == options_.slab_octets) {
      usual_capacity_ = slab_.capacity();
    }
  }
  begin_ = 0;
  end_ = have;
}

void frame_reader::commit(std::size_t n) noexcept {
  DIAMGW_ASSERT(slab_ && n <= slab_.capacity() - end_);
  end_ += n;
}

/// As soon as the octets are there: an unusable header is told before the rest of it comes.
std::optional<decode_error> frame_reader::check_framing(bytes_view head) noexcept {
  if (load_u8(head.data()) != protocol_version) {
    return decode_error{errc::version, 0};
  }
  if (head.size() < length_field_octets) {
    return std::nullopt;
  }
  if (load_be24(head.data() + 1) < header_octets) {
    return decode_error{errc::message_length_short, 1};
  }
  return std::nullopt;
}

/// Nothing where its header is not whole yet.
std::optional<oversized_message> frame_reader::begin_to_skip(bytes_view rest) noexcept {
  if (rest.size() < header_octets) {
    return std::nullopt;
  }
  const message_view view{rest.first(header_octets)};
  const std::size_t length = load_be24(rest.data() + 1);
  to_skip_ = length;
  skip();
  return oversized_message{header_of(view), length};
}

void frame_reader::skip() noexcept {
  const std::size_t n = std::min(to_skip_, buffered());
  begin_ += n;
  to_skip_ -= n;
  skipped_ += n;
}

frame_reader::outcome frame_reader::next() noexcept {
  if (broken_) {
    return malformed{*broken_};
  }
  skip();
  if (buffered() == 0) {
    return need_more{};
  }
  const bytes_view rest{slab_.data() + begin_, buffered()};
  broken_ = check_framing(rest);
  if (broken_) {
    return malformed{*broken_};
  }
  if (rest.size() < length_field_octets) {
    return need_more{};
  }
  const std::size_t length = load_be24(rest.data() + 1);
  if (length > options_.max_message_octets) {
    const auto oversized = begin_to_skip(rest);
    return oversized ? outcome{*oversized} : outcome{need_more{}};
  }
  if (rest.size() < length) {
    return need_more{};
  }
  begin_ += length;
  const message_view view{rest.first(length)};
  const decoded<message_view> checked = check_message(view.octets(), options_.check);
  if (checked.has_error()) {
    return refused_message{slab_, view, checked.error()};
  }
  return message{slab_, view};
}

}  // namespace diamgw::diameter
