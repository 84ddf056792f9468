#include "diamgw/transport/outbox.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/container/static_vector.hpp>
#include <cstring>
#include <utility>

#include "diamgw/base/assert.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;

/// What a connection that says something now and then needs; it stays as long as the connection.
constexpr std::size_t first_ring_slices = 4;
/// Scratch for heads: a message alone needs little, and a burst is not to cost a slab per head.
constexpr std::size_t first_scratch_octets = 256;
constexpr std::size_t further_scratch_octets = 4096;

/// On the stack: as many as one write takes, of which only what is used is touched.
using gathered_views = boost::container::static_vector<bytes_view, max_gathered_views>;

}  // namespace

outbox::outbox(shard& on, stream& to, outbox_owner& owner, const options& o)
    : shard_{&on}, stream_{&to}, owner_{&owner}, options_{o} {}

awaitable<> outbox::write_the_rest() {
  std::vector<bytes_view> gathered;
  while (count_ != 0 && !failure_) {
    gather(gathered);
    const io_result r = co_await stream_->write(gathered);
    statistics_.octets += r.octets;
    ++statistics_.writes;
    if (r.error) {
      fail(r.error);
    } else {
      since_ = shard_->now();
      release(r.octets);
    }
  }
  since_.reset();
  blocked_ = false;
  end_if_done();
}

void outbox::on_end_of_turn() {
  if (blocked_ || (count_ != 0 && !write_once())) {
    return;
  }
  end_if_done();
}

/// False where something is left to be written, and somebody sees to that.
bool outbox::write_once() {
  gathered_views gathered;
  gather(gathered);
  const io_result r = stream_->write_now(gathered);
  if (r.octets != 0) {
    statistics_.octets += r.octets;
    ++statistics_.writes;
    release(r.octets);
  }
  if (r.error && r.error != asio::error::would_block) {
    fail(r.error);
  } else if (count_ != 0 && (r.error || first_written_ != 0)) {
    blocked_ = true;
    since_ = shard_->now();
    owner_->on_blocked();
    return false;
  } else if (count_ != 0) {
    write_at_end_of_turn();  // more than one write may take
    return false;
  }
  return true;
}

void outbox::write_at_end_of_turn() {
  if (!blocked_) {
    shard_->at_end_of_turn(*this);
  }
}

void outbox::fail(error_code why) {
  closed_ = true;
  failure_ = failure_ ? failure_ : why;
}

/// Nobody looks at what is queued.
void outbox::end_if_done() {
  if (failure_) {
    drop_all();
  }
  if (closed_ && count_ == 0 && !std::exchange(told_, true)) {
    owner_->on_all_written(failure_);
  }
}

bool outbox::push(buffer_slice message) {
  if (closed_ || !admit(message.octets.size(), 1)) {
    return false;
  }
  enqueue(std::move(message));
  ++statistics_.messages;
  write_at_end_of_turn();
  return true;
}

bool outbox::push(bytes_view head, std::span<buffer_slice> body) {
  if (DIAMGW_BUG(head.size() > max_head_octets)) {
    return false;
  }
  std::size_t octets = head.size();
  for (const buffer_slice& slice : body) {
    octets += slice.octets.size();
  }
  if (closed_ || !admit(octets, 1 + body.size())) {
    return false;
  }
  if (!head.empty()) {
    enqueue({{}, keep_head(head)});
    heads_end_ = count_;
  }
  for (buffer_slice& slice : body) {
    enqueue(std::move(slice));
  }
  ++statistics_.messages;
  write_at_end_of_turn();
  return true;
}

/// A copy of `head` that lives until it is written.
bytes_view outbox::keep_head(bytes_view head) {
  if (heads_end_ == 0) {
    scratch_used_ = 0;  // all that lay in it is written
  }
  if (!scratch_ || scratch_.capacity() - scratch_used_ < head.size()) {
    const std::size_t octets = scratch_ ? further_scratch_octets : first_scratch_octets;
    if (scratch_) {
      ring_[(first_ + heads_end_ - 1) & (ring_.size() - 1)].buffer = std::move(scratch_);
    }
    scratch_ = shard_->pool().allocate(octets);
    scratch_used_ = 0;
  }
  std::byte* const copy =
      scratch_.data() + std::exchange(scratch_used_, scratch_used_ + head.size());
  std::memcpy(copy, head.data(), head.size());
  return {copy, head.size()};
}

void outbox::release_scratch_if_empty() {
  if (count_ == 0) {
    scratch_ = {};
    heads_end_ = 0;
  }
}

bool outbox::admit(std::size_t octets, std::size_t slices) {
  const bool fits = octets <= options_.limit_octets &&
                    queued_octets_ <= options_.limit_octets - octets &&
                    count_ + slices <= options_.limit_slices;
  if (!fits && count_ != 0) {
    ++statistics_.overflows;
    return false;
  }
  return true;
}

void outbox::grow() {
  std::vector<buffer_slice> larger(std::max(ring_.size() * 2, first_ring_slices));
  for (std::size_t i = 0; i < count_; ++i) {
    larger[i] = std::move(ring_[(first_ + i) & (ring_.size() - 1)]);
  }
  ring_ = std::move(larger);
  first_ = 0;
}

void outbox::enqueue(buffer_slice&& slice) {
  if (slice.octets.empty()) {
    return;
  }
  if (count_ == ring_.size()) {
    grow();
  }
  queued_octets_ += slice.octets.size();
  ring_[(first_ + count_) & (ring_.size() - 1)] = std::move(slice);
  ++count_;
  above_high_mark_ = above_high_mark_ || queued_octets_ >= options_.high_mark_octets;
}

template <class Views>
void outbox::gather(Views& into) const {
  into.clear();
  std::size_t octets = 0;
  std::size_t skip = first_written_;
  const std::size_t most = std::min(count_, max_gathered_views);
  for (std::size_t i = 0; i < most; ++i) {
    const bytes_view slice = ring_[(first_ + i) & (ring_.size() - 1)].octets.subspan(skip);
    skip = 0;
    if (i != 0 && octets + slice.size() > options_.gather_octets) {
      break;
    }
    into.push_back(slice);
    octets += slice.size();
  }
}

/// `octets` of the front were written.
void outbox::release(std::size_t octets) {
  queued_octets_ -= octets;
  first_written_ += octets;
  while (count_ != 0 && first_written_ >= ring_[first_].octets.size()) {
    first_written_ -= ring_[first_].octets.size();
    pop();
  }
  release_scratch_if_empty();
  if (above_high_mark_ && queued_octets_ <= options_.high_mark_octets / 2) {
    above_high_mark_ = false;
    owner_->on_drained();
  }
}

void outbox::pop() {
  ring_[first_] = {};
  first_ = (first_ + 1) & (ring_.size() - 1);
  --count_;
  heads_end_ -= heads_end_ != 0 ? 1 : 0;
}

void outbox::drop_all() {
  while (count_ != 0) {
    pop();
  }
  release_scratch_if_empty();
  first_written_ = 0;
  queued_octets_ = 0;
  above_high_mark_ = false;
}

void outbox::close_when_empty() {
  closed_ = true;
  write_at_end_of_turn();  // where nothing is queued, the end is told then
}

void outbox::close_now() {
  told_ = true;
  fail(asio::error::operation_aborted);
  stream_->close();
  if (!blocked_) {
    drop_all();  // else a write may still look at them: they are dropped when it has ended
  }
}

}  // namespace diamgw::transport
