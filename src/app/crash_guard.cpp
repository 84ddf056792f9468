#include "app/crash_guard.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace diamgw::app {
namespace {

constexpr auto ends =
    std::to_array<int>({SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT});
constexpr std::chrono::milliseconds patience{500};

// A signal handler is given nothing but its number.
std::atomic<const log_writer*> guarded{nullptr};
std::array<struct sigaction, ends.size()> before{};

void restore() noexcept {
  for (std::size_t i = 0; i < ends.size(); ++i) {
    ::sigaction(ends.at(i), &before.at(i), nullptr);
  }
}

/// What an instruction has caused comes again when the handler returns; anything else does not,
/// Ctrl-C among it, which the kernel sends, too.
bool comes_again(int signal, const siginfo_t& how) noexcept {
  return signal != SIGTERM && signal != SIGINT && how.si_code > 0;
}

void on_end(int signal, siginfo_t* how, void* /*context*/) noexcept {
  restore();
  if (const log_writer* const writer = guarded.exchange(nullptr)) {
    writer->wait_until_written(patience);
  }
  if (!comes_again(signal, *how)) {
    static_cast<void>(std::raise(signal));  // blocked until the handler returns
  }
}

}  // namespace

crash_guard::crash_guard(const log_writer& writer) {
  guarded = &writer;
  struct sigaction action{};
  action.sa_sigaction = on_end;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    ::sigaction(ends.at(i), &action, &before.at(i));
  }
}

crash_guard::~crash_guard() {
  restore();
  guarded = nullptr;
}

}  // namespace diamgw::app
