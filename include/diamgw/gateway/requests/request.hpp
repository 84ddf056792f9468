// One request, whoever asks and whoever is asked.
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "diamgw/base/clock.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/diameter/routing_avps.hpp"
#include "diamgw/metrics/recorder.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// Where a request came from: the kind of its asker, and which peer.
struct request_sender {
  diameter::agent::asked_by kind = diameter::agent::asked_by::client;
  routing::peer_index peer = routing::no_peer;  // where it is one
};

/// What an asker gives to the request path, which keeps it until the asker has been told. The
/// octets are never written to: they may be another connection's, too.
struct request {
  diameter::message message;    // as it came, or as it was made
  diameter::header header;      // as it is to leave; the receiver gives the hop-by-hop id
  diameter::routing_avps avps;  // views into the message
  metrics::command_slot command = metrics::other_command;
  request_sender from;
  time_point began;
  time_point deadline;
};

}  // namespace diamgw::gateway
