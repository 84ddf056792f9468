// JSON-RPC 2.0 texts into Diameter AVPs, in one pass, without a tree.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/call.hpp"

namespace diamgw::jsonrpc {

struct decoder_options {
  std::size_t max_text_octets = 262144;    // above: too_large, id null; the text is not read
  std::size_t max_batch = 100;             // calls in a batch; above: invalid_request, none served
  std::size_t max_depth = 40;              // of objects and arrays; above: invalid_request
  std::size_t max_keys = 1024;             // members of one object; above: invalid_params
  std::size_t max_id_octets = 128;         // of the id's token; above: invalid_request
  std::size_t max_message_octets = 65536;  // encoded, header included; above: too_large
  std::size_t tail_room = 1024;            // octets kept free behind the AVPs for completion
};

/// Receives what a text holds, in the order of the text. Views are valid during the call only.
class sink {
 public:
  virtual ~sink() = default;

  /// A buffer of at least `octets` for the next call's message. Called again with more where that
  /// did not suffice: what was written before is then worthless. Not every buffer is handed back
  /// in a call (an error may follow): keep it for the next. Empty: the call is refused, too_busy.
  [[nodiscard]] virtual mutable_bytes prepare(std::size_t octets) = 0;

  /// A batch of `calls` elements begins; the responses belong in one array (§6).
  virtual void on_batch_begin(std::size_t calls) = 0;
  virtual void on_batch_end() = 0;
  virtual void on_request(const request_call& call) = 0;
  virtual void on_gateway_call(const gateway_call& call) = 0;
  virtual void on_response(const client_response& response) = 0;
  virtual void on_refused(const refused_call& call) = 0;
};

/// Lives as long as a connection or shard: its stacks grow to the largest text, then nothing
/// allocates. One thread. The dictionary outlives it.
class decoder {
 public:
  explicit decoder(const dictionary::dictionary& names, const decoder_options& options = {});
  decoder(decoder&&) noexcept;
  decoder& operator=(decoder&&) noexcept;
  ~decoder();

  /// Tells `out` of one text: a call, a response, or a batch of both. Nothing of a text that is
  /// not JSON is served; of a batch, each element stands for itself.
  /// errors: through sink::on_refused, never otherwise.
  void decode(std::string_view text, sink& out);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace diamgw::jsonrpc
