#include "codec/scaling_rows.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "codec/example_values.hpp"
#include "codec/message_rows.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/check.hpp"

namespace diamgw::bench {
namespace {

namespace m = messages::rfc8506;

constexpr double most_growth = 1.2;
constexpr double least_parallel = 1.9;
constexpr double least_batch = 1.1;
constexpr std::size_t batch_messages = 64;

/// A CCR with so many AVPs: its own, and Route-Records, which proxies add one by one.
[[nodiscard]] std::vector<std::byte> ccr_of(std::size_t avps) {
  generated<ccr_values> ccr{example_ccr};
  ccr.message.subscription_id({});
  ccr.message.multiple_services_credit_control({});
  constexpr std::size_t own = 13;  // without lists and options
  ccr.message.user_name(std::nullopt);
  ccr.message.event_timestamp(std::nullopt);
  ccr.message.origin_state_id(std::nullopt);
  ccr.message.multiple_services_indicator(std::nullopt);
  constexpr std::size_t dropped = 4;
  const std::vector<std::string_view> route(avps - (own - dropped), "proxy.example");
  ccr.message.route_record(route);
  std::vector<std::byte> octets(ccr.message.encoded_size());
  if (ccr.message.encode_to(octets) != octets.size()) {
    fail("a CCR of many AVPs is not encoded");
  }
  const auto checked = diameter::check_message(octets);
  if (!checked || std::ranges::distance(checked->avps()) != static_cast<std::ptrdiff_t>(avps)) {
    fail("a CCR of " + std::to_string(avps) + " AVPs has not so many");
  }
  return octets;
}

/// Checks, decodes, and walks over the Route-Records.
[[nodiscard]] work decoding_of(std::vector<std::byte> octets) {
  return [octets = std::move(octets)](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      touch(octets.data());
      const auto checked = diameter::check_header(octets);
      const auto view = m::credit_control_request_view::decode(*checked);
      if (!view) {
        fail("a CCR of many AVPs is not decoded");
      }
      std::size_t sum = 0;
      for (const std::string_view host : view->route_record()) {
        sum += host.size();
      }
      touch(&sum);
    }
  };
}

}  // namespace

void add_avp_count_rows(table& t) {
  constexpr std::array<std::size_t, 4> counts{10, 100, 1000, 10000};
  constexpr std::size_t reference = 1;  // 100
  for (std::size_t i = 0; i < counts.size(); ++i) {
    t.add("decode of " + std::to_string(counts[i]) + " AVPs", [&](const pace& p) {
      pace longer = p;
      longer.slice_ns = p.slice_ns * 4;  // one decode of 10,000 AVPs fills a slice
      const work decode = decoding_of(ccr_of(counts[i]));
      contest c;
      c.add(decode);
      c.add(decoding_of(ccr_of(counts[reference])));
      c.run(longer);
      const double per_avp = static_cast<double>(counts[i]);
      row r;
      r.add("ns", c.ns(0)).add("ns per AVP", c.ns(0) / per_avp);
      r.add("x per AVP of 100", c.ratio(0, {1}) * static_cast<double>(counts[reference]) / per_avp,
            i + 1 == counts.size() && p.judges_speed ? row::bound::at_most : row::bound::none,
            most_growth);
      r.add("allocations", allocations_of(decode), row::bound::at_most, 0);
      return r;
    });
  }
}

namespace {

/// Runs the same work on a second thread whenever it is told to.
class partner {
 public:
  explicit partner(work w) : work_{std::move(w)}, thread_{[this] { serve(); }} {}
  partner(const partner&) = delete;
  partner& operator=(const partner&) = delete;
  ~partner() {
    go_ = stop;
    thread_.join();
  }
  void start(std::size_t times) { go_ = static_cast<std::ptrdiff_t>(times); }
  void wait() const noexcept {
    while (go_ != 0) {
#ifdef __x86_64__
      __builtin_ia32_pause();  // takes next to nothing from a thread on the same core
#endif
    }
  }

 private:
  static constexpr std::ptrdiff_t stop = -1;

  void serve() {
    while (true) {
      const std::ptrdiff_t times = go_;
      if (times == stop) {
        return;
      }
      if (times > 0) {
        work_(static_cast<std::size_t>(times));
        go_ = 0;
      }
    }
  }

  work work_;
  std::atomic<std::ptrdiff_t> go_{0};
  std::thread thread_;
};

}  // namespace

void add_parallel_row(table& t) {
  t.add("encode/CCR on 2 threads", [](const pace& p) {
    // Each thread has its own message and buffer, as each shard has.
    const auto own = std::make_shared<message_fixture<ccr_values>>("CCR", example_ccr);
    const auto other = std::make_shared<message_fixture<ccr_values>>("CCR", example_ccr);
    const work alone = encoding(own);
    partner beside{encoding(other)};
    contest c;
    pace longer = p;
    longer.slice_ns = p.slice_ns * 5;  // to start a slice together takes a part of a microsecond
    c.add([&](std::size_t times) {
      beside.start(times);
      alone(times);
      beside.wait();
    });
    c.add([&](std::size_t times) { alone(times); });
    c.add([&](std::size_t times) {
      beside.start(times);
      beside.wait();
    });
    c.run(longer);
    // The pair is done when the slower one is: a core may be slower than the other. At their
    // quickest: what other processes take is no fault of the codec.
    const double one_thread = std::max(c.ns(1), c.ns(2));
    row r;
    r.add("ns", c.ns(0) / 2).add("one thread ns", one_thread);
    r.add("x one thread", 2 * one_thread / c.ns(0),
          p.judges_speed && std::thread::hardware_concurrency() > 1 ? row::bound::at_least
                                                                    : row::bound::none,
          least_parallel);
    return r;
  });
}

void add_batch_row(table& t) {
  t.add("encode/batch of 64 DWR", [](const pace& p) {
    const auto f = std::make_shared<message_fixture<dwr_values>>("DWR", example_dwr);
    buffer_pool pool;
    const work one_by_one = [&](std::size_t times) {
      std::array<buffer_ref, batch_messages> buffers;
      for (std::size_t i = 0; i < times; ++i) {
        for (std::size_t n = 0; n < batch_messages; ++n) {
          f->subject.set_ids(static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(i));
          touch(f.get());
          buffers[n] = pool.allocate(f->subject.message.encoded_size());
          if (f->subject.message.encode_to(buffers[n].whole()) == 0) {
            fail("DWR: not encoded");
          }
        }
        touch(&buffers);
      }
    };
    const work batch = [&](std::size_t times) {
      buffer_ref buffer;
      for (std::size_t i = 0; i < times; ++i) {
        buffer = pool.allocate(batch_messages * f->size);
        std::size_t used = 0;
        for (std::size_t n = 0; n < batch_messages; ++n) {
          f->subject.set_ids(static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(i));
          touch(f.get());
          used += f->subject.message.encode_to(buffer.whole().subspan(used));
        }
        if (used != batch_messages * f->size) {
          fail("DWR: a batch is not encoded");
        }
        touch(buffer.data());
      }
    };
    contest c;
    c.add(one_by_one);
    c.add(batch);
    c.run(p);
    row r;
    r.add("ns", c.ns(1) / batch_messages).add("one by one ns", c.ns(0) / batch_messages);
    r.add("x one by one", c.ratio(0, {1}), p.judges_speed ? row::bound::at_least : row::bound::none,
          least_batch);
    r.add("allocations", allocations_of(batch) / batch_messages, row::bound::at_most, 0);
    return r;
  });
}

}  // namespace diamgw::bench
