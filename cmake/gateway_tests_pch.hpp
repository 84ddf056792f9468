// Precompiled for the tests of the gateway and of the program: what every second file of them takes
// half of its time to read.
#pragma once
#include "diamgw/gateway/service.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "gateway/peers/peer.hpp"
#include "support/fake_stream.hpp"
#include "support/manual_time.hpp"
#include "support/memory_network.hpp"
#include "support/text_log.hpp"
#include "transport_tests_pch.hpp"
