// A stream in chunks: the first octet says how many octets of chunk sizes follow, the rest is the
// stream. However it is cut, the reader must find the same messages as when it comes whole, and
// what it hands out must be the stream's octets, in order, without a gap but for the messages that
// it says are too large.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "diamgw/codec/frame_reader.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::diameter;

struct finding {
  std::size_t kind = 0;
  decode_error error;
  std::size_t octets = 0;

  friend bool operator==(const finding&, const finding&) = default;
};

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

class run {
 public:
  run(buffer_pool& pool, std::size_t slab, bytes_view stream)
      : reader_{pool,
                {.slab_octets = slab, .min_read_octets = slab / 4, .max_message_octets = 20'000}},
        stream_{stream} {}

  void feed(std::size_t n) {
    n = std::min(n, stream_.size() - fed_);
    while (n > 0 && !broken_) {
      const mutable_bytes room = reader_.prepare();
      require(!room.empty());
      const std::size_t part = std::min(n, room.size());
      std::memcpy(room.data(), stream_.data() + fed_, part);
      reader_.commit(part);
      fed_ += part;
      n -= part;
      drain();
    }
  }
  [[nodiscard]] bool done() const { return broken_ || fed_ == stream_.size(); }

  /// Held messages must not have changed while the reader went on.
  void finish() {
    for (const held& h : held_) {
      require(std::equal(h.octets.begin(), h.octets.end(), stream_.data() + h.at));
    }
  }
  [[nodiscard]] const std::vector<finding>& findings() const { return findings_; }

 private:
  struct held {
    buffer_ref buffer;
    bytes_view octets;
    std::size_t at;
  };

  void take(std::size_t kind, const buffer_ref& buffer, bytes_view octets, decode_error error) {
    findings_.push_back({kind, error, octets.size()});
    // Every third is dropped at once, so that slabs are reused in place too.
    if (findings_.size() % 3 != 0) {
      held_.push_back({buffer, octets, cut_});
    }
    require(std::equal(octets.begin(), octets.end(), stream_.data() + cut_));
    cut_ += octets.size();
  }

  void drain() {
    for (;;) {
      const auto o = reader_.next();
      cut_ += reader_.take_skipped();
      if (const auto* m = std::get_if<message>(&o)) {
        require(check_message(m->view.octets()).has_value());
        take(o.index(), m->buffer, m->view.octets(), {});
      } else if (const auto* r = std::get_if<refused_message>(&o)) {
        take(o.index(), r->buffer, r->view.octets(), r->error);
      } else if (const auto* large = std::get_if<oversized_message>(&o)) {
        require(large->octets > 20'000);
        findings_.push_back({o.index(), {}, large->octets});
      } else if (const auto* broken = std::get_if<malformed>(&o)) {
        findings_.push_back({o.index(), broken->error, 0});
        broken_ = true;
        return;
      } else {
        require(cut_ + reader_.buffered() == fed_);
        return;
      }
    }
  }

  frame_reader reader_;
  bytes_view stream_;
  std::size_t fed_ = 0;
  std::size_t cut_ = 0;
  bool broken_ = false;
  std::vector<held> held_;
  std::vector<finding> findings_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::size_t sizes = std::min<std::size_t>(data[0] % 16U, size - 1);
  const bytes_view stream = std::as_bytes(std::span{data + 1 + sizes, size - 1 - sizes});
  buffer_pool pool;

  run whole{pool, 16384, stream};
  whole.feed(stream.size());
  whole.finish();

  run chunked{pool, 256, stream};
  for (std::size_t i = 0; !chunked.done(); ++i) {
    chunked.feed(sizes == 0 ? 1 : std::size_t{data[1 + i % sizes]} + 1);
  }
  chunked.finish();

  require(whole.findings() == chunked.findings());
  return 0;
}
