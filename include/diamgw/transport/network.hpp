// The one way in which connections come about: listening, dialling, and the names of hosts.
//
// The kernel is one network; a test has one in memory. A stream that comes out of it is ready:
// where its protocol begins with a handshake (TLS), that has ended.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "diamgw/transport/address.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

class shard;
class shard_group;

/// Names that the kernel's network looks up at a time; further ones wait in their order.
inline constexpr std::size_t most_lookups = 16;

/// What happens at a listener beside connections that are taken.
enum class listener_event : std::uint8_t {
  refused,               // a connection was closed at once, the limit being reached
  short_of_descriptors,  // likewise, only those being left that are kept for others
  paused,                // it waits for descriptors or memory, connections waiting in the backlog
};

/// One of these, and what is known of it.
struct listener_report {
  listener_event what;
  endpoint_address remote{};  // of the connection that it is about; else none
  error_code why{};           // what went wrong, where something did
};
/// Told on the shard's thread.
using on_listener_event = std::function<void(shard& on, const listener_report& report)>;

struct listen_options {
  int backlog = 1024;
  /// Open connections over all shards, those in their handshake included; one more is accepted
  /// and closed at once, counted and told.
  std::size_t limit_connections = 65536;
  /// Of the process's descriptors so many are left to others: a connection that would take one of
  /// them is accepted and closed at once, counted and told. What the process may have is looked at
  /// once, by listen.
  std::size_t keep_descriptors = 0;
  /// Pause after EMFILE, ENFILE, ENOBUFS or ENOMEM; doubles up to the second while they last.
  std::chrono::milliseconds first_pause{10};
  std::chrono::milliseconds longest_pause{1000};
  std::chrono::milliseconds lookup_timeout{10000};  // of a name
  tcp_options tcp{};
  on_listener_event on_event{};  // may be empty
};

struct listener_statistics {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // closed at once
  std::uint64_t pauses = 0;   // times it waited for descriptors or memory
  std::size_t open = 0;       // connections open now
};

/// Takes one connection that is ready, on its shard's thread; an exception out of it is a failure
/// reported.
using on_accept = std::function<void(shard& on, std::unique_ptr<stream> connection)>;

/// What listens at an address, or at each address of a name. Destroying it stops it; before the
/// group's end.
class listener {
 public:
  listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  virtual ~listener() = default;

  /// Stops accepting on all shards: told to each, so it takes effect soon. Connections stay as
  /// they are. Any thread.
  virtual void stop() = 0;
  /// Where it listens, one at least, the port being the real one. Any thread.
  [[nodiscard]] virtual std::span<const endpoint_address> locals() const noexcept = 0;
  [[nodiscard]] const endpoint_address& local() const noexcept { return locals().front(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return local().port(); }
  [[nodiscard]] virtual listener_statistics statistics() const noexcept = 0;  // any thread
};

struct dial_options {
  std::string local_host{};                 // numeric; empty: the system's choice
  std::chrono::milliseconds timeout{5000};  // over resolving, all addresses and the handshake
  tcp_options tcp{};
};

/// Why nothing was connected.
struct dial_failure {
  error_code why;  // the lookup's, or the last address's
  enum class step : std::uint8_t { lookup, connect } at = step::connect;
  /// Of a name's addresses, those that were tried, in their order; empty where there was no name.
  std::vector<std::pair<endpoint_address, error_code>> tried{};
};
/// "Connection refused"; of a name "192.0.2.1:3868: Connection refused; 192.0.2.2:3868: ...", up
/// to 4 of them, or "the name was not resolved: Host not found".
[[nodiscard]] std::string to_sentence(const dial_failure& why);

/// The addresses of a host, one at least, in the order in which to try them.
using addresses_of_host = std::vector<endpoint_address>;

/// See the top of the file.
class network {
 public:
  network() = default;
  network(const network&) = delete;
  network& operator=(const network&) = delete;
  virtual ~network() = default;

  /// Binds and listens for `shards` at each of `where`, the addresses of `at`, and starts accepting
  /// (once they run). Of several, those that this host does not have are left out.
  /// errors: the system's, e.g. address_in_use; asio::error::invalid_argument for no address
  [[nodiscard]] virtual result<std::unique_ptr<listener>> listen(std::vector<shard*> shards,
                                                                 const address& at,
                                                                 const addresses_of_host& where,
                                                                 const listen_options& options,
                                                                 on_accept handler) = 0;

  /// One attempt at one of the addresses of `to`. Call it on `on`'s thread.
  /// errors: the system's, or asio::error::timed_out
  [[nodiscard]] virtual awaitable<result<std::unique_ptr<stream>>> dial(shard& on, address to,
                                                                        endpoint_address at,
                                                                        dial_options options) = 0;

  /// The addresses of a host that is a name, as they are now. Neither the wait for them nor its end
  /// (by `timeout`, or with the group) blocks anything, however long the system takes. Call it on
  /// `on`'s thread.
  /// errors: the resolver's, or asio::error::timed_out
  [[nodiscard]] virtual awaitable<result<addresses_of_host>> resolve(
      shard& on, address of, std::chrono::milliseconds timeout) = 0;
  /// As above, waiting on the calling thread: for what listens, before the shards run.
  [[nodiscard]] virtual result<addresses_of_host> resolve_now(
      const address& of, std::chrono::milliseconds timeout) = 0;
};

/// The kernel's, with the system's resolver on threads of its own.
[[nodiscard]] std::shared_ptr<network> make_kernel_network();

/// By the network of the shards' group. A name is looked up here and now, for as long as
/// `listen_options::lookup_timeout`.
/// errors: network::listen's and network::resolve's; asio::error::invalid_argument where the host
/// is
///         neither an address nor a name
[[nodiscard]] result<std::unique_ptr<listener>> listen(std::vector<shard*> shards,
                                                       const address& at,
                                                       const listen_options& options,
                                                       on_accept handler);
/// On every shard of `group`.
[[nodiscard]] result<std::unique_ptr<listener>> listen(shard_group& group, const address& at,
                                                       const listen_options& options,
                                                       on_accept handler);
/// One attempt: looks up a name anew and tries its addresses in their order until one connects,
/// each for its share of the time that is left. When to try again is not decided here. Call it on
/// `on`'s thread.
[[nodiscard]] awaitable<result<std::unique_ptr<stream>, dial_failure>> dial(
    shard& on, address to, dial_options options = {});

}  // namespace diamgw::transport
