// A value or an error; never an exception on a data path.
#pragma once
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace diamgw {

using boost::system::error_category;
using boost::system::error_code;

/// `T`, or the reason why there is none. Boost 1.81: no `value_or`; never call `.value()` on a
/// data path, test and use `*`.
template <class T, class E = error_code>
using result = boost::system::result<T, E>;

}  // namespace diamgw
