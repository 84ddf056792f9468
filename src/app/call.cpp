// A WebSocket client of one request, on our own framing.
#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.hpp"
#include "app/lone_shard.hpp"
#include "diamgw/base/random_seed.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http.hpp"
#include "diamgw/transport/network.hpp"
#include "diamgw/websocket/endpoint.hpp"
#include "diamgw/websocket/handshake.hpp"

namespace diamgw::app {
namespace {

using nlohmann::ordered_json;

struct target {
  std::string host;
  std::uint16_t port = 80;
  std::string authority;
  std::string path = "/";
};

target decode_url(const std::string& url) {
  constexpr std::string_view scheme = "ws://";
  if (!url.starts_with(scheme)) {
    throw usage_error{"'" + url + "' is not ws://HOST:PORT/PATH"};
  }
  const std::string rest = url.substr(scheme.size());
  const auto slash = rest.find('/');
  target t;
  t.authority = rest.substr(0, slash);
  if (slash != std::string::npos) {
    t.path = rest.substr(slash);
  }
  const auto decoded = transport::decode_host_and_port(t.authority, 80);
  if (!decoded || decoded->port == 0) {
    throw usage_error{"'" + t.authority + "' is not HOST:PORT"};
  }
  t.host = decoded->host;
  t.port = decoded->port;
  return t;
}

class caller {
 public:
  caller(const call_arguments& a, transport::shard& on)
      : arguments_{a},
        to_{decode_url(a.url)},
        on_{on},
        endpoint_{on.pool(),
                  {.role = websocket::role::client,
                   .max_message_octets = 16U << 20U,
                   .close_timeout = arguments_.timeout,
                   .alive = {.ping_interval = {}}}} {}

  transport::awaitable<void> run() {
    co_await connect();
    transport::deadline limit{on_, [this] { stream_->close(); }};
    limit.arm_after(arguments_.timeout);
    const ordered_json request{{"jsonrpc", "2.0"},
                               {"id", 1},
                               {"method", arguments_.method},
                               {"params", ordered_json::parse(arguments_.params)}};
    co_await send(request.dump());
    std::size_t wanted = arguments_.wait_requests;
    bool answered = false;
    while (!answered || wanted > 0) {
      const std::string text = co_await receive();
      const ordered_json message = ordered_json::parse(text);
      limit.arm_after(arguments_.timeout);
      if (message.contains("method") && !message.contains("id")) {  // it wants no answer
        std::cout << message["method"].get<std::string>() << ' ' << message["params"].dump(2)
                  << std::endl;
      } else if (message.contains("method")) {
        std::cout << message["method"].get<std::string>() << ' ' << message["params"].dump(2)
                  << std::endl;
        const ordered_json answer{{"jsonrpc", "2.0"},
                                  {"id", message["id"]},
                                  {"result", {{"Result-Code", arguments_.answer_with}}}};
        co_await send(answer.dump());
        wanted -= wanted > 0 ? 1 : 0;
      } else if (message.contains("error")) {
        std::cerr << message["error"].dump(2) << std::endl;
        status = exit_status::failure;
        break;
      } else {
        std::cout << message["result"].dump(2) << std::endl;
        answered = true;
        status = exit_status::success;
      }
    }
    co_await leave();
  }

  exit_status status = exit_status::failure;

 private:
  transport::awaitable<void> connect() {
    transport::address where{.host = to_.host, .port = to_.port};
    transport::dial_options options;
    options.timeout = arguments_.timeout;
    auto connected = co_await transport::dial(on_, std::move(where), std::move(options));
    if (!connected) {
      throw std::runtime_error{"cannot connect to " + arguments_.url + ": " +
                               to_sentence(connected.error())};
    }
    stream_ = std::move(*connected);
    const std::string key = websocket::encode_key(random_octets<16>());
    const websocket::opening_query query{.host = to_.authority,
                                         .target = to_.path,
                                         .key = key,
                                         .protocols = {"diameter.jsonrpc.v1"}};
    auto reply = co_await transport::exchange_heads(on_, *stream_, websocket::encode_opening(query),
                                                    arguments_.timeout);
    if (!reply) {
      throw std::runtime_error{"no WebSocket at " + arguments_.url + ": " +
                               reply.error().message()};
    }
    if (reply->status != 101) {
      throw std::runtime_error{arguments_.url + " answers " + std::to_string(reply->status) + " " +
                               std::string{as_text(reply->leftover)}};
    }
    if (const std::string_view fault = websocket::find_fault(reply->fields, query);
        !fault.empty()) {
      throw std::runtime_error{arguments_.url + ": " + std::string{fault}};
    }
    early_ = std::move(reply->leftover);
    endpoint_.on_open(on_.now());
  }

