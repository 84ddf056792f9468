// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#include "diamgw/messages/ping.hpp"

namespace diamgw::messages::ping {

[[maybe_unused, DIAMGW_TYPED_INLINE]]
static inline bool put_members(typed::output& out,
                               const ping_hop& g) noexcept {
  const auto& v = g.held;
  [[maybe_unused]] const auto there = v.present;
  return out.put(avps::ping_address, v.ping_address) &&
         (!there.any(1, 2) ||
          ((!there.has(1) || out.put(avps::ping_weight, v.ping_weight)) &&
           (!there.has(2) || out.put_list(avps::class_, v.class_))));
}

namespace {
/// Puts the members of any of these.
struct {
  template <class G>
  [[DIAMGW_TYPED_INLINE]] bool operator()(typed::output& out, const G& g) const noexcept {
    return put_members(out, g);
  }
} constexpr inside [[maybe_unused]];
}  // namespace

std::size_t ping_hop::encoded_size() const noexcept {
  if (held.kept != nullptr) {
    return typed::arranged_size(record, this);
  }
  return typed::size_of(avps::ping_address, held.ping_address) +
         (held.present.has(1) ? typed::size_of(avps::ping_weight, held.ping_weight) : 0) +
         typed::size_of(avps::class_, held.class_);
}

std::byte* ping_hop::write_to(std::byte* __restrict begin, const std::byte* end) const noexcept {
  if (held.present.has(3) && held.kept != nullptr) [[unlikely]] {
    return typed::write_arranged(record, this, begin, end);
  }
  typed::output out{begin, end};
  return put_members(out, *this) ? out.position() : nullptr;
}

constexpr typed::rule ping_hop_rules[]{
    {avps::ping_address, typed::kind::address, typed::required,
     offsetof(ping_hop, held.ping_address)},
    {avps::ping_weight, typed::kind::bits64, typed::at_most_once,
     offsetof(ping_hop, held.ping_weight)},
    {avps::class_, typed::kind::octets, typed::times(0, 3), offsetof(ping_hop, held.class_)},
};
constexpr std::uint8_t ping_hop_index[]{
    1, 2, 0, 0
};
constexpr typed::grammar ping_hop_grammar{ping_hop_rules, ping_hop_index, 0x2245bd5fbb686f69, 62};

constinit const typed::record ping_hop::record = typed::describe<ping_hop>(
    ping_hop_grammar, offsetof(ping_hop, held.present),
    offsetof(ping_hop, held.kept));

std::optional<diameter::decode_error> ping_hop_view::fill(bytes_view octets) noexcept {
  return fill_by<ping_hop_grammar>(octets);
}

std::size_t ping_request::encoded_size() const noexcept {
  if (held.kept != nullptr) {
    return diameter::header_octets + typed::arranged_size(record, this);
  }
  return diameter::header_octets +
         typed::size_of(avps::session_id, held.session_id) +
         (held.encoded_origin.empty() ? typed::size_of(avps::origin_host, held.origin_host) +
                                        typed::size_of(avps::origin_realm, held.origin_realm)
                                      : held.encoded_origin.size()) +
         typed::size_of(avps::ping_kind, held.ping_kind) +
         (held.present.has(4) ? typed::size_of(avps::ping_sent, held.ping_sent) : 0) +
         typed::size_of(avps::ping_hop, held.ping_hop) +
         typed::size_of(avps::class_, held.class_) +
         held.more_avps.size();
}

[[maybe_unused, DIAMGW_TYPED_INLINE]]
static inline bool put_members(typed::output& out,
                               const ping_request& g) noexcept {
  const auto& v = g.held;
  [[maybe_unused]] const auto there = v.present;
  return out.put(avps::session_id, v.session_id) &&
         (v.encoded_origin.empty() ? out.put(avps::origin_host, v.origin_host,
                                             avps::origin_realm, v.origin_realm)
                                   : out.encoded(v.encoded_origin)) &&
         out.put(avps::ping_kind, v.ping_kind) &&
         (!there.any(4, 6) ||
          ((!there.has(4) || out.put(avps::ping_sent, v.ping_sent)) &&
           (!there.has(5) || out.put_small(avps::ping_hop, v.ping_hop, inside)) &&
           (!there.has(6) || out.put_list(avps::class_, v.class_)))) &&
         (!there.has(7) || out.encoded(v.more_avps));
}

std::byte* ping_request::write_to(std::byte* __restrict begin, const std::byte* end) const noexcept {
  if (held.present.has(7) && held.kept != nullptr) [[unlikely]] {
    return typed::write_arranged(record, this, begin, end);
  }
  typed::output out{begin, end};
  return put_members(out, *this) ? out.position() : nullptr;
}

constexpr typed::rule ping_request_rules[]{
    {avps::session_id, typed::kind::text, typed::fixed(0), offsetof(ping_request, held.session_id)},
    {avps::origin_host, typed::kind::text, typed::required,
     offsetof(ping_request, held.origin_host)},
    {avps::origin_realm, typed::kind::text, typed::required,
     offsetof(ping_request, held.origin_realm)},
    {avps::ping_kind, typed::kind::bits32, typed::required, offsetof(ping_request, held.ping_kind)},
    {avps::ping_sent, typed::kind::time, typed::at_most_once,
     offsetof(ping_request, held.ping_sent)},
    {avps::ping_hop, typed::kind::group, typed::times(2, 5),
     offsetof(ping_request, held.ping_hop), &ping::ping_hop::record},
    {avps::class_, typed::kind::octets, typed::times(0), offsetof(ping_request, held.class_)},
};
constexpr std::uint8_t ping_request_index[]{
    5, 1, 6, 0, 0, 3, 2, 4
};
constexpr typed::grammar ping_request_grammar{ping_request_rules, ping_request_index,
    0x9d3b2539f5c1e7fb, 61};

constinit const typed::record ping_request::record = typed::describe<ping_request>(
    ping_request_grammar, offsetof(ping_request, held.present),
    offsetof(ping_request, held.kept), offsetof(ping_request, held.more_avps));

std::optional<diameter::decode_error> ping_request_view::fill(bytes_view octets) noexcept {
  return fill_by<ping_request_grammar>(octets, ping_request::command, true);
}

std::size_t ping_answer::encoded_size() const noexcept {
  if (held.kept != nullptr) {
    return diameter::header_octets + typed::arranged_size(record, this);
  }
  return diameter::header_octets +
         typed::size_of(avps::session_id, held.session_id) +
         typed::size_of(avps::ping_result, held.ping_result) +
         typed::size_of(avps::ping_hop, held.ping_hop);
}

[[maybe_unused, DIAMGW_TYPED_INLINE]]
static inline bool put_members(typed::output& out,
                               const ping_answer& g) noexcept {
  const auto& v = g.held;
  [[maybe_unused]] const auto there = v.present;
  return out.put(avps::session_id, v.session_id,
                 avps::ping_result, v.ping_result) &&
         (!there.has(2) || out.put_small(avps::ping_hop, *v.ping_hop, inside));
}

std::byte* ping_answer::write_to(std::byte* __restrict begin, const std::byte* end) const noexcept {
  if (held.present.has(3) && held.kept != nullptr) [[unlikely]] {
    return typed::write_arranged(record, this, begin, end);
  }
  typed::output out{begin, end};
  return put_members(out, *this) ? out.position() : nullptr;
}

constexpr typed::rule ping_answer_rules[]{
    {avps::session_id, typed::kind::text, typed::fixed(0), offsetof(ping_answer, held.session_id)},
    {avps::ping_result, typed::kind::bits32, typed::required,
     offsetof(ping_answer, held.ping_result)},
    {avps::ping_hop, typed::kind::group, typed::at_most_once,
     offsetof(ping_answer, held.ping_hop), &ping::ping_hop::record},
};
constexpr std::uint8_t ping_answer_index[]{
    1, 2, 0, 0
};
constexpr typed::grammar ping_answer_grammar{ping_answer_rules, ping_answer_index,
    0x561d8057935c08f, 62};

constinit const typed::record ping_answer::record = typed::describe<ping_answer>(
    ping_answer_grammar, offsetof(ping_answer, held.present),
    offsetof(ping_answer, held.kept));

std::optional<diameter::decode_error> ping_answer_view::fill(bytes_view octets) noexcept {
  return fill_by<ping_answer_grammar>(octets, ping_answer::command, false);
}

std::span<const typed::command_entry> commands() noexcept {
  static constexpr typed::command_entry all[]{
    {"ping", "Ping-Request", ping_request::command, application_id{16777999}, true,
     typed::recode<ping_request_view>},
    {"ping", "Ping-Answer", ping_answer::command, application_id{16777999}, false,
     typed::recode<ping_answer_view>},
  };
  return all;
}

}  // namespace diamgw::messages::ping
