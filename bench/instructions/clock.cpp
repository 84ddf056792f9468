// The clock of the program whose instructions are counted. Under valgrind the kernel's own page of
// code is not there, and reading the clock would look cheap: here it costs as many instructions as
// it does outside (92 for clock_gettime on x86-64 with Linux 6 and the TSC, counted by single
// steps). It moves by itself, by so little that no timer fires in a run.
#include <ctime>

namespace {

long nanoseconds = 1'000'000;

}  // namespace

extern "C" int clock_gettime(clockid_t, timespec* at) noexcept {
  asm volatile(".rept 73\n nop\n .endr");  // and 19 for the rest
  nanoseconds += 20'000;
  at->tv_sec = 1'800'000'000 + nanoseconds / 1'000'000'000;
  at->tv_nsec = nanoseconds % 1'000'000'000;
  return 0;
}