  transport::awaitable<void> write(buffer_slice frame) {
    const std::array<bytes_view, 1> views{frame.octets};
    const transport::io_result sent = co_await stream_->write(views);
    if (sent.error) {
      throw std::runtime_error{"cannot send: " + sent.error.message()};
    }
  }

  template <std::size_t Octets>
  std::array<std::byte, Octets> random_octets() {
    std::array<std::byte, Octets> octets;
    for (std::size_t i = 0; i < Octets; i += sizeof(std::uint64_t)) {
      const std::uint64_t random = random_seed();
      std::memcpy(octets.data() + i, &random, std::min(sizeof random, Octets - i));
    }
    return octets;
  }

  transport::awaitable<void> send(std::string text) {
    buffer_ref buffer = on_.pool().allocate(websocket::max_header_octets + text.size());
    std::ranges::copy(as_bytes(text), buffer.data() + websocket::max_header_octets);
    buffer_slice frame = endpoint_.frame_in_place(websocket::message_kind::text, std::move(buffer),
                                                  text.size(), random_octets<4>());
    co_await write(std::move(frame));
  }

  transport::awaitable<std::string> receive() {
    while (true) {
      websocket::endpoint_event event = endpoint_.next(on_.now(), random_octets<4>());
      if (const auto* m = std::get_if<websocket::message>(&event)) {
        co_return std::string{as_text(m->payload.octets)};
      }
      if (const auto* bad = std::get_if<websocket::malformed>(&event)) {
        throw std::runtime_error{"the gateway sent what is no WebSocket frame: " +
                                 websocket::make_error_code(bad->reason).message()};
      }
      if (auto* frame = std::get_if<websocket::send_frame>(&event)) {
        if (frame->last) {
          throw std::runtime_error{"the gateway closed with " +
                                   std::to_string(static_cast<unsigned>(endpoint_.status().code)) +
                                   " " + std::string{endpoint_.peer_reason()}};
        }
        co_await write(std::move(frame->octets));
        continue;
      }
      co_await read();
    }
  }

  transport::awaitable<void> read() {
    if (early_taken_ < early_.size()) {
      early_taken_ += endpoint_.feed(bytes_view{early_}.subspan(early_taken_), on_.now());
      co_return;
    }
    const mutable_bytes room = endpoint_.prepare();
    const transport::io_result got = co_await stream_->read(room);
    if (got.error) {
      throw std::runtime_error{got.error == boost::asio::error::operation_aborted
                                   ? "nothing came in time"
                                   : "the connection ended: " + got.error.message()};
    }
    endpoint_.commit(got.octets, on_.now());
  }

  /// Closes, and waits for the gateway to end the connection (RFC 6455 §7.1.1).
  transport::awaitable<void> leave() {
    endpoint_.close(websocket::close_code::normal_closure, "", on_.now());
    websocket::endpoint_event event = endpoint_.next(on_.now(), random_octets<4>());
    if (auto* frame = std::get_if<websocket::send_frame>(&event)) {
      const std::array<bytes_view, 1> views{frame->octets.octets};
      co_await stream_->write(views);
    }
    std::array<std::byte, 1024> rest;  // NOLINT(*-member-init): only to see the end
    while (!(co_await stream_->read(rest)).error) {
    }
  }

  const call_arguments& arguments_;
  const target to_;
  transport::shard& on_;
  websocket::endpoint endpoint_;
  std::unique_ptr<transport::stream> stream_;
  std::vector<std::byte> early_;  // frames that came right after the upgrade's reply
  std::size_t early_taken_ = 0;
};

}  // namespace

exit_status call(const call_arguments& given) {
  call_arguments a = given;
  if (a.params == "-") {
    a.params.assign(std::istreambuf_iterator<char>{std::cin}, {});
  }
  if (!ordered_json::accept(a.params)) {
    throw usage_error{"PARAMS is no JSON: " + a.params.substr(0, 80)};
  }
  lone_shard alone;
  caller one{a, alone.on()};
  alone.run(one.run(), "call");
  return one.status;
}

}  // namespace diamgw::app
