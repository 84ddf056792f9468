#include "diamgw/jsonrpc/reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "jsonrpc/call_reader.hpp"
#include "jsonrpc/json_parser.hpp"
#include "jsonrpc/text_scanner.hpp"

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

struct reader::impl {
  impl(const dictionary::dictionary& names, buffer_pool& pool, const reader_options& o)
      : options{o}, call{names, pool, o}, parser{o.max_depth, call}, checker{o.max_depth, ignored} {
    elements.reserve(o.max_batch);
  }

  void next(reader_event& out);
  void read_text(reader_event& out);
  void read_call(std::string_view element, reader_event& out);
  void begin_batch(reader_event& out);
  void refuse(error_number number, std::string_view detail, reader_event& out);
  /// Where it is not JSON, that is what comes out.
  template <class Parser>
  [[nodiscard]] bool parse(Parser& p, std::string_view element, reader_event& out);
  [[nodiscard]] bool split();

  enum class position : std::uint8_t { text, elements, end };

  reader_options options;
  call_reader call;
  json_parser<call_reader> parser;
  no_events ignored;
  json_parser<no_events> checker;
  position at = position::end;
  std::string_view text;
  std::vector<std::string_view> elements;  // of the batch
  std::size_t next_element = 0;
  std::string refusal;
};

reader::reader(const dictionary::dictionary& names, buffer_pool& pool,
               const reader_options& options)
    : impl_{std::make_unique<impl>(names, pool, options)} {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

void reader::begin(std::string_view text) {
  impl_->text = text;
  impl_->at = impl::position::text;
}

reader_event reader::next() {
  reader_event out;
  impl_->next(out);
  return out;
}

void reader::impl::next(reader_event& out) {
  switch (at) {
    case position::text:
      at = position::end;
      return read_text(out);
    case position::elements:
      if (next_element < elements.size()) {
        return read_call(elements[next_element++], out);
      }
      at = position::end;
      out.emplace<batch_end>();
      return;
    case position::end:
      return;
  }
}

void reader::impl::refuse(error_number number, std::string_view detail, reader_event& out) {
  auto& refused = out.emplace<refused_call>();
  refused.id = "null";
  refused.reason.number = number;
  refused.reason.detail = detail;
}

void reader::impl::read_text(reader_event& out) {
  if (text.size() > options.max_text_octets) {
    return refuse(error_number::too_large, "the text is above the size limit", out);
  }
  text_scanner s{text};
  if (s.take('[')) {
    return begin_batch(out);
  }
  read_call(text, out);
}

template <class Parser>
bool reader::impl::parse(Parser& p, std::string_view element, reader_event& out) {
  if (p.parse(element)) {
    return true;
  }
  const std::string_view problem = to_string(p.error());
  if (p.error() == json_error::too_deep) {
    refuse(error_number::invalid_request, problem, out);
    return false;
  }
  refusal = "not JSON at octet " + std::to_string(p.position()) + ": ";
  refusal.append(problem);
  refuse(error_number::parse_error, refusal, out);
  return false;
}

void reader::impl::read_call(std::string_view element, reader_event& out) {
  const std::size_t most = options.max_message_octets + options.tail_room;
  std::size_t room = std::min(20 + element.size() + options.tail_room, most);
  while (true) {
    call.begin(element, room);
    if (!parse(parser, element, out) || call.finish(out) == call_reader::outcome::told) {
      return;
    }
    if (room == most) {
      return call.refuse_too_large(out);
    }
    // JSON is mostly longer than its AVPs; arrays of small values and empty groups are not.
    room = std::min(room * 2, most);
  }
}

/// The elements of an array that the checker found good; false above the limit.
bool reader::impl::split() {
  elements.clear();
  text_scanner s{text};
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

void reader::impl::begin_batch(reader_event& out) {
  if (!parse(checker, text, out)) {
    return;
  }
  if (!split()) {
    return refuse(error_number::invalid_request, "the batch has too many calls", out);
  }
  if (elements.empty()) {
    return refuse(error_number::invalid_request, "the batch is empty", out);
  }
  next_element = 0;
  at = position::elements;
  out.emplace<batch_begin>(elements.size());
}

}  // namespace diamgw::jsonrpc
