// The rows of one message: encode, decode, round trip, and filling with encoding.
#pragma once
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "codec/generated.hpp"
#include "codec/measure.hpp"

namespace diamgw::bench {

inline constexpr double most_x_floor = 1.3;
inline constexpr double most_x_sum = 1.1;

/// One message in all its states; work of contestants keeps it alive.
template <class Values>
struct message_fixture {
  message_fixture(std::string message_name, const Values& v)
      : name{std::move(message_name)}, values{v}, subject{v} {
    size = by_hand::encode(values, octets);
    require_same();
  }

  /// Nothing is compared that does not write the same octets and read the same values.
  void require_same() const {
    std::array<std::byte, message_room> other{};
    Values by_floor;
    Values by_subject;
    if (size == 0 || subject.message.encode_to(other) != size ||
        std::memcmp(octets.data(), other.data(), size) != 0) {
      fail(name + ": generated and hand-written octets differ");
    }
    if (!by_hand::decode(encoded(), by_floor) || !(by_floor == values)) {
      fail(name + ": the hand-written reader reads other values");
    }
    if (!subject.decode(encoded(), by_subject) || !(by_subject == values)) {
      fail(name + ": the generated reader reads other values");
    }
  }
  [[nodiscard]] bytes_view encoded() const noexcept { return {octets.data(), size}; }

  std::string name;
  Values values;
  generated<Values> subject;
  std::array<std::byte, message_room> octets{};
  std::array<std::byte, message_room> out{};
  std::size_t size = 0;
};

template <class Values>
using shared_fixture = std::shared_ptr<message_fixture<Values>>;

template <class Values>
[[nodiscard]] work encoding(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      f->subject.set_ids(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1));
      touch(f.get());
      if (f->subject.message.encode_to(f->out) != f->size) {
        fail(f->name + ": not encoded");
      }
      touch(f.get());
    }
  };
}

template <class Values>
[[nodiscard]] work encoding_by_hand(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    Values v = f->values;
    for (std::size_t i = 0; i < times; ++i) {
      v.hop_by_hop = static_cast<std::uint32_t>(i);
      v.end_to_end = static_cast<std::uint32_t>(i + 1);
      touch(&v);
      if (by_hand::encode(v, f->out) != f->size) {
        fail(f->name + ": not encoded by hand");
      }
      touch(f.get());
    }
  };
}

template <class Values>
[[nodiscard]] work filling_and_encoding(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      const generated<Values> fresh{f->values};
      if (fresh.message.encode_to(f->out) != f->size) {
        fail(f->name + ": not filled and encoded");
      }
      touch(f.get());
    }
  };
}

template <class Values>
[[nodiscard]] work copying(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      std::memcpy(f->out.data(), f->octets.data(), f->size);
    }
  };
}

template <class Values>
[[nodiscard]] work decoding(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    Values v;
    touch(&v);
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      if (!f->subject.decode(f->encoded(), v)) {
        fail(f->name + ": not decoded");
      }
      touch(&v);
    }
  };
}

template <class Values>
[[nodiscard]] work decoding_by_hand(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    Values v;
    touch(&v);
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      if (!by_hand::decode(f->encoded(), v)) {
        fail(f->name + ": not decoded by hand");
      }
      touch(&v);
    }
  };
}

template <class Values>
[[nodiscard]] work round_trip(const shared_fixture<Values>& f) {
  return [f](std::size_t times) {
    Values v;
    touch(&v);
    for (std::size_t i = 0; i < times; ++i) {
      f->subject.set_ids(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1));
      touch(f.get());
      const std::size_t size = f->subject.message.encode_to(f->out);
      touch(f.get());
      if (!f->subject.decode({f->out.data(), size}, v)) {
        fail(f->name + ": no round trip");
      }
      touch(&v);
    }
  };
}

/// Subject, floor and memcpy of the same octets, side by side.
[[nodiscard]] inline row compared(const pace& p, const work& subject, const work& floor,
                                  const work& copy, std::size_t octets, double most) {
  contest c;
  c.add(subject);
  c.add(floor);
  c.add(copy);
  c.run(p);
  row r;
  r.add("ns", c.ns(0)).add("floor ns", c.ns(1)).add("memcpy ns", c.ns(2));
  r.add("x floor", c.ratio(0, {1}),
        most > 0 && p.judges_speed ? row::bound::at_most : row::bound::none, most);
  r.add("floor x memcpy", c.ratio(1, {2}));
  r.add("allocations", allocations_of(subject), row::bound::at_most, 0);
  r.add("octets", static_cast<double>(octets));
  return r;
}

template <class Values>
void add_message_rows(table& t, const std::string& name, const Values& values) {
  const auto f = std::make_shared<message_fixture<Values>>(name, values);
  t.add("encode/" + name, [&](const pace& p) {
    return compared(p, encoding(f), encoding_by_hand(f), copying(f), f->size, most_x_floor);
  });
  t.add("fill and encode/" + name, [&](const pace& p) {
    return compared(p, filling_and_encoding(f), encoding_by_hand(f), copying(f), f->size, 0);
  });
  t.add("decode/" + name, [&](const pace& p) {
    return compared(p, decoding(f), decoding_by_hand(f), copying(f), f->size, most_x_floor);
  });
  t.add("round trip/" + name, [&](const pace& p) {
    contest c;
    c.add(round_trip(f));
    c.add(encoding(f));
    c.add(decoding(f));
    c.run(p);
    row r;
    r.add("ns", c.ns(0));
    r.add("x sum", c.ratio(0, {1, 2}), p.judges_speed ? row::bound::at_most : row::bound::none,
          most_x_sum);
    r.add("allocations", allocations_of(round_trip(f)), row::bound::at_most, 0);
    r.add("octets", static_cast<double>(f->size));
    return r;
  });
}

}  // namespace diamgw::bench
