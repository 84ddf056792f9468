#include "app/log_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace diamgw::app {
namespace {

/// Octets of a buffer that are kept when a burst is over.
constexpr std::size_t kept_octets = std::size_t{64} << 10U;

/// How much was written before an error.
std::size_t write_all(int descriptor, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(descriptor, text.data() + done, text.size() - done);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {  // somebody who shares the descriptor has made it so
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      static_cast<void>(::poll(&room, 1, -1));
    } else if (errno != EINTR) {
      break;
    }
  }
  return done;
}

std::uint64_t lines_in(std::string_view text) {
  return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

}  // namespace

struct log_writer::state {
  explicit state(options given) : o{std::move(given)} {}

  void run();
  void write(const std::string& batch, std::uint64_t own_lines);

  options o;
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> pushed{0};   // octets
  std::atomic<std::uint64_t> settled{0};  // octets written, or given up by an error
  std::atomic<pid_t> thread{0};

  std::mutex mutex;  // guards what follows
  std::condition_variable wake;
  std::condition_variable over;
  std::string waiting;
  std::uint64_t missing = 0;  // dropped after what waits, and not told of yet
  bool stopping = false;
  bool ended = false;

  // The thread's own.
  std::uint64_t failed = 0;  // lines lost to an error of the descriptor, and not told of yet
};

void log_writer::state::run() {
  thread = ::gettid();
  std::string batch;
  std::unique_lock lock{mutex};
  while (true) {
    wake.wait(lock, [this] { return !waiting.empty() || missing != 0 || stopping; });
    if (waiting.empty() && missing == 0) {
      break;
    }
    batch.swap(waiting);
    const std::uint64_t untold = std::exchange(missing, 0);
    lock.unlock();
    const std::uint64_t octets = batch.size();
    if (const std::uint64_t lines = std::exchange(failed, 0); lines != 0) {
      write(o.tell_missing(lines), lines);
    }
    write(batch, 0);
    if (untold != 0) {
      write(o.tell_missing(untold), untold);
    }
    settled.fetch_add(octets, std::memory_order_release);
    batch.clear();
    if (batch.capacity() > kept_octets) {
      batch = {};
    }
    lock.lock();
  }
  ended = true;
  over.notify_all();
}

/// Of what cannot be written, the next line that comes tells. `missing_lines`: those that `batch`
/// tells of, which are counted already.
void log_writer::state::write(const std::string& batch, std::uint64_t missing_lines) {
  const std::size_t done = write_all(o.descriptor, batch);
  if (done == batch.size()) {
    return;
  }
  if (missing_lines != 0) {
    failed += missing_lines;
    return;
  }
  const std::uint64_t lost = lines_in(std::string_view{batch}.substr(done));
  dropped.fetch_add(lost, std::memory_order_relaxed);
  failed += lost;
}

log_writer::log_writer(options o)
    : state_{std::make_shared<state>(std::move(o))}, thread_{[s = state_] { s->run(); }} {}

log_writer::~log_writer() {
  std::unique_lock lock{state_->mutex};
  state_->stopping = true;
  state_->wake.notify_one();
  const bool ended =
      state_->over.wait_for(lock, state_->o.patience, [this] { return state_->ended; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    thread_.detach();  // it waits in a write that nobody takes
  }
}

void log_writer::push(std::string_view line) {
  {
    const std::lock_guard lock{state_->mutex};
    // Nothing passes by those that are missing.
    const bool full =
        !state_->waiting.empty() && state_->waiting.size() + line.size() > state_->o.queue_octets;
    if (state_->missing != 0 || full) {
      ++state_->missing;
      state_->dropped.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    state_->waiting += line;
    state_->pushed.fetch_add(line.size(), std::memory_order_relaxed);
  }
  state_->wake.notify_one();
}

std::uint64_t log_writer::dropped() const noexcept {
  return state_->dropped.load(std::memory_order_relaxed);
}

void log_writer::wait_until_written(std::chrono::milliseconds at_most) const noexcept {
  if (::gettid() == state_->thread.load(std::memory_order_relaxed)) {
    return;  // it is the writer that has crashed
  }
  constexpr std::chrono::milliseconds step{10};
  for (auto waited = 0 * step; waited < at_most; waited += step) {
    if (state_->settled.load(std::memory_order_acquire) ==
        state_->pushed.load(std::memory_order_relaxed)) {
      return;
    }
    static_cast<void>(::poll(nullptr, 0, static_cast<int>(step.count())));
  }
}

}  // namespace diamgw::app
