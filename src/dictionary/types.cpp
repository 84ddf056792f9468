#include "diamgw/dictionary/types.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/base/short_text.hpp"
#include "diamgw/dictionary/diagnostic.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::dictionary {
namespace {

// The specification's spellings, in the order of avp_type, then the notation's short forms.
constexpr std::array<std::pair<std::string_view, avp_type>, 20> type_names{{
    {"OctetString", avp_type::octet_string},
    {"Integer32", avp_type::integer32},
    {"Integer64", avp_type::integer64},
    {"Unsigned32", avp_type::unsigned32},
    {"Unsigned64", avp_type::unsigned64},
    {"Float32", avp_type::float32},
    {"Float64", avp_type::float64},
    {"Grouped", avp_type::grouped},
    {"Address", avp_type::address},
    {"Time", avp_type::time},
    {"UTF8String", avp_type::utf8_string},
    {"DiameterIdentity", avp_type::diameter_identity},
    {"DiameterURI", avp_type::diameter_uri},
    {"Enumerated", avp_type::enumerated},
    {"IPFilterRule", avp_type::ip_filter_rule},
    {"QoSFilterRule", avp_type::qos_filter_rule},
    {"DiamIdent", avp_type::diameter_identity},
    {"DiamURI", avp_type::diameter_uri},
    {"IPFltrRule", avp_type::ip_filter_rule},
    {"QoSFltrRule", avp_type::qos_filter_rule},
}};

/// So many are found as quickly one by one.
constexpr std::size_t few_values = 8;

[[nodiscard]] std::string_view name_at(const std::vector<enum_value>& values,
                                       std::uint32_t place) noexcept {
  return values[place].name;
}

}  // namespace

std::string_view to_string(avp_type type) noexcept {
  return type_names[static_cast<std::size_t>(type)].first;
}

std::optional<avp_type> find_type(std::string_view name) noexcept {
  const auto* const found =
      std::ranges::find(type_names, name, &std::pair<std::string_view, avp_type>::first);
  return found == type_names.end() ? std::nullopt : std::optional{found->second};
}

void avp_definition::index() {
  // As the AVP header has them (RFC 6733 §4.1).
  header_flags = static_cast<std::uint8_t>((vendor != ietf_vendor ? 0x80U : 0U) |
                                           (mandatory == flag_rule::must ? 0x40U : 0U) |
                                           (protect == flag_rule::must ? 0x20U : 0U));
  member_key = ",\"" + name + "\":";
  values_by_number.clear();
  values_by_name.clear();
  if (values.size() <= few_values) {
    return;
  }
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    values_by_number.push_back(i);
  }
  values_by_name = values_by_number;
  // Of several names of one number the first stays first.
  std::ranges::sort(values_by_number, {}, [this](auto i) { return std::pair{values[i].value, i}; });
  std::ranges::sort(values_by_name, {}, [this](auto i) { return name_at(values, i); });
}

const enum_value* avp_definition::find_value(std::int32_t value) const noexcept {
  if (values.empty()) {
    return nullptr;
  }
  // Most enumerations count up from their first value.
  const auto guess = static_cast<std::size_t>(std::int64_t{value} - values.front().value);
  if (guess < values.size() && values[guess].value == value) {
    return &values[guess];
  }
  if (values_by_number.empty()) {
    const auto found = std::ranges::find(values, value, &enum_value::value);
    return found == values.end() ? nullptr : &*found;
  }
  const auto found = std::ranges::lower_bound(values_by_number, value, {},
                                              [this](auto i) { return values[i].value; });
  return found == values_by_number.end() || values[*found].value != value ? nullptr
                                                                          : &values[*found];
}

const enum_value* avp_definition::find_value(std::string_view value_name) const noexcept {
  if (values_by_name.empty()) {
    const auto found = std::ranges::find_if(
        values, [value_name](const enum_value& v) { return same_short_text(v.name, value_name); });
    return found == values.end() ? nullptr : &*found;
  }
  const auto found = std::ranges::lower_bound(values_by_name, value_name, {},
                                              [this](auto i) { return name_at(values, i); });
  return found == values_by_name.end() || values[*found].name != value_name ? nullptr
                                                                            : &values[*found];
}

std::string to_string(const diagnostic& d) {
  return d.file + ':' + std::to_string(d.at.line) + ':' + std::to_string(d.at.column) + ": " +
         d.message;
}

}  // namespace diamgw::dictionary
