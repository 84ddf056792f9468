// Keeps `window` requests in flight on each of `connections` connections and prints, as one line
// of JSON, how many were answered per second, the latencies, and the CPU time of another process
// over the same interval. Frames are made before the start; a slot's frame is sent again when its
// answer is there.
//
//   load_client --port N [--diameter 1] [--connections 4] [--window 64] [--warmup-ms 500]
//               [--measure-ms 3000] [--pid PID]
//
// Without --diameter it speaks JSON-RPC over WebSocket, else raw Diameter.
#include <chrono>
#include <ctime>
#include <random>
#include <string>

#include "load/diameter_octets.hpp"
#include "load/latency_histogram.hpp"
#include "load/sockets.hpp"

namespace diamgw::load {
namespace {

using steady = std::chrono::steady_clock;

/// CPU seconds of a process and all its threads so far; 0 for pid 0.
double cpu_seconds(long pid) {
  clockid_t cpu = 0;
  timespec used{};
  if (pid == 0) {
    return 0;
  }
  if (clock_getcpuclockid(static_cast<pid_t>(pid), &cpu) != 0 || clock_gettime(cpu, &used) != 0) {
    std::fprintf(stderr, "load_client: process %ld is gone\n", pid);
    std::exit(1);
  }
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) {
      die("send");
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string make_json_ccr(std::string_view session_id, std::uint32_t slot) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(slot) +
         R"(,"method":"CCR","params":{"Session-Id":")" + std::string{session_id} +
         R"(","Destination-Realm":"example","Auth-Application-Id":4,)"
         R"("Service-Context-Id":"32251@3gpp.org","CC-Request-Type":"INITIAL_REQUEST",)"
         R"("CC-Request-Number":0,"Subscription-Id":[{"Subscription-Id-Type":"END_USER_E164",)"
         R"("Subscription-Id-Data":"491701234567"}],"Multiple-Services-Credit-Control":[)"
         R"({"Requested-Service-Unit":{"CC-Total-Octets":"100000"},"Rating-Group":10}]}})";
}

/// One masked text frame (RFC 6455 §5.2).
std::string make_frame(const std::string& payload, std::uint32_t key) {
  std::string frame{"\x81"};
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(0x80U | payload.size()));
  } else {
    frame.push_back(static_cast<char>(0x80U | 126U));
    append_be(frame, payload.size(), 2);
  }
  append_be(frame, key, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ static_cast<char>(key >> (24 - 8 * (i % 4)))));
  }
  return frame;
}

struct received {
  std::size_t octets = 0;  // 0: not whole yet
  std::uint32_t slot = 0;  // UINT32_MAX: not an answer
  bool good = false;
};

received read_diameter(bytes_view in) {
  received r;
  r.octets = whole_message(in);
  if (r.octets != 0) {
    const std::uint8_t flags = load_u8(in.data() + 4);
    r.slot = load_be24(in.data() + 5) == 272 ? load_be32(in.data() + 12) : UINT32_MAX;
    r.good = (flags & 0xa0U) == 0;
  }
  return r;
}

received read_frame(bytes_view in) {
  received r;
  if (in.size() < 4) {
    return r;
  }
  std::size_t header = 2;
  std::size_t length = load_u8(in.data() + 1);
  if (length == 126) {
    header = 4;
    length = load_be16(in.data() + 2);
  } else if (length > 126) {
    std::fprintf(stderr, "load_client: a frame that no answer needs\n");
    std::exit(1);
  }
  if (in.size() < header + length) {
    return r;
  }
  r.octets = header + length;
  r.slot = UINT32_MAX;
  if (load_u8(in.data()) != 0x81) {
    return r;  // control frames; pings go unanswered for so short a time
  }
  const std::string_view text = as_text(in.subspan(header, length));
  const std::size_t id = text.find(R"("id":)");
  if (id != std::string_view::npos) {
    std::from_chars(text.data() + id + 5, text.data() + text.size(), r.slot);
  }
  r.good = text.find(R"("result":)") != std::string_view::npos;
  return r;
}

struct connection {
  int fd = -1;
  octet_queue in;
  octet_queue out;
  std::vector<std::string> frames;       // by slot
  std::vector<steady::time_point> sent;  // by slot
  bool waits_to_write = false;
};

struct plan {
  long port;
  bool diameter;
  long connections;
  long window;
  std::chrono::milliseconds warmup;
  std::chrono::milliseconds measure;
  long pid;
};

class load_client {
 public:
  explicit load_client(const plan& p) : plan_{p}, epoll_{epoll_create1(EPOLL_CLOEXEC)} {
    std::mt19937 random{1};
    for (long i = 0; i < p.connections; ++i) {
      connection& c = connections_.emplace_back();
      c.fd = connect_blocking(p.port);
      p.diameter ? exchange_capabilities(c) : upgrade(c);
      for (long slot = 0; slot < p.window; ++slot) {
        const auto number = static_cast<std::uint32_t>(slot);
        const std::string session =
            "load.example;" + std::to_string(i) + ";" + std::to_string(slot);
        c.frames.push_back(p.diameter ? make_ccr(session, number)
                                      : make_frame(make_json_ccr(session, number),
                                                   static_cast<std::uint32_t>(random())));
      }
      c.sent.resize(c.frames.size());
      watch(epoll_, c.fd, EPOLLIN, static_cast<std::uint64_t>(i));
    }
  }

