#include "diamgw/gateway/peers/peer_table.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "diamgw/base/stopwatch.hpp"
#include "diamgw/codec/values.hpp"
#include "diamgw/diameter/answers.hpp"
#include "gateway/peers/node_context.hpp"
#include "gateway/peers/peer.hpp"
#include "gateway/peers/peer_places.hpp"

namespace diamgw::gateway {
namespace {

std::vector<std::byte> encode_origin(const diameter::local_node& identity) {
  std::vector<std::byte> octets(32 + identity.origin_host.size() + identity.origin_realm.size());
  diameter::writer out{octets};
  out.text(diameter::avps::origin_host, ietf_vendor, diameter::avp_flags::mandatory,
           identity.origin_host);
  out.text(diameter::avps::origin_realm, ietf_vendor, diameter::avp_flags::mandatory,
           identity.origin_realm);
  octets.resize(out.size());
  return octets;
}

}  // namespace

/// What one shard knows of the peers, and its dictionary; read and written on its thread.
struct peer_table::shard_view {
  struct known_peer {
    link_state link = link_state::closed;
    std::vector<application_id> applications;
    std::shared_ptr<const peer_report> report;
    time_point next_want{};
  };

  shard_view(shard_context& on, std::shared_ptr<const dictionary::dictionary> dictionary,
             std::size_t peers)
      : shard{on}, peers{peers} {
    use(std::move(dictionary));
  }
  void use(std::shared_ptr<const dictionary::dictionary> dictionary) {
    names = std::move(dictionary);
    grammar.emplace(*names, diameter::lenient_validation());
  }

