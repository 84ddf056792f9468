// From recorders to prometheus-cpp's families: the only part that knows its types.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include "diamgw/metrics/catalogue.hpp"
#include "diamgw/metrics/instruments.hpp"

namespace diamgw::metrics {

using label_values = std::initializer_list<std::string_view>;

/// Collects samples; families come out in the order of the catalogue, empty ones not at all.
class scrape_builder {
 public:
  scrape_builder();

  /// `values` in the order of the catalogue's label names.
  void add(family id, label_values values, double value);

  template <std::size_t Buckets, std::size_t Bounds>
  void add(family id, label_values values, const histogram_counts<Buckets>& counts,
           const std::array<std::int64_t, Bounds>& bounds) {
    static_assert(Buckets == Bounds + 1);
    add_histogram(id, values, counts.counts, bounds, counts.sum_ns);
  }

  /// One sample for each value of an enumeration.
  template <class Enum, class Value>
  void add_each(family id, const Value& value_of) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Enum::count); ++i) {
      const auto which = static_cast<Enum>(i);
      add(id, {to_string(which)}, static_cast<double>(value_of(which)));
    }
  }

  [[nodiscard]] std::string text() &&;

 private:
  prometheus::ClientMetric& new_sample(family id, label_values values);
  void add_histogram(family id, label_values values, std::span<const std::uint64_t> counts,
                     std::span<const std::int64_t> bounds, std::uint64_t sum_ns);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace diamgw::metrics
