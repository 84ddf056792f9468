// Any text, by our parser and by Boost.JSON's: both take it or neither does, and they tell the
// same.
#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "jsonrpc/json_parser.hpp"

namespace {

using namespace diamgw::jsonrpc;

constexpr std::size_t max_depth = 32;

/// Events as text, so that two lists of them can be compared. Tokens of numbers in brackets.
class record {
 public:
  /// Foresees every third key right and the others wrong.
  [[nodiscard]] const std::string* foreseen_key() {
    foreseen_ = ++keys_ % 3 == 0 && is_plain(last_key_) ? last_key_ : "hex";
    return &foreseen_;
  }
  void on_foreseen_key() { on_key(foreseen_); }
  void on_begin(container what) { events += what == container::object ? '{' : '['; }
  void on_end() { events += ')'; }
  void on_key(std::string_view key) {
    const std::string copy{key};
    events.append("k").append(std::to_string(copy.size())).append(":").append(copy);
    last_key_ = copy;
  }
  void on_scalar(const scalar& v) {
    switch (v.what) {
      case scalar::kind::string:
        events.append("s").append(std::to_string(v.text.size())).append(":").append(v.text);
        break;
      case scalar::kind::integer:
      case scalar::kind::real:
        events.append("<").append(v.text).append(">");
        break;
      case scalar::kind::boolean:
        events += v.truth ? 't' : 'f';
        break;
      case scalar::kind::null:
        events += 'n';
        break;
    }
  }

  std::string events;

 private:
  std::string last_key_;
  std::string foreseen_;
  std::size_t keys_ = 0;
};

struct reference {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  using error_code = boost::system::error_code;
  using text = boost::json::string_view;
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return told.on_begin(container::object), true; }
  bool on_array_begin(error_code&) { return told.on_begin(container::array), true; }
  bool on_object_end(std::size_t, error_code&) { return told.on_end(), true; }
  bool on_array_end(std::size_t, error_code&) { return told.on_end(), true; }
  bool on_key_part(text s, std::size_t, error_code&) { return add(s); }
  bool on_string_part(text s, std::size_t, error_code&) { return add(s); }
  bool on_number_part(text s, error_code&) { return add(s); }
  bool on_key(text s, std::size_t, error_code&) {
    add(s);
    told.on_key(pieces);
    pieces.clear();
    return true;
  }
  bool on_string(text s, std::size_t, error_code&) { return tell(scalar::kind::string, s); }
  bool on_int64(std::int64_t, text s, error_code&) { return tell(scalar::kind::integer, s); }
  bool on_uint64(std::uint64_t, text s, error_code&) { return tell(scalar::kind::integer, s); }
  bool on_double(double, text s, error_code&) { return tell(scalar::kind::real, s); }
  bool on_bool(bool b, error_code&) {
    scalar v;
    v.what = scalar::kind::boolean;
    v.truth = b;
    told.on_scalar(v);
    return true;
  }
  bool on_null(error_code&) {
    told.on_scalar({});
    return true;
  }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }

  bool add(text s) {
    pieces.append(s.data(), s.size());
    return true;
  }
  bool tell(scalar::kind what, text s) {
    add(s);
    scalar v;
    v.what = what;
    v.text = pieces;
    told.on_scalar(v);
    pieces.clear();
    return true;
  }

  record told;
  std::string pieces;
};

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> text(data, data + size);  // so that reads past its end are seen
  record ours;
  json_parser<record> parser{max_depth, ours};
  const bool good = parser.parse({text.data(), text.size()});

  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::json::basic_parser<reference> other{options};
  boost::system::error_code ec;
  const std::size_t read = other.write_some(false, text.data(), text.size(), ec);
  if (ec == boost::json::error::exponent_overflow) {
    return 0;  // it makes numbers; ours leaves what they mean to those who want one
  }
  const bool other_good = !ec && read == text.size();

  require(good == other_good);
  if (good) {
    require(ours.events == other.handler().told.events);
  } else {
    require(parser.error() != json_error::none && parser.position() <= text.size());
  }
  return 0;
}
