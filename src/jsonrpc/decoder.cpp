#include "diamgw/jsonrpc/decoder.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "jsonrpc/call_reader.hpp"
#include "jsonrpc/json_parser.hpp"
#include "jsonrpc/scan.hpp"

namespace diamgw::jsonrpc {
namespace {

/// Is it JSON at all? For batches, of which nothing may be served before that is known.
struct no_events {
  void on_begin(container) {}
  void on_end() {}
  [[nodiscard]] static const std::string* foreseen_key() { return nullptr; }
  void on_foreseen_key() {}
  void on_key(std::string_view) {}
  void on_scalar(const scalar&) {}
};

}  // namespace

struct decoder::impl {
  impl(const dictionary::dictionary& names, const decoder_options& o)
      : options{o}, reader{names, o}, parser{o.max_depth, reader}, checker{o.max_depth, ignored} {
    elements.reserve(o.max_batch);
  }

  void decode(std::string_view text, sink& out);
  void decode_one(std::string_view text, sink& out);
  void decode_batch(std::string_view text, sink& out);
  void refuse(sink& out, error_number number, std::string_view detail);
  /// Tells the sink where the text is not JSON.
  template <class Parser>
  [[nodiscard]] bool parse(Parser& p, std::string_view text, sink& out);
  [[nodiscard]] bool split(std::string_view text);

  decoder_options options;
  call_reader reader;
  json_parser<call_reader> parser;
  no_events ignored;
  json_parser<no_events> checker;
  std::vector<std::string_view> elements;
};

decoder::decoder(const dictionary::dictionary& names, const decoder_options& options)
    : impl_{std::make_unique<impl>(names, options)} {}
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;
decoder::~decoder() = default;

void decoder::decode(std::string_view text, sink& out) {
  impl_->decode(text, out);
}

void decoder::impl::refuse(sink& out, error_number number, std::string_view detail) {
  refused_call call;
  call.id = "null";
  call.reason.number = number;
  call.reason.detail = detail;
  out.on_refused(call);
}

void decoder::impl::decode(std::string_view text, sink& out) {
  if (text.size() > options.max_text_octets) {
    return refuse(out, error_number::too_large, "the text is above the size limit");
  }
  scanner s{text};
  if (s.take('[')) {
    return decode_batch(text, out);
  }
  decode_one(text, out);
}

template <class Parser>
bool decoder::impl::parse(Parser& p, std::string_view text, sink& out) {
  if (p.parse(text)) {
    return true;
  }
  const std::string_view problem = to_string(p.error());
  if (p.error() == json_error::too_deep) {
    refuse(out, error_number::invalid_request, problem);
    return false;
  }
  std::string detail = "not JSON at octet " + std::to_string(p.position()) + ": ";
  detail.append(problem);
  refuse(out, error_number::parse_error, detail);
  return false;
}

void decoder::impl::decode_one(std::string_view text, sink& out) {
  const std::size_t most = options.max_message_octets + options.tail_room;
  std::size_t room = std::min(20 + text.size() + options.tail_room, most);
  while (true) {
    reader.begin(text, out, room);
    if (!parse(parser, text, out) || reader.finish() == call_reader::outcome::told) {
      return;
    }
    if (room == most) {
      return reader.refuse_too_large();
    }
    // JSON is mostly longer than its AVPs; arrays of small values and empty groups are not.
    room = std::min(room * 2, most);
  }
}

/// The elements of an array that the checker found good; false above the limit.
bool decoder::impl::split(std::string_view text) {
  elements.clear();
  scanner s{text};
  static_cast<void>(s.take('['));
  if (s.take(']')) {
    return true;
  }
  do {
    if (elements.size() == options.max_batch) {
      return false;
    }
    elements.push_back(s.value());
  } while (s.take(','));
  return true;
}

void decoder::impl::decode_batch(std::string_view text, sink& out) {
  if (!parse(checker, text, out)) {
    return;
  }
  if (!split(text)) {
    return refuse(out, error_number::invalid_request, "the batch has too many calls");
  }
  if (elements.empty()) {
    return refuse(out, error_number::invalid_request, "the batch is empty");
  }
  out.on_batch_begin(elements.size());
  for (const std::string_view element : elements) {
    decode_one(element, out);
  }
  out.on_batch_end();
}

}  // namespace diamgw::jsonrpc
