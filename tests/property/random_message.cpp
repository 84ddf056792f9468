#include "property/random_message.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::testing {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::flag_rule;
using dictionary::placement;

constexpr std::size_t max_depth = 6;
constexpr std::uint32_t stranger_vendor = 99999;

void append_be32(std::vector<std::byte>& out, std::uint32_t v) {
  out.resize(out.size() + 4);
  store_be32(out.data() + out.size() - 4, v);
}

void append_avp(std::vector<std::byte>& out, std::uint32_t code, std::uint32_t vendor,
                std::uint8_t flags, bytes_view data) {
  const std::size_t header = vendor != 0 ? 12 : 8;
  append_be32(out, code);
  append_be32(out,
              (std::uint32_t{flags} << 24U) | static_cast<std::uint32_t>(header + data.size()));
  if (vendor != 0) {
    append_be32(out, vendor);
  }
  out.insert(out.end(), data.begin(), data.end());
  out.resize(out.size() + (4 - data.size() % 4) % 4);
}

std::vector<std::byte> be32(std::uint32_t v) {
  std::vector<std::byte> out;
  append_be32(out, v);
  return out;
}

std::vector<std::byte> be64(std::uint64_t v) {
  std::vector<std::byte> out(8);
  store_be64(out.data(), v);
  return out;
}

std::vector<std::byte> octets_of(std::string_view text) {
  const bytes_view view = as_bytes(text);
  return {view.begin(), view.end()};
}

struct shape {
  std::string_view avp;
  std::string_view hex;
};

/// Of the AVPs whose data other decoders take apart, though their type lets them hold anything.
constexpr std::array shapes{
    shape{"Framed-IP-Address", "c0000201"},
    shape{"Framed-IPv6-Prefix", "004020010db800000000"},   // RFC 3162 §2.3
    shape{"User-Name", "323632303131323334353637383930"},  // an IMSI
    shape{"Subscription-Id-Data", "323632303131323334353637383930"},
    shape{"User-Equipment-Info-Type", "00000000"},  // an IMEISV
    shape{"User-Equipment-Info-Value", "33353339313037323030303030303031"},
    shape{"3GPP-SGSN-MCC-MNC", "3236323031"},
    shape{"TWAN-Identifier", "000464617461"},  // TS 29.274 §8.100
    shape{"Visited-PLMN-Id", "62f210"},        // TS 23.003
    shape{"Group-PLMN-Id", "62f210"},
    shape{"RAI", "3236323031303030313031"},  // TS 29.061: MCC, MNC, LAC and RAC as text
    shape{"TMGI", "00000162f210"},
    shape{"MBMS-Service-Area", "000001"},
    shape{"MBMS-GGSN-IPv6-Address", "20010db8000000000000000000000001"},
    shape{"Presence-Reporting-Area-Elements-List", "000000000000000000"},
    shape{"EAP-Reissued-Payload", "0101000501"},
    shape{"EAP-Payload", "0101000501"},  // RFC 3748 §5.1
};

}  // namespace

// Not std::uniform_int_distribution: what it makes differs between libraries.
std::uint32_t random_message::below(std::uint32_t n) {
  return static_cast<std::uint32_t>(random_()) % n;
}

std::uint64_t random_message::edge_number() {
  constexpr std::array<std::uint64_t, 8> edges{
      0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, ~std::uint64_t{0}};
  if (chance(50)) {
    return edges[below(edges.size())];
  }
  return (std::uint64_t{random_()} << 32U) | random_();
}