  void run() {
    const auto begin = steady::now();
    for (connection& c : connections_) {
      for (std::size_t slot = 0; slot < c.frames.size(); ++slot) {
        send_slot(c, slot, begin);
      }
      flush(c);
    }
    const auto start = begin + plan_.warmup;
    const auto end = start + plan_.measure;
    turn_until(start);
    latencies_ = {};
    bad_ = 0;
    const auto from = steady::now();
    const double cpu_from = cpu_seconds(plan_.pid);
    turn_until(end);
    const double seconds = std::chrono::duration<double>(steady::now() - from).count();
    const double cpu = cpu_seconds(plan_.pid) - cpu_from;
    const auto messages = static_cast<double>(latencies_.total());
    std::printf(
        R"({"messages":%.0f,"errors":%llu,"seconds":%.3f,"per_second":%.0f,"cpu_seconds":%.3f,)"
        R"("per_cpu_second":%.0f,"p50_us":%.1f,"p99_us":%.1f})"
        "\n",
        messages, static_cast<unsigned long long>(bad_), seconds, messages / seconds, cpu,
        cpu > 0 ? messages / cpu : 0, latencies_.quantile_us(0.5), latencies_.quantile_us(0.99));
  }

 private:
  static void exchange_capabilities(connection& c) {
    std::string avps;
    append_capabilities(avps, "load.example");
    send_all(c.fd, make_message(0x80, 257, 0, 1, avps));
    while (whole_message(c.in.readable()) == 0) {
      if (read_some(c.fd, c.in) == progress::closed) {
        die("CEA");
      }
    }
    c.in.consume(whole_message(c.in.readable()));
  }

  static void upgrade(connection& c) {
    send_all(c.fd,
             "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: bG9hZC1jbGllbnQta2V5IQ==\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n\r\n");
    for (;;) {
      if (read_some(c.fd, c.in) == progress::closed) {
        die("upgrade");
      }
      const std::string_view text = as_text(c.in.readable());
      if (const std::size_t end = text.find("\r\n\r\n"); end != std::string_view::npos) {
        if (!text.starts_with("HTTP/1.1 101")) {
          std::fprintf(stderr, "load_client: %.*s\n", static_cast<int>(end), text.data());
          std::exit(1);
        }
        c.in.consume(end + 4);
        return;
      }
    }
  }

  void turn_until(steady::time_point end) {
    for (auto now = steady::now(); now < end; now = steady::now()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now).count();
      epoll_event events[64];
      const int n = epoll_wait(epoll_, events, 64, static_cast<int>(left));
      for (int i = 0; i < n; ++i) {
        connection& c = connections_[events[i].data.u64];
        if ((events[i].events & EPOLLIN) != 0) {
          receive(c);
        }
        flush(c);
      }
    }
  }

  void receive(connection& c) {
    const auto room = c.in.prepare(std::size_t{64} * 1024);
    const ssize_t n = recv(c.fd, room.data(), room.size(), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
      std::fprintf(stderr, "load_client: the other side closed a connection\n");
      std::exit(1);
    }
    c.in.commit(n > 0 ? static_cast<std::size_t>(n) : 0);
    const auto now = steady::now();
    for (;;) {
      const received r =
          plan_.diameter ? read_diameter(c.in.readable()) : read_frame(c.in.readable());
      if (r.octets == 0) {
        return;
      }
      if (r.slot < c.frames.size()) {
        bad_ += r.good ? 0 : 1;
        latencies_.record(
            static_cast<std::uint64_t>(std::chrono::nanoseconds{now - c.sent[r.slot]}.count()));
        send_slot(c, r.slot, now);
      }
      c.in.consume(r.octets);
    }
  }

  static void send_slot(connection& c, std::size_t slot, steady::time_point now) {
    c.sent[slot] = now;
    c.out.append(as_bytes(c.frames[slot]));
  }

  void flush(connection& c) {
    while (!c.out.empty()) {
      const auto octets = c.out.readable();
      const ssize_t n = send(c.fd, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n <= 0) {
        if (errno != EAGAIN && errno != EINTR) {
          die("send");
        }
        break;
      }
      c.out.consume(static_cast<std::size_t>(n));
    }
    if (const bool wait = !c.out.empty(); wait != c.waits_to_write) {
      c.waits_to_write = wait;
      const auto token = static_cast<std::uint64_t>(&c - connections_.data());
      watch(epoll_, c.fd, wait ? EPOLLIN | EPOLLOUT : EPOLLIN, token, EPOLL_CTL_MOD);
    }
  }

  plan plan_;
  int epoll_;
  std::vector<connection> connections_;
  latency_histogram latencies_;
  std::uint64_t bad_ = 0;
};

}  // namespace
}  // namespace diamgw::load

int main(int argc, char** argv) {
  using namespace diamgw::load;
  const std::span arguments{argv, static_cast<std::size_t>(argc)};
  const plan p{.port = option(arguments, "--port", 0),
               .diameter = option(arguments, "--diameter", 0) != 0,
               .connections = option(arguments, "--connections", 4),
               .window = option(arguments, "--window", 64),
               .warmup = std::chrono::milliseconds{option(arguments, "--warmup-ms", 500)},
               .measure = std::chrono::milliseconds{option(arguments, "--measure-ms", 3000)},
               .pid = option(arguments, "--pid", 0)};
  if (p.port == 0 || p.connections < 1 || p.window < 1) {
    std::fprintf(stderr, "load_client: --port N is missing, or a count is below 1\n");
    return 2;
  }
  load_client{p}.run();
}
