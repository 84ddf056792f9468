// A TCP connection of the kernel's.
#pragma once
#include <memory>

#include "diamgw/transport/stream.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

/// One TCP connection.
class tcp_stream final : public stream {
 public:
  /// Takes the connected socket `handle`, which it closes also where it fails. Options that the
  /// system refuses are ignored: the connection works without.
  [[nodiscard]] static result<std::unique_ptr<tcp_stream>> adopt(shard& on, int handle,
                                                                 const tcp_options& options = {});
  ~tcp_stream() override;

  [[nodiscard]] awaitable<io_result> read(mutable_bytes into) override;
  void wait_readable(std::shared_ptr<read_waiter> who) override;
  [[nodiscard]] io_result read_now(mutable_bytes into) noexcept override;
  [[nodiscard]] awaitable<io_result> write(std::span<const bytes_view> views) override;
  [[nodiscard]] io_result write_now(std::span<const bytes_view> views) override;
  void shutdown_send() noexcept override;
  void close() noexcept override;
  [[nodiscard]] std::unique_ptr<detached_stream> detach() override;
  [[nodiscard]] std::span<const endpoint_address> local() const noexcept override;
  [[nodiscard]] const endpoint_address& remote() const noexcept override;
  void hold(std::shared_ptr<void> until_closed) override;
  [[nodiscard]] std::uint64_t write_calls() const noexcept override;

 private:
  struct state;
  explicit tcp_stream(std::unique_ptr<state> s);

  std::unique_ptr<state> state_;
};

}  // namespace diamgw::transport
