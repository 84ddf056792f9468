// JSON-RPC 2.0 texts into Diameter AVPs, in one pass, without a tree.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <variant>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/call.hpp"

namespace diamgw::jsonrpc {

struct reader_options {
  std::size_t max_text_octets = 262144;    // above: too_large, id null; the text is not read
  std::size_t max_batch = 100;             // calls in a batch; above: invalid_request, none served
  std::size_t max_depth = 40;              // of objects and arrays; above: invalid_request
  std::size_t max_keys = 1024;             // members of one object; above: invalid_params
  std::size_t max_id_octets = 128;         // of the id's token; above: invalid_request
  std::size_t max_message_octets = 65536;  // encoded, header included; above: too_large
  std::size_t tail_room = 1024;            // octets kept free after the AVPs for completion
};

/// A batch of `calls` elements begins: the responses to what comes until batch_end belong in one
/// array (JSON-RPC 2.0 §6).
struct batch_begin {
  std::size_t calls = 0;
};
struct batch_end {};
/// Nothing is left of the text.
struct done {};

using reader_event = std::variant<done, batch_begin, batch_end, request_call, gateway_call,
                                  client_response, refused_call>;

/// Use: `begin(text)`, then `next()` until done. Lives as long as a connection or a shard: its
/// stacks grow to the largest text, then nothing but the pool allocates. One thread, the pool's
/// home. The dictionary and the pool outlive it.
class reader {
 public:
  reader(const dictionary::dictionary& names, buffer_pool& pool,
         const reader_options& options = {});
  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;
  ~reader();

  /// One whole text: a call, a response, or a batch of both. What is left of the text before is
  /// forgotten. `text` must stay where it is until done.
  void begin(std::string_view text);

  /// What the text holds, in its order. Nothing of a text that is not JSON is served; of a batch,
  /// each element stands for itself.
  /// out:    its views live until the next call of next() or begin(); its buffer is the caller's
  /// errors: as refused_call, never otherwise
  /// cost:   one pass over a call; over a batch one more, before its first element
  [[nodiscard]] reader_event next();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace diamgw::jsonrpc
