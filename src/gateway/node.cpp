#include "diamgw/gateway/node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <utility>

#include "diamgw/codec/values.hpp"
#include "diamgw/diameter/answers.hpp"

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

/// What one shard knows of the peers; read and written on its thread.
struct node::shard_state {
  shard_state(shard_context& on, std::shared_ptr<const dictionary::dictionary> dictionary)
      : shard{on} {
    use(std::move(dictionary));
  }

  void use(std::shared_ptr<const dictionary::dictionary> dictionary) {
    names = std::move(dictionary);
    validator.emplace(*names, rules());
  }

  static diameter::validation_options rules() {
    diameter::validation_options o;
    o.enumerated = diameter::unknown_enumerated::accept;
    o.flags = diameter::flag_check::ignore;
    return o;
  }

  shard_context& shard;
  std::shared_ptr<const dictionary::dictionary> names;
  std::optional<diameter::validator> validator;  // by `names`; always there
  std::vector<peer_view> views;
};

std::vector<diameter::host_address> local_addresses(const transport::stream& connection) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(
      std::string{transport::host_of(connection.local_endpoint())}, error);
  if (error) {
    return {};
  }
  if (address.is_v4()) {
    return {diameter::host_address::v4(address.to_v4().to_bytes())};
  }
  return {diameter::host_address::v6(address.to_v6().to_bytes())};
}

node::node(options o, std::vector<shard_context*> shards, metrics::registry& metrics,
           const std::shared_ptr<const dictionary::dictionary>& names, request_sink& sink)
    : options_{std::move(o)},
      shards_{std::move(shards)},
      metrics_{metrics},
      sink_{sink},
      origin_avps_{encode_origin(options_.identity)},
      seeds_{options_.seed} {
  for (shard_context* on : shards_) {
    shard_states_.push_back(std::make_unique<shard_state>(*on, names));
  }
  const auto& configured = options_.diameter.peers;
  peers_.resize(configured.size() +
                (options_.diameter.accept_unknown_peers ? options_.diameter.max_connections : 0));
  for (auto& state : shard_states_) {
    state->views.resize(peers_.size());
  }
  for (std::size_t i = 0; i < configured.size(); ++i) {
    peers_[i] = std::make_unique<peer>(*this, *shards_[i % shards_.size()],
                                       static_cast<routing::peer_index>(i), configured[i]);
    count_.store(i + 1, std::memory_order_release);
  }
}

node::~node() = default;

std::uint64_t node::next_seed() {
  return seeds_.next();
}

result<void, std::string> node::listen() {
  transport::shard_group& group = shards_.front()->shard.group();
  for (const config::endpoint& where : options_.diameter.listen) {
    transport::listener_options o;
    o.address = where.address;
    o.port = where.port;
    o.limit_connections = options_.diameter.max_connections;
    o.tcp.no_delay = options_.diameter.tcp_no_delay;
    auto opened = transport::listener::open(
        group, o, [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          transport::spawn(on, receive_cer(on, std::move(connection)), "waiting for a CER");
        });
    if (!opened) {
      return "cannot listen for Diameter on " + where.address + ":" + std::to_string(where.port) +
             ": " + opened.error().message();
    }
    listeners_.push_back(std::move(*opened));
  }
  return {};
}

std::vector<std::uint16_t> node::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& l : listeners_) {
    ports.push_back(l->port());
  }
  return ports;
}

void node::start() {
  for (std::size_t i = 0; i < peer_count(); ++i) {
    peer& p = *peers_[i];
    if (!p.home().shard.post([&p] { p.start(); })) {
      p.home().log.error("peer {}: cannot be started: its shard's queue is full", p.host());
    }
  }
}

void node::stop(diameter::disconnect_cause cause, std::function<void()> on_done) {
  stopping_.store(true, std::memory_order_relaxed);
  for (auto& l : listeners_) {
    l->stop();
  }
  const std::size_t count = peer_count();
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
    if (!p.home().shard.post([&p, cause, one_less] { p.stop(cause, one_less); })) {
      one_less();
    }
  }
}

routing::peer_index node::find_peer(std::string_view host) const noexcept {
  const std::size_t count = peer_count();
  for (std::size_t i = 0; i < count; ++i) {
    if (diameter::same_identity(peers_[i]->host(), host)) {
      return static_cast<routing::peer_index>(i);
    }
  }
  return routing::no_peer;
}

bool node::serves(application_id application) const noexcept {
  const auto& id = options_.identity;
  const auto has = [application](const auto& list) {
    return std::find(list.begin(), list.end(), application) != list.end() ||
           std::find(list.begin(), list.end(), relay_application) != list.end();
  };
  return application == base_application || has(id.auth_applications) ||
         has(id.acct_applications) ||
         std::any_of(id.vendor_specific_applications.begin(), id.vendor_specific_applications.end(),
                     [application](const auto& v) { return v.application == application; });
}

