#include "gateway/operation/process_statistics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

namespace diamgw::gateway {
namespace {

/// The number that `text` begins with, after blanks, which is taken off it.
std::optional<std::uint64_t> take_number(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{}) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

double seconds_of(const timeval& t) noexcept {
  constexpr double microseconds = 1e6;
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / microseconds;
}

std::optional<double> count_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder{::opendir("/proc/self/fd"), &::closedir};
  if (!folder) {
    return std::nullopt;
  }
  double count = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    count += entry->d_name[0] == '.' ? 0 : 1;
  }
  return count - 1;  // without the folder's own
}

}  // namespace

std::optional<memory_pages> parse_statm(std::string_view text) noexcept {
  const auto address_space = take_number(text);
  const auto resident = address_space ? take_number(text) : std::nullopt;
  return resident ? std::optional{memory_pages{*address_space, *resident}} : std::nullopt;
}

metrics::process_statistics read_process_statistics(std::uint32_t started_seconds) {
  metrics::process_statistics found;
  found.start_time_seconds = started_seconds;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) {
    found.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  }
  std::ifstream file{"/proc/self/statm"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (const auto memory = parse_statm(text)) {
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    found.resident_bytes = static_cast<double>(memory->resident) * page;
    found.virtual_bytes = static_cast<double>(memory->address_space) * page;
  }
  found.open_fds = count_descriptors();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    found.max_fds = static_cast<double>(limit.rlim_cur);
  }
  return found;
}

}  // namespace diamgw::gateway
