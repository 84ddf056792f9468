// The generated types of every command: what they read they write again, and that once more.
//
// The application id of the input chooses the command, so that one change of it leads to another
// interface; the header is then made to fit.
#include <cstdint>
#include <cstdlib>
#include <memory_resource>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/messages/commands.hpp"

namespace {

using namespace diamgw;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < diameter::header_octets || size > 65536) {
    return 0;
  }
  std::vector<std::byte> octets(reinterpret_cast<const std::byte*>(data),
                                reinterpret_cast<const std::byte*>(data) + size);
  const auto all = messages::commands();
  const auto& entry = all[load_be32(octets.data() + 8) % all.size()];
  store_be32(octets.data(), (1U << 24U) | static_cast<std::uint32_t>(size));
  store_be32(octets.data() + 4, (entry.request ? 0xc0000000U : 0x40000000U) | entry.command.value);
  const auto message = diameter::check_header(octets);
  if (!message) {
    require(size % 4 != 0);  // the header itself is sound
    return 0;
  }
  std::pmr::monotonic_buffer_resource memory;
  std::vector<std::byte> again(size);
  const auto written = entry.recode(*message, memory, again);
  if (!written) {
    require(written.error().offset <= size);
    return 0;
  }
  require(*written == size);
  // Padding is zero now: from here on it comes out as it went in.
  std::vector<std::byte> third(size);
  const auto repeated = entry.recode(diameter::message_view{again}, memory, third);
  require(repeated.has_value() && *repeated == size && third == again);
  return 0;
}