const dictionary::dictionary& node::names(const shard_context& from) const noexcept {
  return *shard_states_[from.shard.index()]->names;
}

void node::use_names(const shard_context& from,
                     std::shared_ptr<const dictionary::dictionary> names) {
  shard_states_[from.shard.index()]->use(std::move(names));
}

// ---- the message path

void node::send_request(shard_context& from, routing::peer_index to, outgoing_request request) {
  peer& p = *peers_[to];
  if (&p.home() == &from) {
    p.send_request(std::move(request));
    return;
  }
  const exchange_key key = request.exchange;
  transport::inline_task task{
      [&p, r = std::move(request)]() mutable { p.send_request(std::move(r)); }};
  if (!p.home().shard.post(std::move(task))) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
    finish_exchange(from, key, exchange_outcome::too_busy, {});
  }
}

void node::send_answer(shard_context& from, request_origin to, buffer_slice answer) {
  peer& p = *peers_[to.peer];
  if (&p.home() == &from) {
    p.send_answer(to.connection, std::move(answer));
    return;
  }
  if (!p.home().shard.post([&p, to, a = std::move(answer)]() mutable {
        p.send_answer(to.connection, std::move(a));
      })) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

void node::send_error(shard_context& from, request_origin to, const diameter::message_view& request,
                      diameter::result_code code, std::string_view error_message) {
  const diameter::error_answer e{
      .code = code, .origin = origin_avps_, .error_message = error_message};
  const time_point begin = clock::now();
  buffer_ref buffer = from.pool().allocate(diameter::max_error_answer_octets(request, e));
  diameter::writer out{buffer.whole()};
  const bytes_view answer = diameter::write_error_answer(out, request, e);
  from.recorder.marshalled(metrics::codec_path::diameter_peer, clock::now() - begin, answer.size());
  send_answer(from, to, {std::move(buffer), answer});
}

routing::peer_status node::status(shard_context& from, routing::peer_index index) const {
  const peer_view& view = shard_states_[from.shard.index()]->views[index];
  return {.link = view.link,
          .full = index < peer_count() && peers_[index]->full(),
          .applications = view.applications};
}

void node::publish(peer& of, routing::peer_index index, routing::link_state link,
                   std::vector<application_id> applications) {
  shard_context& home = of.home();
  const auto view = std::make_shared<const peer_view>(peer_view{link, std::move(applications)});
  shard_states_[home.shard.index()]->views[index] = *view;
  for (auto& state : shard_states_) {
    shard_state& s = *state;
    if (&s.shard != &home && !s.shard.shard.post([&s, index, view] { s.views[index] = *view; })) {
      home.log.error("peer {}: its state did not reach shard {}: queue full", of.host(),
                     s.shard.shard.index());
    }
  }
}

void node::deliver_request(peer& from, request_origin origin, diameter::message request) {
  shard_context& on = from.home();
  const diameter::message_view& view = request.view;
  on.recorder.request(from.slot(), metrics_.find_command(view.application(), view.command()),
                      metrics::direction::received);
  // RFC 6733 §6.1.4: an application that this node does not have is 3007, a command that the
  // application does not have 3001.
  if (!serves(view.application())) {
    on.recorder.refused_requests.add(metrics::refused_reason::application_unsupported);
    send_error(on, origin, view, diameter::result_code::application_unsupported,
               "this node does not serve the application");
    return;
  }
  const dictionary::command_definition* command =
      names(on).find_command(view.application(), view.command());
  if (command == nullptr) {
    on.recorder.refused_requests.add(metrics::refused_reason::command_unsupported);
    send_error(on, origin, view, diameter::result_code::command_unsupported,
               "the application has no such command");
    return;
  }
  if (options_.diameter.validate_messages == config::message_validation::grammar) {
    diameter::validator& validator = *shard_states_[on.shard.index()]->validator;
    if (const auto violation = validator.validate(view, *command)) {
      on.recorder.refused_requests.add(metrics::refused_reason::invalid_message);
      buffer_ref buffer = on.pool().allocate(diameter::max_error_answer_octets(view, origin_avps_));
      diameter::writer out{buffer.whole()};
      const bytes_view answer = diameter::write_error_answer(out, view, *violation, origin_avps_);
      send_answer(on, origin, {std::move(buffer), answer});
      return;
    }
  }
  sink_.on_request(on, origin, std::move(request));
}

}  // namespace diamgw::gateway
