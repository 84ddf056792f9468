// What callgrind counts: one direction of one message, so many times, and nothing else. The
// difference of two runs is the cost of the messages alone.
//
//   codec_instructions CER|CCR|ULA encode|decode TIMES
#include <array>
#include <cstdlib>
#include <string_view>

#include "codec/example_values.hpp"
#include "codec/measure.hpp"
#include "codec/subscriber_generated.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::bench;

template <class Values>
void run(const Values& values, std::string_view direction, std::size_t times) {
  const generated<Values> subject{values};
  std::array<std::byte, message_room> octets{};
  const std::size_t size = subject.message.encode_to(octets);
  Values read;
  for (std::size_t i = 0; i < times; ++i) {
    touch(&subject);
    const bool good = direction == "encode" ? subject.message.encode_to(octets) == size
                                            : subject.decode(bytes_view{octets.data(), size}, read);
    if (!good) {
      fail("the message is refused");
    }
    touch(octets.data());
    touch(&read);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fail("codec_instructions CER|CCR|ULA encode|decode TIMES");
  }
  const std::string_view message{argv[1]};
  const auto times = static_cast<std::size_t>(std::atol(argv[3]));
  if (message == "CER") {
    run(example_cer, argv[2], times);
  } else if (message == "CCR") {
    run(example_ccr, argv[2], times);
  } else {
    run(example_ula, argv[2], times);
  }
}
