#include "diamgw/codec/check.hpp"
#include "diamgw/messages/typed/grammar.hpp"

namespace diamgw::diameter::typed {
namespace {

class scanner {
 public:
  scanner(bytes_view octets, std::size_t at, const grammar& g, slot* slots,
          std::uint64_t* present) noexcept
      : octets_{octets}, at_{at}, grammar_{g}, slots_{slots}, present_{present} {}

  /// Steps over AVPs that were read before, for their number.
  void skip_to(std::size_t at) noexcept {
    for (; at_ != at; ++position_) {
      at_ = static_cast<std::size_t>(after_avp(octets_.data() + at_) - octets_.data());
    }
  }

  [[nodiscard]] std::optional<decode_error> run() noexcept {
    for (; at_ != octets_.size(); ++position_) {
      avp_view avp;
      if (const auto fault = take_avp(octets_.subspan(at_), avp)) {
        return refuse(*fault);
      }
      if (!grammar_.rules.empty()) {
        if (const auto fault = take(avp)) {
          return refuse(*fault);
        }
      }
      at_ += padded(avp.octets().size());
    }
    if (!complete()) {
      return refuse(errc::missing_avp);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] decode_error refuse(errc e) const noexcept {
    return {e, static_cast<std::uint32_t>(at_)};
  }

  std::optional<errc> take(const avp_view& avp) noexcept {
    const std::uint64_t id = avp_key{avp.code.value, avp.vendor.value, 0}.id();
    const std::size_t number = grammar_.index[id * grammar_.multiplier >> grammar_.shift];
    const rule& r = grammar_.rules[number];
    if (r.id != id) {
      return std::nullopt;
    }
    const std::size_t octets = avp.data.size();
    if (octets - r.least_octets > r.more_octets) {
      return errc::value_length;
    }
    std::uint64_t& word = present_[number / bits_per_word];
    const std::uint64_t bit = std::uint64_t{1} << number % bits_per_word;
    slot& s = slots_[number];
    if ((word & bit) != 0) {
      if (!r.occurs.repeated() || s.count == r.occurs.max) {
        return errc::avp_too_many;
      }
      ++s.count;
      return std::nullopt;
    }
    if (r.occurs.position != occurrence::anywhere && r.occurs.position != position_) {
      return errc::avp_position;
    }
    word |= bit;
    if (r.occurs.repeated()) {
      s = {static_cast<std::uint32_t>(at_), 1};
    } else {
      s = {static_cast<std::uint32_t>(at_ + avp.header_octets()),
           static_cast<std::uint32_t>(octets)};
    }
    return std::nullopt;
  }

  /// What the grammar demands is there, and often enough.
  [[nodiscard]] bool complete() const noexcept {
    for (std::size_t i = 0; i * bits_per_word < grammar_.rules.size(); ++i) {
      if ((grammar_.required[i] & ~present_[i]) != 0) {
        return false;
      }
    }
    for (std::size_t i = 0; grammar_.counted && i < grammar_.rules.size(); ++i) {
      const std::uint32_t min = grammar_.rules[i].occurs.min;
      if (min > 1 && slots_[i].count < min) {
        return false;
      }
    }
    return true;
  }

  bytes_view octets_;
  std::size_t at_;
  const grammar& grammar_;
  slot* slots_;
  std::uint64_t* present_;
  std::size_t position_ = 0;
};

}  // namespace

std::optional<decode_error> scan(bytes_view octets, std::size_t base, std::size_t at,
                                 const grammar& g, slot* slots, std::uint64_t* present) noexcept {
  scanner s{octets, base, g, slots, present};
  s.skip_to(at);
  return s.run();
}

}  // namespace diamgw::diameter::typed
