// How rows are measured, so that a busy machine does not decide them: contestants take turns in
// slices of some microseconds, and every round compares them under the same conditions.
#pragma once
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace diamgw::bench {

/// No multiple of a page, so that buffers side by side do not alias in the cache.
inline constexpr std::size_t message_room = 4096 + 320;

/// The compiler must take it that somebody reads and writes what `p` points to, and all that can
/// be reached from there.
inline void touch(const void* p) noexcept {
  asm volatile("" : : "r"(p) : "memory");
}

[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

/// Runs its work so often.
using work = std::function<void(std::size_t times)>;

struct pace {
  std::size_t rounds = 400;
  double slice_ns = 40'000;  // of one contestant in one round
  bool judges_speed = true;  // else speed has no limits: a moment's run shows that all works
};

/// What is compared in one row.
class contest {
 public:
  void add(work w) { contestants_.push_back({std::move(w), 0, {}}); }
  void run(const pace& p);
  /// Nanoseconds for one time of a contestant's work, at its quickest.
  [[nodiscard]] double ns(std::size_t contestant) const;
  /// Median over the rounds of one contestant's time by that of others together.
  [[nodiscard]] double ratio(std::size_t contestant, const std::vector<std::size_t>& others) const;

 private:
  struct contestant {
    work run;
    std::size_t times = 0;   // in a slice
    std::vector<double> ns;  // of each round
  };
  std::vector<contestant> contestants_;
};

/// A line of the table: numbers by name, and what they may be at most or must be at least.
struct row {
  enum class bound { none, at_most, at_least };
  struct cell {
    std::string name;
    double value = 0;
    bound limited = bound::none;
    double limit = 0;
  };

  std::string name;
  std::vector<cell> cells;

  row& add(std::string_view cell_name, double value, bound limited = bound::none,
           double limit = 0) {
    cells.push_back({std::string{cell_name}, value, limited, limit});
    return *this;
  }
};

/// Allocations of the global allocator in a thousand times of the work, per time.
[[nodiscard]] double allocations_of(const work& w);

/// The rows in their order, printed at the end as JSON: an array of objects, where the limits of X
/// are "max_X" and "min_X".
class table {
 public:
  /// `only`: rows whose names hold this text; the others are passed over.
  table(const pace& p, std::string_view only) : pace_{p}, only_{only} {}
  /// Adds the cells that `measure` gives.
  void add(const std::string& name, const std::function<row(const pace&)>& measure);
  void print() const;

 private:
  pace pace_;
  std::string_view only_;
  std::vector<row> rows_;
};

}  // namespace diamgw::bench