std::vector<std::byte> random_message::make(const dictionary::command_definition& command,
                                            bool request) {
  constexpr std::array<std::uint32_t, 4> percents{0, 10, 40, 80};
  optional_percent_ = percents[below(percents.size())];
  avps_left_ = options_.max_avps;
  const octets body = avps(request ? command.request : command.answer, 0);
  octets out;
  append_be32(out, (1U << 24U) | static_cast<std::uint32_t>(diameter::header_octets + body.size()));
  const std::uint32_t flags = (request ? 0x80U : 0U) | (command.proxiable ? 0x40U : 0U);
  append_be32(out, (flags << 24U) | command.code.value);
  append_be32(out, command.application.value);
  append_be32(out, static_cast<std::uint32_t>(random_()));
  append_be32(out, static_cast<std::uint32_t>(random_()));
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

std::size_t random_message::count(const avp_rule& rule, std::size_t depth) {
  const std::size_t most = std::min<std::size_t>(rule.max, rule.min + 3);
  const bool more = avps_left_ > 0 && depth < max_depth && chance(optional_percent_);
  const std::size_t n =
      more ? rule.min + below(static_cast<std::uint32_t>(most - rule.min) + 1) : rule.min;
  avps_left_ -= std::min(n, avps_left_);
  return n;
}

std::vector<std::byte> random_message::avps(std::span<const avp_rule> rules, std::size_t depth) {
  std::vector<octets> list;
  std::size_t fixed = 0;
  bool open = false;
  for (const avp_rule& rule : rules) {
    if (rule.avp == nullptr) {
      open = true;
      for (std::uint32_t n = 0; n < rule.min; ++n) {
        list.push_back(stranger(rules));
      }
      continue;
    }
    for (std::size_t n = count(rule, depth); n > 0; --n) {
      list.push_back(avp(*rule.avp, depth));
    }
    fixed = rule.place == placement::fixed ? list.size() : fixed;
  }
  if (options_.plain && list.empty() && depth > 0) {  // an empty group is legal, and suspicious
    const auto first =
        std::ranges::find_if(rules, [](const avp_rule& r) { return r.avp != nullptr; });
    list.push_back(first == rules.end() ? stranger(rules) : avp(*first->avp, depth));
  }
  for (std::size_t i = list.size(); options_.shuffled && i > fixed + 1; --i) {
    std::swap(list[i - 1], list[fixed + below(static_cast<std::uint32_t>(i - fixed))]);
  }
  if (options_.strangers && open) {
    while (avps_left_ > 0 && chance(40)) {
      --avps_left_;
      const std::size_t at = fixed + below(static_cast<std::uint32_t>(list.size() - fixed) + 1);
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), stranger(rules));
    }
  }
  octets out;
  for (const octets& one : list) {
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

std::vector<std::byte> random_message::avp(const avp_definition& definition, std::size_t depth) {
  const auto bit = [this](flag_rule rule, std::uint8_t flag) {
    const bool set =
        rule == flag_rule::must || (rule == flag_rule::may && options_.free_flags && chance(50));
    return set ? flag : std::uint8_t{0};
  };
  unsigned flags = bit(definition.mandatory, diameter::avp_flags::mandatory);
  flags |= bit(definition.protect, diameter::avp_flags::protect);
  flags |= definition.vendor != ietf_vendor ? diameter::avp_flags::vendor : 0U;
  octets out;
  append_avp(out, definition.code.value, definition.vendor.value, static_cast<std::uint8_t>(flags),
             value(definition, depth));
  return out;
}

/// An AVP that no rule names: of an unknown vendor, or one that another grammar has.
std::vector<std::byte> random_message::stranger(std::span<const avp_rule> rules) {
  if (options_.plain) {
    return avp(*names_.find_avp("User-Name"), max_depth);
  }
  const auto known = names_.avps();
  const avp_definition* const other = known[below(static_cast<std::uint32_t>(known.size()))];
  const bool named = std::ranges::find(rules, other, &avp_rule::avp) != rules.end();
  if (chance(50) && !named && other->type != avp_type::grouped) {
    return avp(*other, max_depth);
  }
  octets out;
  append_avp(out, static_cast<std::uint32_t>(random_()), stranger_vendor,
             diameter::avp_flags::vendor, random_octets(20));
  return out;
}

std::vector<std::byte> random_message::value(const avp_definition& definition, std::size_t depth) {
  constexpr std::array<std::uint32_t, 6> floats{0,          0x80000000, 0x3f800000,
                                                0x7f800000, 0xff800000, 0x7fc00000};
  constexpr std::array<std::uint64_t, 6> doubles{0,
                                                 0x8000000000000000,
                                                 0x3ff0000000000000,
                                                 0x7ff0000000000000,
                                                 0xfff0000000000000,
                                                 0x7ff8000000000000};
  constexpr std::array<std::string_view, 3> rules{
      "permit in ip from any to assigned", "deny out 6 from 192.0.2.0/24 80-90 to any established",
      "permit out 17 from 2001:db8::/32 to !192.0.2.1 1024-65535"};
  if (options_.plain) {
    if (const auto* const known = std::ranges::find(shapes, definition.name, &shape::avp);
        known != shapes.end()) {
      return *from_hex(known->hex);
    }
  }
  switch (definition.type) {
    case avp_type::octet_string:
      return options_.plain ? octets_of("data") : random_octets(40);
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::time:
      return be32(static_cast<std::uint32_t>(edge_number()));
    case avp_type::integer64:
    case avp_type::unsigned64:
      return be64(edge_number());
    case avp_type::float32:
      return be32(floats[below(floats.size())]);
    case avp_type::float64:
      return be64(doubles[below(doubles.size())]);
    case avp_type::grouped:
      return avps(definition.grammar, depth + 1);
    case avp_type::address:
      return address();
    case avp_type::utf8_string:
    case avp_type::qos_filter_rule:
      return octets_of(options_.plain ? "data" : text());
    case avp_type::diameter_identity:
      return octets_of(identity());
    case avp_type::diameter_uri:
      return octets_of((chance(50) ? "aaa://" : "aaas://") + identity() +
                       (chance(50) ? ":6666" : "") + (chance(50) ? ";transport=sctp" : ""));
    case avp_type::enumerated:
      return be32(
          definition.values.empty()
              ? static_cast<std::uint32_t>(edge_number())
              : static_cast<std::uint32_t>(
                    definition.values[below(static_cast<std::uint32_t>(definition.values.size()))]
                        .value));
    case avp_type::ip_filter_rule:
      return octets_of(rules[below(rules.size())]);
  }
  return {};
}

std::vector<std::byte> random_message::random_octets(std::size_t most) {
  octets out(below(static_cast<std::uint32_t>(most) + 1));
  std::ranges::generate(out, [this] { return static_cast<std::byte>(below(256)); });
  return out;
}

std::vector<std::byte> random_message::address() {
  constexpr std::array<std::uint16_t, 4> families{1, 2, 8, 16389};
  const std::uint16_t family = families[below(options_.plain ? 2 : families.size())];
  octets out(2);
  store_be16(out.data(), family);
  switch (family) {
    case 1:
      out.resize(6);
      store_be32(out.data() + 2, static_cast<std::uint32_t>(random_()));
      break;
    case 2:
      out.resize(18);
      for (std::size_t i = 2; i < out.size(); ++i) {
        out[i] = static_cast<std::byte>(below(256));
      }
      break;
    case 8:
      for (std::uint32_t n = 1 + below(15); n > 0; --n) {
        out.push_back(static_cast<std::byte>('0' + below(10)));
      }
      break;
    default: {
      const octets rest = random_octets(20);
      out.insert(out.end(), rest.begin(), rest.end());
    }
  }
  return out;
}

std::string random_message::text() {
  constexpr std::array<std::string_view, 12> pieces{
      "a",    "Z9", "\"",       "\\",           "\n", "\x01",
      "\x7f", " ",  "\xc3\xa9", "\xe2\x82\xac", "</", "\xf0\x9f\x98\x80"};
  std::string out;
  for (std::uint32_t n = below(20); n > 0; --n) {
    out += pieces[below(pieces.size())];
  }
  return out;
}

std::string random_message::identity() {
  constexpr std::array<std::string_view, 4> labels{"host", "a-b", "x_1", "example"};
  std::string out{labels[below(labels.size())]};
  for (std::uint32_t n = below(4); n > 0; --n) {
    out += '.';
    out += labels[below(labels.size())];
  }
  return out;
}

}  // namespace diamgw::testing
