// A dictionary and what is made of it. A reload replaces it whole.
#pragma once
#include <memory>
#include <string>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::gateway {

/// Immutable. Each shard has a copy of its own, so that their counts of references do not meet in
/// one cache line; what waits for an answer keeps the one that it began with.
struct dictionary_edition {
  std::shared_ptr<const diamgw::dictionary::dictionary> dictionary;
  std::shared_ptr<const std::string> open_rpc;  // what rpc.discover answers with
};

}  // namespace diamgw::gateway
