// Rules for editors: how frames make messages, and where their octets lie, is decided here. The
// rules of a single header are in frame.cpp; a check must not depend on how the octets were cut.
#include "diamgw/websocket/reader.hpp"

#include <algorithm>
#include <cstring>

#include "diamgw/base/assert.hpp"
#include "diamgw/websocket/mask.hpp"

namespace diamgw::websocket {

reader::reader(buffer_pool& pool, const options& o, shared_slab* shared) noexcept
    : pool_{&pool}, shared_{shared}, options_{o} {
  // A header and a control frame always fit a slab.
  options_.read_octets = std::max(options_.read_octets, max_header_octets + max_control_octets + 1);
}

// Octets that must still come for what has to lie in one piece; 0: nothing has to.
std::size_t reader::missing() const noexcept {
  const bool contiguous = step_ == step::whole || step_ == step::control;
  const auto length = static_cast<std::size_t>(frame_.length);
  return contiguous && length > held() ? length - held() : 0;
}

mutable_bytes reader::prepare() {
  if (held() == 0 && in_shared_) {
    let_go();  // and borrow it again: a message may refer to what lies there
  } else if (held() == 0 && slab_.unique()) {
    begin_ = end_ = 0;  // nobody reads the octets before
  }
  const std::size_t needed = missing();
  const std::size_t useful = needed == 0 ? options_.min_read_octets : needed;
  const std::size_t wanted = std::clamp<std::size_t>(useful, 1, options_.min_read_octets);
  if (shared_ != nullptr && !in_shared_ && move_to_shared()) {
    return slab_.whole().subspan(end_);
  }
  if (!slab_ || slab_.capacity() - end_ < wanted) {
    make_room(needed);
  }
  return slab_.whole().subspan(end_);
}

// A short head is cheaper to copy than to complete by a read of its own. A long one stays, so
// that a message that comes octet by octet is not copied for each of them.
bool reader::move_to_shared() {
  constexpr std::size_t short_octets = 1024;
  if (held() > std::min(short_octets, shared_->octets() / 2)) {
    return false;
  }
  move_to(shared_->borrow());
  in_shared_ = true;
  return true;
}

// Moves what is held to the front of a slab with room after it. A slab grows with what has
// arrived and not with what a header promises, so that a promise costs the peer as many octets.
void reader::make_room(std::size_t needed) {
  const std::size_t more =
      std::clamp<std::size_t>(needed, 1, std::max(held(), options_.read_octets));
  const std::size_t capacity = std::max(options_.read_octets, held() + more);
  if (slab_.unique() && slab_.capacity() >= capacity && begin_ != 0) {
    std::memmove(slab_.data(), slab_.data() + begin_, held());
    end_ = held();
    begin_ = 0;
  } else {
    move_to(pool_->allocate(capacity));
  }
}

void reader::move_to(buffer_ref slab) noexcept {
  if (held() != 0) {
    std::memcpy(slab.data(), slab_.data() + begin_, held());
  }
  slab_ = std::move(slab);
  in_shared_ = false;
  end_ = held();
  begin_ = 0;
}

void reader::let_go() {
  if (shared_ == nullptr) {
    return;
  }
  if (held() == 0) {
    slab_ = {};
    in_shared_ = false;
    begin_ = end_ = 0;
  } else if (in_shared_) {
    const std::size_t more = std::min(missing(), std::max(held(), options_.read_octets));
    move_to(pool_->allocate(held() + more));
  }
}

void reader::commit(std::size_t octets) noexcept {
  DIAMGW_ASSERT(slab_ && octets <= slab_.capacity() - end_);
  end_ += octets;
  if (step_ == step::ended || step_ == step::failed) {
    end_ = begin_;  // §1.4: "discards any further data received"
  }
}

std::size_t reader::feed(bytes_view octets) {
  const mutable_bytes room = prepare();
  const std::size_t taken = std::min(room.size(), octets.size());
  std::copy_n(octets.data(), taken, room.data());
  commit(taken);
  return taken;
}

bool reader::idle() const noexcept {
  return held() == 0 && !open_ && (step_ == step::header || step_ == step::ended);
}

reader_event reader::next() {
  for (;;) {
    std::optional<reader_event> event;
    switch (step_) {
      case step::header:
        event = take_header();
        break;
      case step::whole:
        event = take_whole();
        break;
      case step::fragment:
        event = take_fragment();
        break;
      case step::control:
        event = take_control();
        break;
      case step::ended:
        return need_more{};
      case step::failed:
        return malformed{to_close_code(failure_), failure_};
    }
    if (event) {
      return *std::move(event);
    }
  }
}

std::optional<reader_event> reader::take_header() {
  if (held() == 0) {
    return need_more{};
  }
  const auto decoded =
      decode_header({slab_.data() + begin_, held()}, {options_.role, options_.rsv1_allowed});
  if (std::holds_alternative<need_more>(decoded)) {
    return need_more{};
  }
  if (const auto* wrong = std::get_if<errc>(&decoded)) {
    return fail(*wrong);
  }
  const auto& found = *std::get_if<decoded_header>(&decoded);
  frame_ = found.header;
  begin_ += found.octets;
  done_ = 0;
  if (is_control(frame_.opcode)) {
    step_ = step::control;
    return std::nullopt;
  }
  if (const auto wrong = begin_data()) {
    return fail(*wrong);
  }
  return std::nullopt;
}

// The rules that connect the data frames of a message (§5.4), and its limits.
std::optional<errc> reader::begin_data() {
  const bool continues = frame_.opcode == opcode::continuation;
  if (continues && !open_) {
    return errc::continuation_without_start;
  }
  // §5.4: "The fragments of one message MUST NOT be interleaved between the fragments of another".
  if (!continues && open_) {
    return errc::data_inside_fragments;
  }
  if (!continues) {
    kind_ = frame_.opcode == opcode::text ? message_kind::text : message_kind::binary;
    rsv1_ = frame_.rsv1;
    fragments_ = 0;
    assembled_octets_ = 0;
    utf8_.reset();
  }
  // §10.4: "Implementations that have implementation- and/or platform-specific limitations
  // regarding the frame size or total message size ... MUST protect themselves".
  if (frame_.length > options_.max_message_octets - assembled_octets_) {
    return errc::message_too_big;
  }
  if (++fragments_ > options_.max_fragments) {
    return errc::too_many_fragments;
  }
  step_ = continues || !frame_.fin ? step::fragment : step::whole;
  open_ = !frame_.fin || continues;
  return std::nullopt;
}

bool reader::check_text(bytes_view piece) noexcept {
  return kind_ != message_kind::text || rsv1_ || utf8_.update(piece);
}

// An unfragmented message: stays where it lies, unmasked and checked as far as it has come.
std::optional<reader_event> reader::take_whole() {
  const auto length = static_cast<std::size_t>(frame_.length);
  const std::size_t here = std::min(held(), length);
  if (here == done_ && here < length) {
    return need_more{};  // nothing has come, and there may be no slab
  }
  std::byte* const payload = slab_.data() + begin_;
  const mutable_bytes fresh{payload + done_, here - done_};
  if (frame_.key) {
    mask(fresh, *frame_.key, done_);
  }
  done_ = here;
  if (!check_text(fresh)) {
    return fail(errc::invalid_utf8);
  }
  if (here < length) {
    return need_more{};
  }
  begin_ += length;
  return finish_message({slab_, {payload, length}});
}

// A fragment: its octets go to the message's own buffer as they come.
std::optional<reader_event> reader::take_fragment() {
  const auto length = static_cast<std::size_t>(frame_.length);
  const std::size_t here = std::min(held(), length - done_);
  if (here != 0) {
    reserve_assembled(assembled_octets_ + here);
    const bytes_view source{slab_.data() + begin_, here};
    std::byte* const target = assembled_.data() + assembled_octets_;
    if (frame_.key) {
      mask_copy(target, source, *frame_.key, done_);
    } else {
      std::ranges::copy(source, target);
    }
    begin_ += here;
    done_ += here;
    assembled_octets_ += here;
    if (!check_text({target, here})) {
      return fail(errc::invalid_utf8);
    }
  }
  if (done_ < length) {
    return need_more{};
  }
  if (!frame_.fin) {
    step_ = step::header;
    return std::nullopt;
  }
  open_ = false;
  const bytes_view whole =
      assembled_ ? bytes_view{assembled_.data(), assembled_octets_} : bytes_view{};
  return finish_message({std::exchange(assembled_, {}), whole});
}

// Doubles, so that many small fragments cost a linear number of copied octets.
void reader::reserve_assembled(std::size_t octets) {
  constexpr std::size_t first_octets = 1024;
  if (assembled_ && assembled_.capacity() >= octets) {
    return;
  }
  const std::size_t doubled = assembled_ ? 2 * assembled_.capacity() : first_octets;
  const std::size_t limit = std::max(octets, options_.max_message_octets);
  buffer_ref larger = pool_->allocate(std::clamp(doubled, octets, limit));
  if (assembled_octets_ != 0) {
    std::memcpy(larger.data(), assembled_.data(), assembled_octets_);
  }
  assembled_ = std::move(larger);
}

reader_event reader::finish_message(buffer_slice payload) {
  step_ = step::header;
  // §8.1: a text that ends inside a character is not UTF-8 either.
  if (kind_ == message_kind::text && !rsv1_ && !utf8_.complete()) {
    return fail(errc::invalid_utf8);
  }
  return message{kind_, rsv1_, std::move(payload)};
}

std::optional<reader_event> reader::take_control() {
  const auto length = static_cast<std::size_t>(frame_.length);
  if (held() < length) {
    return need_more{};
  }
  const mutable_bytes payload{slab_.data() + begin_, length};
  if (frame_.key) {
    mask(payload, *frame_.key);
  }
  begin_ += length;
  step_ = step::header;
  switch (frame_.opcode) {
    case opcode::ping:
      return ping{{slab_, payload}};
    case opcode::pong:
      return pong{{slab_, payload}};
    default:
      return take_close(payload);
  }
}

// §5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer";
// the rest is UTF-8.
reader_event reader::take_close(bytes_view payload) {
  close event;
  if (payload.size() == 1) {
    return fail(errc::close_length);
  }
  if (!payload.empty()) {
    event.code = static_cast<close_code>(load_be16(payload.data()));
    const bytes_view reason = payload.subspan(2);
    if (!may_be_sent(event.code)) {
      return fail(errc::invalid_close_code);
    }
    if (!is_valid_utf8(reason)) {
      return fail(errc::close_reason_utf8);
    }
    event.reason = {slab_, reason};
  }
  step_ = step::ended;
  begin_ = end_;
  open_ = false;
  assembled_ = {};
  return event;
}

reader_event reader::fail(errc reason) noexcept {
  step_ = step::failed;
  failure_ = reason;
  begin_ = end_;
  assembled_ = {};
  return malformed{to_close_code(reason), reason};
}

}  // namespace diamgw::websocket
