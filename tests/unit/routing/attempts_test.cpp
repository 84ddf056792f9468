#include "diamgw/routing/attempts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace diamgw::routing {
namespace {

constexpr std::array applications{application_id{4}};

/// A realm with so many peers, in the order of their priorities.
chooser table_of(std::size_t peers) {
  table_spec spec;
  realm_route route{.realm = "example", .application = std::nullopt, .peers = {}};
  for (std::size_t i = 0; i < peers; ++i) {
    const std::string host = "ocs" + std::to_string(i) + ".example";
    spec.peers.push_back({host, "example"});
    route.peers.push_back({host, static_cast<std::uint32_t>(i), 1});
  }
  spec.realms.push_back(route);
  return chooser{std::make_shared<const table>(spec)};
}

const auto open_peer = [](peer_index) {
  return peer_status{.link = link_state::open, .full = false, .applications = applications};
};

const route_request asked{.destination_host = {},
                          .destination_realm = "example",
                          .application = application_id{4},
                          .excluded = {}};

struct row {
  const char* rule;
  attempt_outcome outcome;
  bool goes_on;
};

TEST(Attempts, GoOnOnlyWhereTheRequestWasCertainlyNotSeen) {
  constexpr std::array rows{
      row{"RFC 6733 §6.2: an answer is the asker's", attempt_outcome::answered, false},
      row{"§5.5.4: nothing left by the closed connection", attempt_outcome::not_taken, true},
      row{"§7.1.3: 3004 is told", attempt_outcome::too_busy, false},
      row{"§3: what may have been served is not sent again without T", attempt_outcome::lost,
          false},
      row{"the asker's deadline", attempt_outcome::given_up, false},
  };
  for (const row& r : rows) {
    attempts a;
    EXPECT_EQ(a.goes_on_after(r.outcome, 0), r.goes_on) << r.rule;
    EXPECT_EQ(a.excluded().size(), r.goes_on ? 1U : 0U) << r.rule;
  }
}

TEST(Attempts, OfferTheNextByPriority) {
  chooser routes = table_of(3);
  attempts a;
  std::vector<peer_index> offered;

  while (const decision d = a.next(routes, asked, open_peer, 0)) {
    offered.push_back(d.peer);
    ASSERT_TRUE(a.goes_on_after(attempt_outcome::not_taken, d.peer));
  }

  EXPECT_EQ(offered, (std::vector<peer_index>{0, 1, 2}));
  EXPECT_EQ(a.next(routes, asked, open_peer, 0).refused, refusal::unable_to_deliver);
}

TEST(Attempts, NeverGoBackToTheSender) {
  chooser routes = table_of(attempts::limit + 2);
  attempts a{0};

  for (peer_index p = 1; p <= attempts::limit; ++p) {
    ASSERT_EQ(a.next(routes, asked, open_peer, 0).peer, p) << "the sender is no attempt";
    ASSERT_TRUE(a.goes_on_after(attempt_outcome::not_taken, p));
  }

  EXPECT_TRUE(a.exhausted());
  chooser one = table_of(1);
  EXPECT_EQ(attempts{0}.next(one, asked, open_peer, 0).refused, refusal::unable_to_deliver);
}

TEST(Attempts, AreGivenUpAtTheLimit) {
  chooser routes = table_of(attempts::limit + 1);
  attempts a;

  for (peer_index p = 0; p < attempts::limit; ++p) {
    ASSERT_TRUE(a.goes_on_after(attempt_outcome::not_taken, p));
  }

  EXPECT_TRUE(a.exhausted());
  EXPECT_EQ(a.next(routes, asked, open_peer, 0).refused, refusal::unable_to_deliver);
  EXPECT_FALSE(a.goes_on_after(attempt_outcome::not_taken, attempts::limit));
}

TEST(Attempts, TellWhyNobodyIsLeft) {
  const attempts a;

  const auto full = [](peer_index) {
    return peer_status{.link = link_state::open, .full = true, .applications = applications};
  };
  chooser one = table_of(1);
  chooser none = table_of(0);
  EXPECT_EQ(a.next(one, asked, full, 0).refused, refusal::too_busy);
  EXPECT_EQ(a.next(none, asked, open_peer, 0).refused, refusal::unable_to_deliver);
}

}  // namespace
}  // namespace diamgw::routing
