// Commands as entries of a table, for tools and tests that go through all of them.
#pragma once
#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/messages/typed/rebuild.hpp"
#include "diamgw/messages/typed/view.hpp"

namespace diamgw::diameter::typed {

struct command_entry {
  std::string_view dictionary;  // "rfc8506"
  std::string_view name;        // "Credit-Control-Request"
  command_code command;
  application_id application;
  bool request;

  /// Reads a message by its view, makes a struct of it, and writes that: the same octets but for
  /// padding that is not zero. Every group in it is entered.
  /// in:     a message whose header was checked; `memory` for lists and groups
  /// out:    octets written; 0 where `out` is too small
  /// errors: as the view's `decode`, and `rebuild`
  decoded<std::size_t> (*recode)(const message_view& message, std::pmr::memory_resource& memory,
                                 mutable_bytes out);
};

/// As `decode` and `rebuild`, but for their results: those of all commands take long to compile.
template <class View>
[[nodiscard]] decoded<std::size_t> recode(const message_view& message,
                                          std::pmr::memory_resource& memory, mutable_bytes out) {
  View view{message};
  if (const auto fault = decoding::fill(view)) {
    return *fault;
  }
  typename View::rebuilt built;
  if (const auto fault = rebuild_in(built, view, memory)) {
    return *fault;
  }
  return built.encode_to(out);
}

}  // namespace diamgw::diameter::typed
