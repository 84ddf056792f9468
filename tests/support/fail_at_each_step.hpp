// One script, run once per operation of its stream with an error there.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <cstddef>
#include <string>

#include "support/fake_stream.hpp"

namespace diamgw::test {

/// Calls `script(arm, step)` for step 1, 2, ... until a run in which nothing failed any more.
///
/// in:     `script` builds what it tests anew, calls `arm(stream)` on its fake_stream before the
///         first operation, plays to the end, and asserts what holds wherever it failed. It
///         returns whether the failure was reached: `stream.has_failed()`.
/// out:    how many steps there were; the test fails where there are more than `most`
template <class Script>
std::size_t fail_at_each_step(Script script, std::size_t most = 1000) {
  for (std::size_t step = 1; step <= most; ++step) {
    SCOPED_TRACE("the stream's operation " + std::to_string(step) + " fails");
    const auto arm = [step](fake_stream& stream) { stream.fails_at(step); };
    if (!script(arm, step)) {
      return step - 1;
    }
  }
  ADD_FAILURE() << "more than " << most << " operations";
  return most;
}

}  // namespace diamgw::test
