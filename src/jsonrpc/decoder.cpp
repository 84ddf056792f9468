// The only file that sees Boost.JSON. Its parser is a template: everything that can is elsewhere.
#include "diamgw/jsonrpc/decoder.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <string>
#include <vector>

#include "jsonrpc/call_reader.hpp"
#include "jsonrpc/scan.hpp"

namespace diamgw::jsonrpc {
namespace {

using boost_text = boost::json::string_view;

[[nodiscard]] std::string_view view(boost_text text) noexcept {
  return {text.data(), text.size()};
}

/// The parser's limits: ours are checked elsewhere, at run time.
struct no_limits {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;
};

/// Joins the pieces in which the parser gives strings with escapes; passes events on.
class events : public no_limits {
 public:
  explicit events(call_reader& reader) : reader_{reader} {}

  void reset() noexcept { pieces_.clear(); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return reader_.on_begin(container::object), true; }
  bool on_array_begin(error_code&) { return reader_.on_begin(container::array), true; }
  bool on_object_end(std::size_t, error_code&) { return reader_.on_end(), true; }
  bool on_array_end(std::size_t, error_code&) { return reader_.on_end(), true; }

  bool on_key_part(boost_text s, std::size_t, error_code&) { return add(s); }
  bool on_string_part(boost_text s, std::size_t, error_code&) { return add(s); }
  bool on_number_part(boost_text s, error_code&) { return add(s); }
  bool on_key(boost_text s, std::size_t, error_code&) {
    reader_.on_key(whole(s));
    pieces_.clear();
    return true;
  }
  bool on_string(boost_text s, std::size_t, error_code&) { return tell(scalar::kind::string, s); }
  bool on_int64(std::int64_t, boost_text s, error_code&) { return tell(scalar::kind::integer, s); }
  bool on_uint64(std::uint64_t, boost_text s, error_code&) {
    return tell(scalar::kind::integer, s);
  }
  bool on_double(double, boost_text s, error_code&) { return tell(scalar::kind::real, s); }
  bool on_bool(bool b, error_code&) {
    reader_.on_scalar({.what = scalar::kind::boolean, .text = {}, .truth = b});
    return true;
  }
  bool on_null(error_code&) {
    reader_.on_scalar({});
    return true;
  }
  bool on_comment_part(boost_text, error_code&) { return true; }
  bool on_comment(boost_text, error_code&) { return true; }

 private:
  bool add(boost_text s) {
    pieces_.append(s.data(), s.size());
    return true;
  }
  [[nodiscard]] std::string_view whole(boost_text s) {
    if (pieces_.empty()) {
      return view(s);
    }
    add(s);
    return pieces_;
  }
  bool tell(scalar::kind what, boost_text s) {
    reader_.on_scalar({.what = what, .text = whole(s)});
    pieces_.clear();
    return true;
  }

  call_reader& reader_;
  std::string pieces_;
};

/// Is it JSON at all? For batches, of which nothing may be served before that is known.
struct no_events : no_limits {
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_object_end(std::size_t, error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(boost_text, std::size_t, error_code&) { return true; }
  bool on_string_part(boost_text, std::size_t, error_code&) { return true; }
  bool on_number_part(boost_text, error_code&) { return true; }
  bool on_key(boost_text, std::size_t, error_code&) { return true; }
  bool on_string(boost_text, std::size_t, error_code&) { return true; }
  bool on_int64(std::int64_t, boost_text, error_code&) { return true; }
  bool on_uint64(std::uint64_t, boost_text, error_code&) { return true; }
  bool on_double(double, boost_text, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(boost_text, error_code&) { return true; }
  bool on_comment(boost_text, error_code&) { return true; }
};

[[nodiscard]] boost::json::parse_options parser_options(const decoder_options& o) noexcept {
  boost::json::parse_options result;
  result.max_depth = o.max_depth;
  return result;
}

}  // namespace

struct decoder::impl {
  impl(const dictionary::dictionary& names, const decoder_options& o)
      : options{o},
        reader{names, o},
        parser{parser_options(o), reader},
        checker{parser_options(o)} {
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
  boost::json::basic_parser<events> parser;
  boost::json::basic_parser<no_events> checker;
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
  error_code ec;
  p.reset();
  const std::size_t read = p.write_some(false, text.data(), text.size(), ec);
  if (!ec && read < text.size()) {
    ec = boost::json::make_error_code(boost::json::error::extra_data);
  }
  if (!ec) {
    return true;
  }
  if (ec == boost::json::error::too_deep) {
    refuse(out, error_number::invalid_request, "objects and arrays are nested too deeply");
    return false;
  }
  const std::string detail = "not JSON at octet " + std::to_string(read) + ": " + ec.message();
  refuse(out, error_number::parse_error, detail);
  return false;
}

void decoder::impl::decode_one(std::string_view text, sink& out) {
  const std::size_t most = options.max_message_octets + options.tail_room;
  std::size_t room = std::min(20 + text.size() + options.tail_room, most);
  while (true) {
    reader.begin(text, out, room);
    parser.handler().reset();
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
