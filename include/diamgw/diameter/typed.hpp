// What generated messages (diamgw/messages/*.hpp) are made of: AVPs as C++ values, written in one
// pass and read in one pass. Their users need only `repeated`, `group_ref` and `encode_origin`.
#pragma once
#include "diamgw/diameter/typed/batch.hpp"      // IWYU pragma: export
#include "diamgw/diameter/typed/constants.hpp"  // IWYU pragma: export
#include "diamgw/diameter/typed/grammar.hpp"    // IWYU pragma: export
#include "diamgw/diameter/typed/presence.hpp"   // IWYU pragma: export
#include "diamgw/diameter/typed/record.hpp"     // IWYU pragma: export
#include "diamgw/diameter/typed/repeated.hpp"   // IWYU pragma: export
#include "diamgw/diameter/typed/size.hpp"       // IWYU pragma: export
#include "diamgw/diameter/typed/value.hpp"      // IWYU pragma: export
#include "diamgw/diameter/typed/view.hpp"       // IWYU pragma: export
#include "diamgw/diameter/typed/write.hpp"      // IWYU pragma: export
