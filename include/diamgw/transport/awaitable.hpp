// What every coroutine of this program that does I/O returns.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>

#include "diamgw/base/result.hpp"

namespace diamgw::transport {

template <class T = void>
using awaitable = boost::asio::awaitable<T>;

/// How a read or a write ended. `octets` also counts where `error` is set.
struct io_result {
  error_code error;
  std::size_t octets = 0;
};

}  // namespace diamgw::transport
