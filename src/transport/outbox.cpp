#include "diamgw/transport/outbox.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <utility>

#include "diamgw/base/assert.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;

constexpr std::size_t first_ring_slices = 16;
/// Scratch for heads: a message alone needs little, and a burst is not to cost a slab per head.
constexpr std::size_t first_scratch_octets = 256;
constexpr std::size_t further_scratch_octets = 4096;

}  // namespace

outbox::outbox(shard& on, stream& to, const options& o, std::function<void()> on_drained)
    : shard_{&on},
      stream_{&to},
      options_{o},
      on_drained_{std::move(on_drained)},
      waker_{on.context(), time_point::max()},
      ring_(first_ring_slices) {
  gathered_.reserve(first_ring_slices);
}

awaitable<error_code> outbox::run() {
  while (!dropped_) {
    if (count_ == 0) {
      if (closed_) {
        co_return error_code{};
      }
      waiting_ = true;
      co_await waker_.async_wait(asio::as_tuple(asio::use_awaitable));
      waiting_ = false;
      continue;
    }
    gather();
    since_ = clock::now();
    const io_result r = co_await stream_->write(gathered_);
    since_.reset();
    statistics_.octets += r.octets;
    ++statistics_.writes;
    if (r.error) {
      const bool ours = dropped_;
      closed_ = true;
      drop_all();
      co_return ours ? error_code{asio::error::operation_aborted} : r.error;
    }
    release_gathered();
  }
  drop_all();
  co_return asio::error::operation_aborted;
}

bool outbox::push(buffer_slice message) {
  if (closed_ || !admit(message.octets.size(), 1)) {
    return false;
  }
  enqueue(std::move(message));
  ++statistics_.messages;
  wake();
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
  wake();
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

void outbox::enqueue(buffer_slice slice) {
  if (slice.octets.empty()) {
    return;
  }
  if (count_ == ring_.size()) {
    std::vector<buffer_slice> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) {
      larger[i] = std::move(ring_[(first_ + i) & (ring_.size() - 1)]);
    }
    ring_ = std::move(larger);
    first_ = 0;
  }
  queued_octets_ += slice.octets.size();
  ring_[(first_ + count_) & (ring_.size() - 1)] = std::move(slice);
  ++count_;
  above_high_mark_ = above_high_mark_ || queued_octets_ >= options_.high_mark_octets;
}

void outbox::wake() {
  if (std::exchange(waiting_, false)) {
    waker_.cancel_one();
  }
}

void outbox::gather() {
  gathered_.clear();
  gathered_octets_ = 0;
  const std::size_t most = std::min(count_, max_gathered_views);
  for (std::size_t i = 0; i < most; ++i) {
    const bytes_view octets = ring_[(first_ + i) & (ring_.size() - 1)].octets;
    if (i != 0 && gathered_octets_ + octets.size() > options_.gather_octets) {
      break;
    }
    gathered_.push_back(octets);
    gathered_octets_ += octets.size();
  }
}

void outbox::release_gathered() {
  for (std::size_t i = 0; i < gathered_.size(); ++i) {
    ring_[first_] = {};
    first_ = (first_ + 1) & (ring_.size() - 1);
  }
  count_ -= gathered_.size();
  heads_end_ -= std::min(heads_end_, gathered_.size());
  queued_octets_ -= gathered_octets_;
  release_scratch_if_empty();
  if (above_high_mark_ && queued_octets_ <= options_.high_mark_octets / 2) {
    above_high_mark_ = false;
    if (on_drained_) {
      on_drained_();
    }
  }
}

void outbox::drop_all() {
  for (; count_ != 0; --count_) {
    ring_[first_] = {};
    first_ = (first_ + 1) & (ring_.size() - 1);
  }
  release_scratch_if_empty();
  queued_octets_ = 0;
  above_high_mark_ = false;
}

void outbox::close_when_empty() {
  closed_ = true;
  wake();
}

void outbox::close_now() {
  closed_ = true;
  dropped_ = true;
  stream_->close();
  if (!since_) {
    drop_all();  // else a write still looks at them: run() drops them when it has ended
  }
  wake();
}

}  // namespace diamgw::transport
