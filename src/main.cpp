#include "diamgw/app/command_line.hpp"

// The program's allocator is jemalloc, which reads this by its name; no other does.
//
// glibc's returns a page once nothing on it lives. Of each client that has left, Asio keeps the
// entry of its socket for the next one, and these lay between all that is free: 29 MB stayed of
// what 19,000 clients had needed. jemalloc has pages for each size. What is free for a second goes
// back to the system, by a thread of jemalloc's own.
extern "C" const char* malloc_conf;  // NOLINT(*-avoid-non-const-global-variables)
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

int main(int argc, char** argv) {
  return diamgw::app::run(argc, argv);
}
