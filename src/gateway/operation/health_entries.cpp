#include "gateway/operation/health_entries.hpp"

#include <string>

#include "gateway/operation/process_statistics.hpp"

namespace diamgw::gateway {
namespace {

using transport::http_response;

http_response show_readiness(readiness is) {
  switch (is) {
    case readiness::draining:
      return {.status = 503, .body = "draining\n"};
    case readiness::no_peer_open:
      return {.status = 503, .body = "no peer is open\n"};
    case readiness::ready:
      break;
  }
  return {.body = "ok\n"};
}

}  // namespace

readiness judge_readiness(const peer_table& peers, const shard_context& on, bool draining) {
  if (draining) {
    return readiness::draining;
  }
  bool any = false;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    // None where the place is nobody's: its unknown peer has left for good.
    if (const auto report = peers.report(on, static_cast<routing::peer_index>(i))) {
      if (report->link == link_state::open) {
        return readiness::ready;
      }
      any = true;
    }
  }
  return any ? readiness::no_peer_open : readiness::ready;
}

std::vector<admin_api::entry> make_health_entries(const health_context& with) {
  return {{"GET", "/metrics", admin_api::at_once([with](const auto&) {
             return http_response{
                 .content_type = std::string{metrics::scrape_content_type},
                 .body = with.metrics.scrape(read_process_statistics(with.started_seconds))};
           })},
          {"GET", "/healthz",
           admin_api::at_once([](const auto&) { return http_response{.body = "ok\n"}; })},
          {"GET", "/readyz", admin_api::at_once([with](const auto&) {
             return show_readiness(judge_readiness(with.peers, with.on, with.draining));
           })}};
}

}  // namespace diamgw::gateway
