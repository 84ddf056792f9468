#include "diamgw/metrics/catalogue.hpp"

namespace diamgw::metrics {
namespace {

/// What a shard's instrument is exported as.
template <class Instrument>
struct exported;
template <>
struct exported<counter> {
  static constexpr metric_type type = metric_type::counter;
  static constexpr std::span<const std::string_view> values{};
};
template <>
struct exported<gauge> {
  static constexpr metric_type type = metric_type::gauge;
  static constexpr std::span<const std::string_view> values{};
};
template <class Instrument, class Set>
struct exported<for_each_value<Instrument, Set>> {
  static constexpr metric_type type = exported<Instrument>::type;
  static constexpr std::span<const std::string_view> values{enumerator_names<Set>};
};

#define DIAMGW_SHARD(instrument, id, name, label, help) \
  {family::id, name, exported<instrument>::type, label, help, exported<instrument>::values},
#define DIAMGW_OTHER(type, id, name, labels, help) \
  {family::id, name, metric_type::type, labels, help, {}},
constexpr std::array<descriptor, families> table{{DIAMGW_METRICS(DIAMGW_SHARD, DIAMGW_OTHER)}};
#undef DIAMGW_SHARD
#undef DIAMGW_OTHER

}  // namespace

std::string_view to_string(metric_type type) noexcept {
  switch (type) {
    case metric_type::counter:
      return "counter";
    case metric_type::gauge:
      return "gauge";
    case metric_type::histogram:
      return "histogram";
  }
  return "";
}

const std::array<descriptor, families>& catalogue() noexcept {
  return table;
}

const descriptor& describe(family id) noexcept {
  return table[static_cast<std::size_t>(id)];
}

std::string_view protocol_label(codec_path path) noexcept {
  return path == codec_path::json_client ? "json" : "diameter";
}

std::string_view marshal_direction_label(codec_path path) noexcept {
  return path == codec_path::diameter_peer ? "to_peer" : "to_client";
}

std::string_view unmarshal_direction_label(codec_path path) noexcept {
  return path == codec_path::diameter_peer ? "from_peer" : "from_client";
}

result_class class_of(std::uint32_t result_code) noexcept {
  constexpr std::uint32_t class_width = 1000;
  constexpr std::uint32_t classes = 5;
  const std::uint32_t number = result_code / class_width;
  return number >= 1 && number <= classes ? static_cast<result_class>(number - 1)
                                          : result_class::other;
}

}  // namespace diamgw::metrics
