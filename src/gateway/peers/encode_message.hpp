// Messages that the node itself sends.
#pragma once
#include <cstddef>

#include "diamgw/base/stopwatch.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

/// A message in a slab of the shard's pool: `write(writer)` gives the whole message, or nothing
/// where the writer's octets do not suffice, and is then called again with more.
/// out: empty where 64 KiB do not suffice
template <class Write>
[[nodiscard]] buffer_slice encode_message(shard_context& on, Write&& write) {
  stopwatch watch;
  for (const std::size_t octets : pool_tier_octets) {
    buffer_ref buffer = on.pool().allocate(octets);
    diameter::writer out{buffer.whole()};
    if (const bytes_view whole = write(out); !whole.empty()) {
      on.recorder.marshalled(metrics::codec_path::diameter_peer, watch.lap(), whole.size());
      return {std::move(buffer), whole};
    }
  }
  return {};
}

}  // namespace diamgw::gateway
