// The codec beside what it could be at best: every generated message next to the same message
// written by hand, and JSON next to the bare parser and a writer for one message.
//
//   codec_bench [--smoke] [--only TEXT]    prints the rows, or those whose name holds TEXT, as
//   JSON;
//                                          scripts/bench judges them
#include <cstdio>
#include <string_view>

#include "codec/example_values.hpp"
#include "codec/json_rows.hpp"
#include "codec/measure.hpp"
#include "codec/message_rows.hpp"
#include "codec/scaling_rows.hpp"
#include "codec/subscriber_generated.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"

int main(int argc, char** argv) {
  using namespace diamgw::bench;
  if (!diamgw::allocation_counting_works()) {
    std::fputs("allocations are not counted in this build\n", stderr);
    return 1;
  }
  pace p;
  std::string_view only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument{argv[i]};
    if (argument == "--smoke") {
      p = {.rounds = 3, .slice_ns = 10'000, .judges_speed = false};
    } else if (argument == "--only" && i + 1 < argc) {
      only = argv[++i];
    }
  }
  table t{p, only};
  add_message_rows(t, "CER", example_cer);
  add_message_rows(t, "CEA", example_cea);
  add_message_rows(t, "DWR", example_dwr);
  add_message_rows(t, "ACR", example_acr);
  add_message_rows(t, "CCR-I", example_ccr);
  add_message_rows(t, "ULR", example_ulr);
  add_message_rows(t, "ULA", example_ula);
  add_avp_count_rows(t);
  add_parallel_row(t);
  add_batch_row(t);
  add_json_to_diameter_row(t);
  add_diameter_to_json_row(t);
  t.print();
}
