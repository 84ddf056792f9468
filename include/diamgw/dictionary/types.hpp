// What a dictionary says: plain data, immutable once built.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/strong_id.hpp"

namespace diamgw::dictionary {

/// Data formats of AVPs: basic (RFC 6733 §4.2), derived (§4.3) and grouped (§4.4).
enum class avp_type : std::uint8_t {
  octet_string,
  integer32,
  integer64,
  unsigned32,
  unsigned64,
  float32,
  float64,
  grouped,
  address,  // §4.3.1, family and octets
  time,     // seconds since 1900, NTP, wraps in 2036
  utf8_string,
  diameter_identity,  // FQDN or realm
  diameter_uri,
  enumerated,  // Integer32 with names
  ip_filter_rule,
  qos_filter_rule,  // RFC 7155
};

/// The specification's spelling, e.g. "OctetString", "IPFilterRule".
[[nodiscard]] std::string_view to_string(avp_type type) noexcept;

/// What a bit of the AVP header must be when we write it (RFC 6733 §4.5's table).
enum class flag_rule : std::uint8_t { must, may, must_not };

struct enum_value {
  std::string name;
  std::int32_t value = 0;
};

struct avp_definition;

/// What tells one AVP from all others.
[[nodiscard]] constexpr std::uint64_t avp_key(avp_code code, vendor_id vendor) noexcept {
  return (std::uint64_t{vendor.value} << 32U) | code.value;
}

/// How a grammar places one AVP (RFC 6733 §3.2): < > fixed, { } required, [ ] optional.
enum class placement : std::uint8_t { fixed, required, optional };

struct avp_rule {
  static constexpr std::uint32_t unbounded = 0xffffffffU;

  /// Null stands for the grammar's `AVP`: any AVP that no other rule names.
  const avp_definition* avp = nullptr;
  placement place = placement::optional;
  std::uint32_t min = 0;
  std::uint32_t max = 1;  // `unbounded` for `*`

  // In a built dictionary a grammar is a hash table, too, with a bucket for each rule. Both are
  // places in the grammar, or `none`.
  static constexpr std::uint32_t none = 0xffffffffU;
  std::uint32_t first_in_bucket = none;  // of the bucket of this rule's own place
  std::uint32_t next_in_bucket = none;   // behind this rule
  std::uint64_t key = 0;                 // of `avp`
};

/// Where the rules of such an AVP are linked, out of `buckets`.
[[nodiscard]] constexpr std::size_t bucket_of(std::uint64_t key, std::size_t buckets) noexcept {
  return static_cast<std::size_t>(((key * 0x9e3779b97f4a7c15U) >> 32U) * buckets >> 32U);
}

/// The place of an AVP's rule in a built dictionary's grammar; avp_rule::none where it has none.
[[nodiscard]] inline std::uint32_t find_rule(std::span<const avp_rule> grammar,
                                             std::uint64_t key) noexcept {
  if (grammar.empty()) {
    return avp_rule::none;
  }
  std::uint32_t at = grammar[bucket_of(key, grammar.size())].first_in_bucket;
  while (at != avp_rule::none && grammar[at].key != key) {
    at = grammar[at].next_in_bucket;
  }
  return at;
}

struct avp_definition {
  std::string name;  // as the RFC spells it, e.g. "CC-Request-Type"
  avp_code code;
  vendor_id vendor;  // ietf_vendor: no Vendor-Id field
  avp_type type = avp_type::octet_string;
  flag_rule mandatory = flag_rule::must;    // the M bit
  flag_rule protect = flag_rule::must_not;  // the P bit, deprecated by RFC 6733
  std::vector<enum_value> values;           // Enumerated (and named Unsigned32) only
  bool own_values = false;                  // some of them by `source` itself
  std::vector<avp_rule> grammar;            // Grouped only; in the order of the text
  std::string source;                       // @name of the dictionary that defines it
  std::string grammar_source;               // Grouped only; another's where that @refines it

  // Made by `index` when all else is known; then what they hold no longer changes.
  std::uint8_t header_flags = 0;                // V, M and P as we write them
  std::string member_key;                       // `,"NAME":`, as a member of a JSON object begins
  std::vector<std::uint32_t> values_by_number;  // places in `values`, sorted; empty for few values
  std::vector<std::uint32_t> values_by_name;

  void index();

  /// The first of this number or name, null where unknown. Cost: O(log n).
  [[nodiscard]] const enum_value* find_value(std::int32_t value) const noexcept;
  [[nodiscard]] const enum_value* find_value(std::string_view value_name) const noexcept;
};

struct command_definition {
  std::string name;        // of the request, without "-Request": "Credit-Control"
  std::string short_name;  // of the request without its last R or A where paired: "CC" of CCR/CCA
  command_code code;
  application_id application;  // of the dictionary that defines it; base commands serve all
  bool proxiable = false;      // P bit by the grammar's header
  std::vector<avp_rule> request;
  std::vector<avp_rule> answer;
  std::string source;          // @name of the dictionary that defines it
  std::string request_source;  // of its grammar: another's where that @refines it
  std::string answer_source;
};

struct application_definition {
  std::string name;    // "Diameter Common Messages", "Diameter Credit Control", ... by @name's note
  std::string source;  // @name, e.g. "rfc8506"
  application_id id;
  vendor_id vendor;                  // ietf_vendor unless a vendor's application
  std::vector<std::string> aliases;  // as people call it, too: "Gy"
};

}  // namespace diamgw::dictionary
