// What generated messages (diamgw/messages/*.hpp) are made of: AVPs as C++ values, written in one
// pass and read in one pass. Their users need only `repeated`, `group_ref`, `optional_group`,
// `rebuild` and `encode_origin`.
#pragma once
#include "diamgw/messages/typed/batch.hpp"      // IWYU pragma: export
#include "diamgw/messages/typed/constants.hpp"  // IWYU pragma: export
#include "diamgw/messages/typed/grammar.hpp"    // IWYU pragma: export
#include "diamgw/messages/typed/presence.hpp"   // IWYU pragma: export
#include "diamgw/messages/typed/rebuild.hpp"    // IWYU pragma: export
#include "diamgw/messages/typed/record.hpp"     // IWYU pragma: export
#include "diamgw/messages/typed/repeated.hpp"   // IWYU pragma: export
#include "diamgw/messages/typed/size.hpp"       // IWYU pragma: export
#include "diamgw/messages/typed/value.hpp"      // IWYU pragma: export
#include "diamgw/messages/typed/view.hpp"       // IWYU pragma: export
#include "diamgw/messages/typed/write.hpp"      // IWYU pragma: export
