#include "codec/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::bench {
namespace {

using steady = std::chrono::steady_clock;

[[nodiscard]] double time_of_slice(const work& w, std::size_t times) {
  const auto begin = steady::now();
  w(times);
  return std::chrono::duration<double, std::nano>(steady::now() - begin).count();
}

/// How often the work goes into a slice.
[[nodiscard]] std::size_t calibrate(const work& w, double slice_ns) {
  std::size_t times = 1;
  while (time_of_slice(w, times) < slice_ns / 4 && times < (std::size_t{1} << 30U)) {
    times *= 2;
  }
  const double one =
      std::min(time_of_slice(w, times), time_of_slice(w, times)) / static_cast<double>(times);
  return std::max<std::size_t>(1, static_cast<std::size_t>(slice_ns / std::max(one, 0.1)));
}

[[nodiscard]] double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

void contest::run(const pace& p) {
  for (contestant& c : contestants_) {
    c.times = calibrate(c.run, p.slice_ns);
    c.ns.clear();
  }
  for (std::size_t round = 0; round < p.rounds; ++round) {
    for (std::size_t i = 0; i < contestants_.size(); ++i) {
      // Each goes first in turn: what comes first after a pause is slower.
      contestant& c = contestants_[(i + round) % contestants_.size()];
      c.ns.push_back(time_of_slice(c.run, c.times) / static_cast<double>(c.times));
    }
  }
}

double contest::ns(std::size_t contestant) const {
  return *std::ranges::min_element(contestants_[contestant].ns);
}

double contest::ratio(std::size_t contestant, const std::vector<std::size_t>& others) const {
  std::vector<double> ratios;
  const std::vector<double>& own = contestants_[contestant].ns;
  for (std::size_t round = 0; round < own.size(); ++round) {
    double sum = 0;
    for (const std::size_t other : others) {
      sum += contestants_[other].ns[round];
    }
    ratios.push_back(own[round] / sum);
  }
  return median(std::move(ratios));
}

double allocations_of(const work& w) {
  constexpr std::size_t times = 1000;
  w(2);  // what grows once has grown
  const auto before = thread_allocations().calls;
  w(times);
  return static_cast<double>(thread_allocations().calls - before) / static_cast<double>(times);
}

void table::add(const std::string& name, const std::function<row(const pace&)>& measure) {
  if (name.find(only_) == std::string::npos) {
    return;
  }
  row r = measure(pace_);
  r.name = name;
  rows_.push_back(std::move(r));
}

void table::print() const {
  auto rows = nlohmann::ordered_json::array();
  for (const row& r : rows_) {
    nlohmann::ordered_json line{{"name", r.name}};
    for (const row::cell& c : r.cells) {
      line[c.name] = c.value;
      if (c.limited != row::bound::none) {
        line[(c.limited == row::bound::at_most ? "max_" : "min_") + c.name] = c.limit;
      }
    }
    rows.push_back(std::move(line));
  }
  std::puts(rows.dump(1).c_str());
}

}  // namespace diamgw::bench
