#include "diamgw/messages/typed/record.hpp"
#include "diamgw/messages/typed/write.hpp"
#include "messages/typed/member.hpp"

namespace diamgw::diameter::typed {
namespace {

/// Octets of data.
std::size_t data_octets(const rule& r, const std::byte* value) noexcept {
  switch (r.kind) {
    case kind::bits32:
    case kind::time:
      return 4;
    case kind::bits64:
      return 8;
    case kind::octets:
      return load_object<bytes_view>(value).size();
    case kind::text:
      return load_object<std::string_view>(value).size();
    case kind::address:
      return 2 + load_object<address>(value).octets.size();
    case kind::group:
      break;
  }
  return r.group->size(value);
}

/// Writes or counts, AVP after AVP.
class arranger {
 public:
  arranger(const record& r, const void* self) noexcept : record_{r}, self_{self} {}

  /// Calls `put(rule, flags, value)` and `copy(octets)` in the order of the message.
  template <class Put, class Copy>
  [[nodiscard]] bool each(Put put, Copy copy) const {
    const auto* const base = static_cast<const std::byte*>(self_);
    const auto& kept = *load_object<const arrangement*>(base + record_.kept);
    const std::span<const rule> rules = record_.rules.rules;
    for (const placed_avp& avp : kept.avps) {
      if (avp.rule == placed_avp::outside) {
        if (!copy(avp.octets)) {
          return false;
        }
        continue;
      }
      const rule& r = rules[avp.rule];
      if (avp.occurrence < count_of(record_, avp.rule, self_) &&
          !put(r, avp.flags, value_of(r, self_, avp.occurrence))) {
        return false;
      }
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::size_t count = count_of(record_, i, self_);
      for (std::size_t n = kept.listed[i]; n < count; ++n) {
        if (!put(rules[i], rules[i].flags, value_of(rules[i], self_, n))) {
          return false;
        }
      }
    }
    return record_.more_avps == 0 || copy(load_object<bytes_view>(base + record_.more_avps));
  }

 private:
  const record& record_;
  const void* self_;
};

/// The data at `p`, its padding included; the end of the data without it, null where it does not
/// fit.
const std::byte* put_value(const rule& r, const std::byte* value, std::byte* p,
                           const std::byte* end) noexcept {
  if (r.kind == kind::group) {
    return r.group->write(value, p, end);
  }
  const std::size_t octets = data_octets(r, value);
  if (padded(octets) > static_cast<std::size_t>(end - p)) {
    return nullptr;
  }
  switch (r.kind) {
    case kind::bits32:
      store_be32(p, load_object<std::uint32_t>(value));
      break;
    case kind::bits64:
      store_be64(p, load_object<std::uint64_t>(value));
      break;
    case kind::time:
      store(p, load_object<std::chrono::sys_seconds>(value));
      break;
    case kind::octets:
      put_padded(p, load_object<bytes_view>(value).data(), octets);
      break;
    case kind::text:
      put_padded(p, load_object<std::string_view>(value).data(), octets);
      break;
    default:
      put_address(p, load_object<address>(value));
      break;
  }
  return p + octets;
}

}  // namespace

std::byte* write_arranged(const record& r, const void* self, std::byte* begin,
                          const std::byte* end) noexcept {
  std::byte* p = begin;
  const bool whole = arranger{r, self}.each(
      [&](const rule& avp, std::uint8_t flags, const std::byte* value) {
        const std::size_t header = header_octets_of(flags);
        if (static_cast<std::size_t>(end - p) < header) {
          return false;
        }
        const std::byte* const last = put_value(avp, value, p + header, end);
        if (last == nullptr) {
          return false;
        }
        const auto length = static_cast<std::size_t>(last - p);
        const avp_key key = avp.key();
        put_avp_header(p, key.code, key.vendor, flags, length - header);
        p += padded(length);
        return true;
      },
      [&](bytes_view octets) {
        if (static_cast<std::size_t>(end - p) < octets.size()) {
          return false;
        }
        put_octets(p, octets);
        p += octets.size();
        return true;
      });
  return whole ? p : nullptr;
}

std::size_t arranged_size(const record& r, const void* self) noexcept {
  std::size_t sum = 0;
  static_cast<void>(arranger{r, self}.each(
      [&](const rule& avp, std::uint8_t flags, const std::byte* value) {
        sum += header_octets_of(flags) + padded(data_octets(avp, value));
        return true;
      },
      [&](bytes_view octets) {
        sum += octets.size();
        return true;
      }));
  return sum;
}

}  // namespace diamgw::diameter::typed
