#include "app/process.hpp"

#include <iostream>

namespace diamgw::app {

termination::termination() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void termination::wait(const std::function<void()>& on_hangup) {
  while (true) {
    int received = 0;
    sigwait(&signals_, &received);
    if (received != SIGHUP) {
      return;
    }
    on_hangup();
  }
}

void termination::release() {
  sigdelset(&signals_, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

void print_errors(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) {
    std::cerr << sentence << '\n';
  }
}

}  // namespace diamgw::app
