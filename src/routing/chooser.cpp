#include "diamgw/routing/chooser.hpp"

#include <optional>
#include <string>
#include <utility>

#include "diamgw/base/short_text.hpp"
#include "routing/table_state.hpp"

namespace diamgw::routing {

namespace {

/// Of a name: what is longer is no domain name (RFC 1035 §2.3.4), and is not kept.
constexpr std::size_t max_remembered_octets = 255;

}  // namespace

struct chooser::remembered {
  std::string destination_host;
  std::string destination_realm;
  application_id application;
  std::optional<found_route> found;  // none yet

  [[nodiscard]] bool is_of(const route_request& request) const noexcept {
    return found && application == request.application &&
           same_short_text(destination_realm, request.destination_realm) &&
           same_short_text(destination_host, request.destination_host);
  }
};

chooser::chooser(std::shared_ptr<const table> routes)
    : routes_{std::move(routes)}, last_{std::make_unique<remembered>()} {}
chooser::chooser(chooser&&) noexcept = default;
chooser& chooser::operator=(chooser&&) noexcept = default;
chooser::~chooser() = default;

decision chooser::choose(const route_request& request, const status_source& status,
                         std::uint64_t random) {
  if (request.destination_host.size() > max_remembered_octets ||
      request.destination_realm.size() > max_remembered_octets) {
    return routes_->choose(request, status, random);
  }
  if (!last_->is_of(request)) {
    last_->found.reset();  // until the names are its own, whatever is thrown on the way
    last_->destination_host.assign(request.destination_host);
    last_->destination_realm.assign(request.destination_realm);
    last_->application = request.application;
    last_->found = find_route(*routes_->state_, request);
  }
  return choose_among(*last_->found, request, status, random);
}

}  // namespace diamgw::routing