  shard_context& shard;
  std::shared_ptr<const dictionary::dictionary> names;
  std::optional<diameter::validator> grammar;  // by `names`; always there
  std::vector<known_peer> peers;               // by index
};

peer_table::peer_table(options o, std::vector<shard_context*> shards, metrics::registry& metrics,
                       const std::shared_ptr<const dictionary::dictionary>& names,
                       request_sink& sink)
    : node_{std::make_unique<node_context>(node_context{.identity = o.identity,
                                                        .configuration = std::move(o.diameter),
                                                        .unix_seconds = o.unix_seconds,
                                                        .origin_avps = encode_origin(o.identity),
                                                        .routed = std::move(o.routed),
                                                        .metrics = metrics})},
      shards_{std::move(shards)},
      sink_{sink},
      seeds_{o.seed} {
  const config::diameter_options& d = node_->configuration;
  const std::size_t unknown = d.accept_unknown_peers && d.max_connections > d.peers.size()
                                  ? d.max_connections - d.peers.size()
                                  : 0;
  peers_.resize(d.peers.size() + unknown);
  places_ = std::make_shared<peer_places>(peers_.size());
  for (shard_context* on : shards_) {
    views_.push_back(std::make_unique<shard_view>(*on, names, peers_.size()));
  }
  for (const config::peer_options& configured : d.peers) {
    places_->add({configured.host, configured.realm});
    const peer& added = add(configured, peer_kind::configured, shards_.front()->shard.now());
    for (auto& view : views_) {
      view->peers[added.index()].report = added.report();
    }
  }
}

peer_table::~peer_table() = default;

void peer_table::start() {
  for (std::size_t i = 0; i < size(); ++i) {
    peer& p = *peers_[i];
    p.home().shard.tell([&p] { p.start(); });
  }
}

void peer_table::retry() {
  for (std::size_t i = 0; i < size(); ++i) {
    retry(static_cast<routing::peer_index>(i));
  }
}

void peer_table::retry(routing::peer_index index) {
  peer& p = *peers_[index];
  p.home().shard.tell([&p] { p.retry(); });
}

bool peer_table::is_configured(routing::peer_index index) const noexcept {
  return index < node_->configuration.peers.size();
}

bool peer_table::is_dialled(routing::peer_index index) const noexcept {
  return is_configured(index) && node_->configuration.peers[index].connect.has_value();
}

void peer_table::stop(diameter::disconnect_cause cause, std::function<void()> on_done) {
  const std::size_t count = size();
  if (count == 0) {
    on_done();
    return;
  }
  auto left = std::make_shared<std::atomic<std::size_t>>(count);
  auto done = std::make_shared<std::function<void()>>(std::move(on_done));
  const auto one_less = [left, done] {
    if (left->fetch_sub(1) == 1) {
      (*done)();
    }
  };
  for (std::size_t i = 0; i < count; ++i) {
    peer& p = *peers_[i];
    p.home().shard.tell([&p, cause, one_less] { p.stop(cause, one_less); });
  }
}

// ---- who is there

peer& peer_table::add(config::peer_options options, peer_kind kind, time_point now) {
  const std::size_t count = size();
  peer_owner& owner = *this;
  peers_[count] = std::make_unique<peer>(owner, *node_, *shards_[count % shards_.size()],
                                         peer_place{static_cast<routing::peer_index>(count), kind},
                                         std::move(options), seeds_.next(), now);
  count_.store(count + 1, std::memory_order_release);
  return *peers_[count];
}

const diameter::local_node& peer_table::identity() const noexcept {
  return node_->identity;
}

bytes_view peer_table::origin_avps() const noexcept {
  return node_->origin_avps;
}

diameter::node_name peer_table::name(routing::peer_index index) const {
  return places_->name(index);
}

std::string peer_table::host(routing::peer_index index) const {
  return places_->name(index).host;
}

routing::peer_index peer_table::find(std::string_view host) const {
  return places_->find(host);
}

peer_table::found_peer peer_table::find_or_add(const diameter::message_view& cer, time_point now) {
  const std::string_view host = diameter::find_origin_host(cer);
  const std::string_view unknown = diameter::unknown_peer().reason;
  if (host.empty() || host.size() > diameter::max_identity_octets) {
    return {.claimed = nullptr, .refused_because = unknown};
  }
  diameter::node_name who{.host = std::string{host}};
  if (const auto realm = cer.find(diameter::avps::origin_realm)) {
    if (diameter::is_diameter_identity(as_text(realm->data))) {
      who.realm = as_text(realm->data);
    }
  }
  // A stranger's name becomes a label and part of log lines: it must be one (RFC 6733 §4.3.1).
  const bool accept =
      node_->configuration.accept_unknown_peers && diameter::is_diameter_identity(host);
  const auto prepare = [&](peer_places::claim c) {
    config::peer_options o;
    o.host = who.host;
    o.realm = who.realm;
    peer& p =
        c.how == peer_places::found::added ? add(o, peer_kind::unknown, now) : *peers_[c.place];
    const bool anew = c.how == peer_places::found::taken;
    // Before anybody can post a connection for it: what is told comes first.
    auto who_it_is = std::make_unique<config::peer_options>(std::move(o));
    p.home().shard.tell([&p, anew, seed = seeds_.next(), is = std::move(who_it_is)] {
      if (anew) {
        p.become(std::move(*is), seed);
      }
      p.start();
    });
  };
  const auto claim = places_->take(
      who, accept ? peer_places::unknown::accept : peer_places::unknown::refuse, prepare);
  if (!claim) {
    return {.claimed = nullptr,
            .refused_because = accept ? "no place is left for an unknown peer" : unknown};
  }
  if (claim->how != peer_places::found::known && on_change) {
    on_change(claim->place);
  }
  const auto unclaim = [places = places_, place = claim->place](peer*) { places->unclaim(place); };
  return {.claimed = {peers_[claim->place].get(), unclaim}, .refused_because = {}};
}

// Nobody has sent it anything since its shards heard that it had closed; what is on its way all the
// same finds it not open, and answers carry the number of a connection that is no more.
bool peer_table::give_back(peer& of) {
  if (!places_->give_back(of.index())) {
    return false;
  }
  for (auto& each : views_) {
    shard_view& view = *each;
    const auto forget = [&view, i = of.index()] { view.peers[i] = {}; };
    if (&view.shard == &of.home()) {
      forget();
    } else {
      view.shard.shard.tell(forget);
    }
  }
  if (on_change) {
    on_change(of.index());
  }
  return true;
}

void peer_table::use_names(const shard_context& from,
                           std::shared_ptr<const dictionary::dictionary> names) {
  views_[from.shard.index()]->use(std::move(names));
}

const dictionary::dictionary& peer_table::dictionary_of(const shard_context& on) const {
  return *views_[on.shard.index()]->names;
}

diameter::validator* peer_table::grammar_of(const shard_context& on) {
  const bool held = node_->configuration.validate_messages == config::message_validation::grammar;
  return held ? &*views_[on.shard.index()]->grammar : nullptr;
}

// ---- what each shard knows of them

routing::peer_status peer_table::status(const shard_context& from,
                                        routing::peer_index index) const {
  const shard_view::known_peer& state = views_[from.shard.index()]->peers[index];
  return {.link = state.link,
          .full = index < size() && peers_[index]->full(),
          .applications = state.applications};
}

std::shared_ptr<const peer_report> peer_table::report(const shard_context& from,
                                                      routing::peer_index index) const {
  return views_[from.shard.index()]->peers[index].report;
}

std::uint32_t peer_table::waiting(routing::peer_index index) const noexcept {
  return peers_[index]->waiting();
}

void peer_table::on_report(peer& of, std::shared_ptr<const peer_report> report) {
  shard_context& home = of.home();
  for (auto& each : views_) {
    shard_view& view = *each;
    const auto take = [&view, i = of.index(), report] {
      shard_view::known_peer& known = view.peers[i];
      known.link = report->link;
      known.applications = report->applications;
      known.report = report;
    };
    if (&view.shard == &home) {
      take();
    } else {
      view.shard.shard.tell(take);
    }
  }
}

// ---- the message path

receiver& peer_table::at(routing::peer_index index) noexcept {
  return *peers_[index];
}

void peer_table::want(const shard_context& from, routing::peer_index index) {
  peer& p = *peers_[index];
  // What is told always arrives, so it must not come as often as requests do.
  time_point& next = views_[from.shard.index()]->peers[index].next_want;
  const time_point now = from.shard.now();
  if (now < next) {
    return;
  }
  next = now + std::chrono::seconds{1};
  p.home().shard.tell([&p] { p.want(); });
}

void peer_table::send_answer(shard_context& from, request_origin to, const diameter::header& header,
                             buffer_slice avps) {
  peer& p = *peers_[to.peer];
  if (&p.home() == &from) {
    p.send_answer(to.connection, header, std::move(avps));
    return;
  }
  if (!p.home().shard.post([&p, to, header, a = std::move(avps)]() mutable {
        p.send_answer(to.connection, header, std::move(a));
      })) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

void peer_table::send_answer(shard_context& from, request_origin to, diameter::message answer) {
  const diameter::header header = diameter::header_of(answer.view);
  const bytes_view avps = answer.view.avps().octets();
  send_answer(from, to, header, {std::move(answer.buffer), avps});
}

void peer_table::send_error(shard_context& from, request_origin to,
                            const diameter::message_view& request, diameter::result_code code,
                            std::string_view error_message) {
  const diameter::error_answer e{
      .code = code, .origin = node_->origin_avps, .error_message = error_message};
  stopwatch watch;
  buffer_ref buffer = from.pool().allocate(diameter::max_error_answer_octets(request, e));
  diameter::writer out{buffer.whole()};
  const bytes_view answer = diameter::write_error_answer(out, request, e);
  from.recorder.marshalled(metrics::codec_path::diameter_peer, watch.lap(), answer.size());
  send_answer(from, to, {std::move(buffer), diameter::message_view{answer}});
}

void peer_table::send_error(shard_context& from, request_origin to,
                            const diameter::message_view& request,
                            const diameter::violation& broken) {
  buffer_ref buffer =
      from.pool().allocate(diameter::max_error_answer_octets(request, node_->origin_avps));
  diameter::writer out{buffer.whole()};
  const bytes_view answer = diameter::write_error_answer(out, request, broken, node_->origin_avps);
  send_answer(from, to, {std::move(buffer), diameter::message_view{answer}});
}

void peer_table::on_request(peer& from, std::uint32_t connection, diameter::message request) {
  shard_context& on = from.home();
  const request_origin origin{from.index(), connection};
  const diameter::message_view& view = request.view;
  const metrics::command_slot slot =
      node_->metrics.find_command(view.application(), view.command());
  on.recorder.request(from.slot(), slot, metrics::direction::received);
  sink_.on_request(on, {origin, std::move(request), slot});
}

}  // namespace diamgw::gateway
