#include "metrics/scrape.hpp"

#include <prometheus/text_serializer.h>

#include "diamgw/base/assert.hpp"

namespace diamgw::metrics {
namespace {

constexpr double ns_per_second = 1e9;

[[nodiscard]] prometheus::MetricType exported_type(metric_type type) noexcept {
  switch (type) {
    case metric_type::counter:
      return prometheus::MetricType::Counter;
    case metric_type::gauge:
      return prometheus::MetricType::Gauge;
    case metric_type::histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

scrape_builder::scrape_builder() {
  for (const descriptor& d : catalogue()) {
    families_.push_back({.name = std::string{d.name},
                         .help = std::string{d.help},
                         .type = exported_type(d.type),
                         .metric = {}});
  }
}

prometheus::ClientMetric& scrape_builder::new_sample(family id, label_values values) {
  auto& sample = families_[static_cast<std::size_t>(id)].metric.emplace_back();
  std::string_view names = describe(id).labels;
  for (const std::string_view value : values) {
    const std::string_view name = names.substr(0, names.find(','));
    if (DIAMGW_BUG(name.empty())) {
      break;
    }
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    sample.label.push_back({.name = std::string{name}, .value = std::string{value}});
  }
  static_cast<void>(DIAMGW_BUG(!names.empty()));
  return sample;
}

void scrape_builder::add(family id, label_values values, double value) {
  prometheus::ClientMetric& sample = new_sample(id, values);
  if (describe(id).type == metric_type::counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
}

void scrape_builder::add_histogram(family id, label_values values,
                                   std::span<const std::uint64_t> counts,
                                   std::span<const std::int64_t> bounds, std::uint64_t sum_ns) {
  prometheus::ClientMetric::Histogram& h = new_sample(id, values).histogram;
  std::uint64_t cumulated = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulated += counts[i];
    h.bucket.push_back({.cumulative_count = cumulated,
                        .upper_bound = i < bounds.size()
                                           ? static_cast<double>(bounds[i]) / ns_per_second
                                           : std::numeric_limits<double>::infinity()});
  }
  h.sample_count = cumulated;
  h.sample_sum = static_cast<double>(sum_ns) / ns_per_second;
}

std::string scrape_builder::text() && {
  std::erase_if(families_, [](const auto& f) { return f.metric.empty(); });
  return prometheus::TextSerializer{}.Serialize(families_);
}

}  // namespace diamgw::metrics
