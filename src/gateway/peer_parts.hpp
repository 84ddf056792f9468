// What the source files of `peer` share: its connections and its waiting requests.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "diamgw/gateway/node.hpp"
#include "diamgw/gateway/peer.hpp"

namespace diamgw::gateway {

/// A message of ours in a slab of the pool; `write(writer)` gives the whole message or nothing.
template <class Write>
buffer_slice make_message(shard_context& on, Write&& write) {
  const time_point begin = clock::now();
  for (const std::size_t octets : pool_tier_octets) {
    buffer_ref buffer = on.pool().allocate(octets);
    diameter::writer out{buffer.whole()};
    if (const bytes_view whole = write(out); !whole.empty()) {
      on.recorder.marshalled(metrics::codec_path::diameter_peer, clock::now() - begin,
                             whole.size());
      return {std::move(buffer), whole};
    }
  }
  return {};
}

/// One connection, for as long as one of its two loops runs.
struct peer::link {
  link(peer& owner, std::unique_ptr<transport::stream> s, diameter::connection w,
       std::uint32_t number, const transport::outbox::options& o,
       const diameter::frame_reader::options& r)
      : stream{std::move(s)},
        addresses{local_addresses(*stream)},
        which{w},
        serial{number},
        reader{owner.home_.pool(), r},
        out{owner.home_.shard, *stream, o},
        force_close{owner.home_.shard.context(), [this] { stream->close(); }} {}

  std::unique_ptr<transport::stream> stream;
  std::vector<diameter::host_address> addresses;
  diameter::connection which;
  std::uint32_t serial;
  bool ended = false;  // the machine knows no more of it
  diameter::frame_reader reader;
  transport::outbox out;
  transport::deadline force_close;
};

/// A request that waits for its answer at this peer.
struct peer::transaction final : shard_context::timeout {
  peer* owner = nullptr;
  asker who;
  hop_by_hop_id id;
  metrics::command_slot command = metrics::other_command;

  void on_timeout() override {
    owner->transactions_.erase(id);
    owner->release(*this);
  }
};

}  // namespace diamgw::gateway
