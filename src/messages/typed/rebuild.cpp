#include "diamgw/messages/typed/rebuild.hpp"

#include <array>

#include "diamgw/codec/validation.hpp"
#include "diamgw/messages/typed/record.hpp"
#include "diamgw/messages/typed/repeated.hpp"
#include "messages/typed/member.hpp"

namespace diamgw::diameter::typed {
namespace {

/// Each level of groups has one.
class reader {
 public:
  reader(const record& r, bytes_view octets, void* self, std::pmr::memory_resource& memory,
         std::size_t depth) noexcept
      : record_{r}, octets_{octets}, self_{self}, memory_{memory}, depth_{depth} {}

  std::optional<decode_error> run(std::size_t base) {
    if (const auto fault =
            scan(octets_, base, base, record_.rules, slots_.data(), present_.data())) {
      return fault;
    }
    make_lists();
    const avp_range avps{octets_.subspan(base)};
    for (const avp_view avp : avps) {
      if (const auto fault = take(avp)) {
        return fault;
      }
      ++avps_;
    }
    if (!as_in_grammar_) {
      arrange(avps);
    }
    return std::nullopt;
  }

 private:
  template <class T>
  [[nodiscard]] std::span<T> allocate(std::size_t n) {
    T* const first = static_cast<T*>(memory_.allocate(n * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < n; ++i) {
      new (first + i) T{};
    }
    return {first, n};
  }

  [[nodiscard]] static bool has(const presence_bits& bits, std::size_t number) noexcept {
    return (bits[number / bits_per_word] >> number % bits_per_word & 1U) != 0;
  }

  void mark(std::size_t bit) noexcept {
    auto* const words =
        reinterpret_cast<std::uint64_t*>(static_cast<std::byte*>(self_) + record_.present);
    words[bit / bits_per_word] |= std::uint64_t{1} << bit % bits_per_word;
  }

  /// Room for the elements of each list, which are filled as they come.
  void make_lists() {
    for (std::size_t i = 0; i < record_.rules.rules.size(); ++i) {
      const rule& r = record_.rules.rules[i];
      if (!r.occurs.repeated() || !has(present_, i)) {
        continue;
      }
      const std::size_t n = slots_[i].count;
      const std::size_t alignment =
          r.kind == kind::group ? r.group->alignment : alignof(bytes_view);
      const raw_list list{memory_.allocate(n * element_octets(r), alignment), n};
      store_object(member_of(self_, r), list);
    }
  }

  /// Its number; `outside` where the grammar has none.
  [[nodiscard]] std::uint16_t rule_of(const avp_view& avp) const noexcept {
    const grammar& g = record_.rules;
    const std::uint64_t id = avp_key{avp.code.value, avp.vendor.value, 0}.id();
    if (g.rules.empty()) {
      return placed_avp::outside;
    }
    const std::size_t number = g.index[id * g.multiplier >> g.shift];
    return g.rules[number].id == id ? static_cast<std::uint16_t>(number) : placed_avp::outside;
  }

  std::optional<decode_error> take(const avp_view& avp) {
    const std::uint16_t number = rule_of(avp);
    if (number == placed_avp::outside) {
      as_in_grammar_ = false;
      return std::nullopt;
    }
    const rule& r = record_.rules.rules[number];
    if (number < last_ || avp.flags != r.flags) {
      as_in_grammar_ = false;
    }
    last_ = number;
    std::byte* p = member_of(self_, r);
    if (r.occurs.repeated()) {
      // The scan counted them; now they are counted again, as they are taken.
      const auto list = load_object<raw_list>(p);
      p = static_cast<std::byte*>(const_cast<void*>(list.data)) +
          taken_[number] * element_octets(r);
    }
    ++taken_[number];
    mark(number);
    if (r.kind == kind::group) {
      return take_group(avp, r, p);
    }
    take_value(avp, r, p);
    return std::nullopt;
  }

  static void take_value(const avp_view& avp, const rule& r, std::byte* p) {
    switch (r.kind) {
      case kind::bits32:
        store_object(p, load_be32(avp.data.data()));
        break;
      case kind::bits64:
        store_object(p, load_be64(avp.data.data()));
        break;
      case kind::time:
        store_object(p, read<std::chrono::sys_seconds>(avp.data));
        break;
      case kind::octets:
        store_object(p, avp.data);
        break;
      case kind::text:
        store_object(p, as_text(avp.data));
        break;
      default:
        store_object(p, read<address>(avp.data));
        break;
    }
  }

  std::optional<decode_error> take_group(const avp_view& avp, const rule& r, std::byte* p) {
    const auto offset = static_cast<std::uint32_t>(avp.data.data() - octets_.data());
    if (depth_ == max_group_depth) {
      return decode_error{errc::nested_too_deep, offset};
    }
    void* group = p;
    if (!r.occurs.repeated()) {
      group = memory_.allocate(r.group->octets, r.group->alignment);
      store_object(p, static_cast<const void*>(group));
    }
    r.group->make(group);
    auto fault = read_level(*r.group, avp.data, 0, group, memory_, depth_ + 1);
    if (fault) {
      fault->offset += offset;
    }
    return fault;
  }

  /// As they came, for `kept`.
  void arrange(avp_range avps) {
    const std::span<placed_avp> placed = allocate<placed_avp>(avps_);
    const std::span<std::uint32_t> listed = allocate<std::uint32_t>(record_.rules.rules.size());
    std::size_t n = 0;
    for (const avp_view avp : avps) {
      placed_avp& out = placed[n++];
      out.rule = rule_of(avp);
      out.flags = avp.flags;
      if (out.rule == placed_avp::outside) {
        out.octets = {avp.header, padded(avp.octets().size())};
      } else {
        out.occurrence = listed[out.rule]++;
      }
    }
    arrangement& kept = allocate<arrangement>(1).front();
    kept = {placed, listed};
    store_object(static_cast<std::byte*>(self_) + record_.kept,
                 static_cast<const arrangement*>(&kept));
    mark(record_.rules.rules.size());
  }

 public:
  static std::optional<decode_error> read_level(const record& r, bytes_view octets,
                                                std::size_t base, void* self,
                                                std::pmr::memory_resource& memory,
                                                std::size_t depth) {
    return reader{r, octets, self, memory, depth}.run(base);
  }

 private:
  const record& record_;
  bytes_view octets_;
  void* self_;
  std::pmr::memory_resource& memory_;
  std::size_t depth_;
  std::size_t avps_ = 0;
  std::uint16_t last_ = 0;
  bool as_in_grammar_ = true;  // order and flags
  std::array<slot, max_rules> slots_;
  std::array<std::uint32_t, max_rules> taken_{};
  presence_bits present_{};
};

}  // namespace

std::optional<decode_error> read_members(const record& r, bytes_view octets, std::size_t base,
                                         void* self, std::pmr::memory_resource& memory) {
  return reader::read_level(r, octets, base, self, memory, 0);
}

}  // namespace diamgw::diameter::typed
