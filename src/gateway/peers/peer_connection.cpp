#include "gateway/peers/peer_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <exception>
#include <span>
#include <utility>

#include "diamgw/base/stopwatch.hpp"
#include "gateway/peers/local_addresses.hpp"

namespace diamgw::gateway {
namespace {

/// How long an ended connection may take to be closed by the other side.
constexpr duration linger = std::chrono::seconds{2};

transport::outbox::options queue_of(const peer_connection::options& o) {
  transport::outbox::options queue;
  queue.limit_octets = o.output_queue_octets;
  queue.high_mark_octets = o.output_queue_octets / 2;
  return queue;
}

diameter::frame_reader::options reader_of(const peer_connection::options& o) {
  diameter::frame_reader::options reader;
  reader.max_message_octets = o.max_message_octets;
  return reader;
}

}  // namespace

peer_connection::peer_connection(shard_context& on, peer_connection_owner& owner,
                                 std::unique_ptr<transport::stream> stream, const options& o)
    : on_{on},
      owner_{owner},
      options_{o},
      stream_{std::move(stream)},
      addresses_{local_addresses(*stream_)},
      reader_{on.pool(), reader_of(o)},
      outbox_{on.shard, *stream_, *this, queue_of(o)},
      force_close_{on.shard, [this] { stream_->close(); }} {
  stream_->watch([this](const transport::stream_report& report) {
    if (!ended_) {
      owner_.on_stream_event(*this, report);
    }
  });
}

void peer_connection::feed(bytes_view octets) {
  while (!octets.empty()) {
    const mutable_bytes room = reader_.prepare();
    const std::size_t n = std::min(room.size(), octets.size());
    std::copy_n(octets.begin(), n, room.begin());
    reader_.commit(n);
    octets = octets.subspan(n);
  }
}

void peer_connection::start() {
  transport::spawn(on_.shard, read_loop(shared_from_this()), "reading from a peer");
}

bool peer_connection::send(const diameter::header& header, buffer_slice avps,
                           buffer_slice appended) {
  const auto head =
      header.encode(diameter::header_octets + avps.octets.size() + appended.octets.size());
  std::array<buffer_slice, 2> body{std::move(avps), std::move(appended)};
  const std::size_t slices = body[1].octets.empty() ? 1 : 2;
  return outbox_.push(head, std::span{body}.first(slices));
}

void peer_connection::end() {
  ended_ = true;
  outbox_.close_when_empty();
  force_close_.arm_after(linger);
}

void peer_connection::on_blocked() {
  transport::spawn(on_.shard, write_the_rest(shared_from_this()), "writing to a peer");
}

transport::awaitable<void> peer_connection::write_the_rest(std::shared_ptr<peer_connection> self) {
  co_await outbox_.write_the_rest();
  static_cast<void>(self);
}

void peer_connection::on_all_written(error_code failed) {
  if (failed) {
    note_failure(failed);
    stream_->close();  // the reader ends by it and tells the owner
    return;
  }
  // The other side closes after our end of stream; else we do.
  stream_->shutdown_send();
  force_close_.arm_after(linger);
}

/// What fails because we have closed it says nothing.
void peer_connection::note_failure(error_code why) noexcept {
  if (!failure_ && why != boost::asio::error::operation_aborted) {
    failure_ = why;
  }
}

transport::awaitable<void> peer_connection::read_loop(std::shared_ptr<peer_connection> self) {
  // Whatever is thrown (out of memory, say), the owner must learn that the connection ends.
  std::exception_ptr failure;
  try {
    bool going_on = take_messages();  // what was fed
    while (going_on) {
      const mutable_bytes room = reader_.prepare();
      const transport::io_result got = co_await stream_->read(room);
      if (got.error) {
        note_failure(got.error);
        break;
      }
      reader_.commit(got.octets);
      going_on = take_messages();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (!std::exchange(ended_, true)) {
    owner_.on_ended(*this, failure_);
  }
  outbox_.close_now();
  if (failure) {
    std::rethrow_exception(failure);  // to whoever spawned the loop: it is logged and counted
  }
}

/// False where the stream has ended its use.
bool peer_connection::take_messages() {
  const time_point now = on_.shard.now();
  while (true) {
    stopwatch watch;
    const std::size_t before = reader_.buffered();
    auto outcome = reader_.next();
    const std::size_t skipped = reader_.take_skipped();
    if (skipped != 0) {
      on_.recorder.skipped_octets.add(skipped);
    }
    if (const auto* oversized = std::get_if<diameter::oversized_message>(&outcome)) {
      owner_.on_oversized(*this, *oversized);
      continue;
    }
    if (std::holds_alternative<diameter::need_more>(outcome)) {
      return true;
    }
    if (const auto* bad = std::get_if<diameter::malformed>(&outcome)) {
      owner_.on_malformed(*this, bad->error);
      return false;
    }
    on_.recorder.unmarshalled(metrics::codec_path::diameter_peer, watch.lap(),
                              before - reader_.buffered() - skipped);
    // After `end` it is read on only to see the other side's end.
    if (auto* message = std::get_if<diameter::message>(&outcome); message != nullptr && !ended_) {
      owner_.on_message(*this, std::move(*message), now);
    } else if (message == nullptr) {
      owner_.on_refused_message(*this, std::get<diameter::refused_message>(outcome));
    }
  }
}

}  // namespace diamgw::gateway
