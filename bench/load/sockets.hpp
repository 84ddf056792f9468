// The few system calls that the load programs share: non-blocking TCP on the loopback, and epoll.
// No Asio here on purpose: these programs are the floor that the gateway is measured against.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace diamgw::load {

[[noreturn]] inline void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// The number after `name` among the arguments, or `fallback`; ends the program on nonsense.
inline long option(std::span<char*> arguments, std::string_view name, long fallback) {
  for (std::size_t i = 1; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == name) {
      const std::string_view text{arguments[i + 1]};
      long value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{} || end != text.data() + text.size()) {
        std::fprintf(stderr, "%s takes a number, not %s\n", arguments[i], arguments[i + 1]);
        std::exit(2);
      }
      return value;
    }
  }
  return fallback;
}

inline sockaddr_in loopback(long port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline void set_no_delay(int fd) {
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/// A listener on 127.0.0.1; `port` 0 takes a free one. Prints "listening PORT".
inline int listen_on(long port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address = loopback(port);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 512) != 0) {
    die("listen");
  }
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening %d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

/// A connection to 127.0.0.1, made before it returns; reads and writes wait.
inline int connect_blocking(long port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("connect");
  }
  set_no_delay(fd);
  return fd;
}

inline int accept_one(int listener) {
  const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    set_no_delay(fd);
  }
  return fd;
}

inline void watch(int epoll, int fd, std::uint32_t events, std::uint64_t token,
                  int operation = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  if (epoll_ctl(epoll, operation, fd, &event) != 0) {
    die("epoll_ctl");
  }
}

/// Octets that wait: appended at the end, consumed at the front.
class octet_queue {
 public:
  [[nodiscard]] std::span<const std::byte> readable() const {
    return {octets_.data() + begin_, end_ - begin_};
  }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  /// At least `n` octets of room, to be followed by `commit`.
  std::span<std::byte> prepare(std::size_t n) {
    if (octets_.size() - end_ < n) {
      std::memmove(octets_.data(), octets_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
      if (octets_.size() - end_ < n) {
        octets_.resize(end_ + n);
      }
    }
    return {octets_.data() + end_, octets_.size() - end_};
  }
  void commit(std::size_t n) { end_ += n; }
  void append(std::span<const std::byte> more) {
    std::memcpy(prepare(more.size()).data(), more.data(), more.size());
    commit(more.size());
  }
  void consume(std::size_t n) {
    begin_ += n;
    if (begin_ == end_) {
      begin_ = end_ = 0;
    }
  }

 private:
  std::vector<std::byte> octets_ = std::vector<std::byte>(std::size_t{256} * 1024);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

enum class progress { some, nothing, closed };

/// One read of what is there.
inline progress read_some(int fd, octet_queue& in) {
  const auto room = in.prepare(std::size_t{64} * 1024);
  const ssize_t n = recv(fd, room.data(), room.size(), 0);
  if (n > 0) {
    in.commit(static_cast<std::size_t>(n));
    return progress::some;
  }
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? progress::nothing : progress::closed;
}

/// Writes until the queue is empty or the socket full.
inline progress write_some(int fd, octet_queue& out) {
  while (!out.empty()) {
    const auto octets = out.readable();
    const ssize_t n = send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (n > 0) {
      out.consume(static_cast<std::size_t>(n));
    } else {
      return errno == EAGAIN || errno == EINTR ? progress::some : progress::closed;
    }
  }
  return progress::nothing;
}

}  // namespace diamgw::load
