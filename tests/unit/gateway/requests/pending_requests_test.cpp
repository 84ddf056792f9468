#include "diamgw/gateway/requests/pending_requests.hpp"

#include <gtest/gtest.h>

#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

struct no_note {};

// docs/architecture.md, "Peers": an identifier has room for so many.
TEST(PendingRequests, AreAtMostSoManyAsTheirTableHolds) {
  struct row {
    std::uint32_t asked;
    std::size_t given;
  };
  for (const row& r : {row{1, 1}, row{1'048'575, 1'048'575}, row{1'048'576, 1'048'575},
                       row{16'777'216, 1'048'575}}) {
    test::bench bench;
    const pending_requests<no_note> pending{
        bench.on(), bench.recorder().requests_in_flight(metrics::other_peer), r.asked, 1};

    EXPECT_EQ(pending.capacity(), r.given) << r.asked;
  }
}

}  // namespace
}  // namespace diamgw::gateway
