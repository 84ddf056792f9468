// WebSocket masking: every kernel that this processor runs, beside memcpy of the same octets.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "diamgw/websocket/mask.hpp"

namespace diamgw::websocket {
namespace {

constexpr masking_key key{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}, std::byte{0x78}};

void run_memcpy(benchmark::State& state, std::size_t octets) {
  const std::vector<std::byte> source(octets);
  std::vector<std::byte> destination(octets);
  for (auto _ : state) {
    std::memcpy(destination.data(), source.data(), octets);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
}

void run_kernel(benchmark::State& state, std::size_t octets, mask_kernel kernel) {
  std::vector<std::byte> payload(octets);
  for (auto _ : state) {
    kernel.run(payload.data(), payload.data(), octets, key);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
}

}  // namespace
}  // namespace diamgw::websocket

int main(int argc, char** argv) {
  namespace ws = diamgw::websocket;
  benchmark::Initialize(&argc, argv);
  for (const std::size_t octets : {20UL, 125UL, 1024UL, 65536UL}) {
    const std::string prefix = "mask/" + std::to_string(octets) + "/";
    benchmark::RegisterBenchmark((prefix + "memcpy").c_str(),
                                 [=](benchmark::State& s) { ws::run_memcpy(s, octets); });
    for (const ws::mask_kernel& kernel : ws::mask_kernels()) {
      benchmark::RegisterBenchmark((prefix + kernel.name).c_str(),
                                   [=](benchmark::State& s) { ws::run_kernel(s, octets, kernel); });
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
