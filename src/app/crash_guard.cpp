#include "app/crash_guard.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace diamgw::app {
namespace {

constexpr auto crashes = std::to_array<int>({SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT});
constexpr std::chrono::milliseconds patience{500};

// A signal handler is given nothing but its number.
std::atomic<const log_writer*> guarded{nullptr};
std::array<struct sigaction, crashes.size()> before{};

void restore() noexcept {
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    ::sigaction(crashes.at(i), &before.at(i), nullptr);
  }
}

void on_crash(int signal, siginfo_t* how, void* /*context*/) noexcept {
  restore();
  if (const log_writer* const writer = guarded.exchange(nullptr)) {
    writer->wait_until_written(patience);
  }
  // What an instruction has caused comes again when the handler returns; what was sent is sent
  // again, and is blocked until then.
  if (how->si_code <= 0) {
    static_cast<void>(std::raise(signal));
  }
}

}  // namespace

crash_guard::crash_guard(const log_writer& writer) {
  guarded = &writer;
  struct sigaction action{};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < crashes.size(); ++i) {
    ::sigaction(crashes.at(i), &action, &before.at(i));
  }
}

crash_guard::~crash_guard() {
  restore();
  guarded = nullptr;
}

}  // namespace diamgw::app
