// Connections that have not said yet whose they are.
#pragma once
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

/// At most `most` over all shards. A peer says its CER at once, so that silence must not keep one
/// out: where one more comes, that which has waited longest on its shard gives way; where none
/// waits there, the one that came. Each shard's own are for its thread; the bound is shared.
class newcomers {
  struct places;

 public:
  /// Lives as long as its connection is one of them; may outlive `newcomers`.
  class entry final : public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    entry(const newcomers& among, std::size_t shard, transport::stream& connection);
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry();

    /// Who is to give way now that this one has come, perhaps this one itself; null: nobody.
    [[nodiscard]] entry* find_who_gives_way() noexcept;

    transport::stream& connection;
    bool told = false;  // the log has a line of it, and a counter counts it: that is enough

   private:
    std::shared_ptr<places> all_;
    std::size_t shard_;
  };

  newcomers(std::size_t most, std::size_t shards);

 private:
  using list = boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>>;
  struct places {
    places(std::size_t most, std::size_t shards) : most{most}, of_shard(shards) {}

    const std::size_t most;
    std::atomic<std::size_t> there{0};
    std::vector<list> of_shard;  // those that have waited longest first
  };

  std::shared_ptr<places> all_;
};

}  // namespace diamgw::gateway
