// What metrics say of a peer's state and of the end of its connection: the one place where the
// machine's words become label values.
#pragma once
#include "diamgw/diameter/peer_machine.hpp"
#include "diamgw/metrics/catalogue.hpp"

namespace diamgw::gateway {

/// Both machines' states as one: an open peer is shown as RFC 3539 sees it, and I-Open and R-Open
/// (RFC 6733 §5.6) alike.
[[nodiscard]] metrics::peer_state label_of(diameter::peer_state state,
                                           diameter::watchdog_state watchdog) noexcept;

[[nodiscard]] metrics::disconnect_reason label_of(diameter::close_reason reason) noexcept;
/// Of a request that a connection answers itself, since it cannot be read or comes at a wrong time.
[[nodiscard]] metrics::refused_reason label_of(diameter::result_code code) noexcept;

}  // namespace diamgw::gateway
