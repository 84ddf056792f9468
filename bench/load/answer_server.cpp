// A Diameter server that answers at once and keeps nothing: CER, DWR, DPR, and any other request
// with 2001. One thread, one read and one write per wake-up.
//
//   answer_server [--port N]        prints "listening PORT"
#include <deque>

#include "load/diameter_octets.hpp"
#include "load/sockets.hpp"

namespace diamgw::load {
namespace {

struct connection {
  int fd = -1;
  std::uint64_t token = 0;
  octet_queue in;
  octet_queue out;
  bool waits_to_write = false;
};

class answer_server {
 public:
  explicit answer_server(long port) : epoll_{epoll_create1(EPOLL_CLOEXEC)} {
    listener_ = listen_on(port);
    watch(epoll_, listener_, EPOLLIN, listener_token);
    append_avp32(capabilities_, 268, 2001);
    append_capabilities(capabilities_, "ocs.example");
    append_avp32(plain_, 268, 2001);
    append_origin(plain_, "ocs.example");
    credit_ = plain_;
    append_avp32(credit_, 258, 4);
    std::string units;
    append_avp(units, 421, std::string_view{"\0\0\0\0\0\x01\x86\xa0", 8});
    std::string service;
    append_avp(service, 431, units);
    append_avp32(service, 432, 10);
    append_avp32(service, 448, 3600);
    append_avp32(service, 268, 2001);
    append_avp(credit_, 456, service);
  }

  [[noreturn]] void run() {
    for (;;) {
      epoll_event events[64];
      const int n = epoll_wait(epoll_, events, 64, -1);
      for (int i = 0; i < n; ++i) {
        if (events[i].data.u64 == listener_token) {
          accept_all();
        } else {
          serve(connections_[events[i].data.u64]);
        }
      }
    }
  }

 private:
  static constexpr std::uint64_t listener_token = UINT64_MAX;

  void accept_all() {
    for (int fd = accept_one(listener_); fd >= 0; fd = accept_one(listener_)) {
      connection& c = connections_.emplace_back();
      c.fd = fd;
      c.token = connections_.size() - 1;
      watch(epoll_, fd, EPOLLIN, c.token);
    }
  }

  void serve(connection& c) {
    if (c.fd < 0) {
      return;
    }
    if (read_some(c.fd, c.in) == progress::closed) {
      close_connection(c);
      return;
    }
    for (std::size_t n = whole_message(c.in.readable()); n >= 20;
         n = whole_message(c.in.readable())) {
      answer(c.in.readable().first(n), c.out);
      c.in.consume(n);
    }
    const progress p = write_some(c.fd, c.out);
    if (p == progress::closed) {
      close_connection(c);
      return;
    }
    if (const bool wait = p == progress::some; wait != c.waits_to_write) {
      c.waits_to_write = wait;
      watch(epoll_, c.fd, wait ? EPOLLIN | EPOLLOUT : EPOLLIN, c.token, EPOLL_CTL_MOD);
    }
  }

  void close_connection(connection& c) {
    close(c.fd);
    c.fd = -1;
  }

  void answer(bytes_view request, octet_queue& out) const {
    const std::uint8_t flags = load_u8(request.data() + 4);
    if ((flags & 0x80U) == 0) {
      return;  // an answer to nothing that we asked
    }
    const std::uint32_t command = load_be24(request.data() + 5);
    const bool base = load_be32(request.data() + 8) == 0;
    const auto room = out.prepare(request.size() + 1024);
    std::memcpy(room.data(), request.data(), 20);
    store_u8(room.data() + 4, flags & 0x40U);
    std::size_t size = 20;
    const auto add = [&](bytes_view octets) {
      std::memcpy(room.data() + size, octets.data(), octets.size());
      size += octets.size();
    };
    if (base && command == 257) {
      add(as_bytes(capabilities_));
    } else if (base && (command == 280 || command == 282)) {
      add(as_bytes(plain_));
    } else {
      append_credit(request.subspan(20), add);
    }
    store_be24(room.data() + 1, static_cast<std::uint32_t>(size));
    out.commit(size);
  }

  /// Session-Id comes first (RFC 6733 §8.8); CC-Request-Type and -Number come back too.
  template <class Add>
  void append_credit(bytes_view avps, Add add) const {
    bool first = true;
    while (avps.size() >= 8) {
      const std::uint32_t code = load_be32(avps.data());
      const std::size_t length = (load_be24(avps.data() + 5) + 3U) & ~std::size_t{3};
      if (length < 8 || length > avps.size()) {
        break;
      }
      if (code == 263 || code == 415 || code == 416) {
        add(avps.first(length));
        if (first) {
          add(as_bytes(credit_));
          first = false;
        }
      }
      avps = avps.subspan(length);
    }
    if (first) {
      add(as_bytes(credit_));
    }
  }

  int epoll_;
  int listener_;
  std::deque<connection> connections_;  // by token; a closed one keeps its place
  std::string capabilities_;
  std::string plain_;
  std::string credit_;
};

}  // namespace
}  // namespace diamgw::load

int main(int argc, char** argv) {
  using namespace diamgw::load;
  const std::span arguments{argv, static_cast<std::size_t>(argc)};
  answer_server{option(arguments, "--port", 0)}.run();
}
