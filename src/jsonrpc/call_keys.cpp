// Which AVP a key or an element of the list form means.
#include <algorithm>
#include <charconv>

#include "diamgw/codec/codes.hpp"
#include "jsonrpc/call_reader.hpp"
#include "jsonrpc/scan.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::result_code;
using kind = scalar::kind;

constexpr std::uint32_t number_of(result_code code) noexcept {
  return static_cast<std::uint32_t>(code);
}

[[nodiscard]] bool parse_u32(std::string_view text, std::uint32_t& v) noexcept {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  return ec == std::errc{} && end == text.data() + text.size() && !text.empty();
}

constexpr std::uint64_t avp_list_key = ~std::uint64_t{0};

}  // namespace

void call_reader::on_member_key(std::string_view key) {
  frame& top = *top_;
  // No name of an AVP is a key of another kind.
  const dictionary::avp_definition* const known = names_.find_avp(key);
  if (known == nullptr) {
    return on_other_member_key(key);
  }
  followers_[top.follower] = known;
  begin_member(top, default_place(*known), key);
}

void call_reader::begin_member(frame& top, const avp_place& at, std::string_view key) {
  if (!add_key(top, dictionary::avp_key(at.code, at.vendor))) {
    return fail(moment::inside, number_of(result_code::invalid_avp_value),
                keys_.size() - top.first_key >= options_.max_keys
                    ? "too many members"
                    : "the key stands here twice; repeated AVPs are one array",
                key);
  }
  expect_value(top, at);
}

void call_reader::on_other_member_key(std::string_view key) {
  frame& top = *top_;
  if (key == "AVP") {
    top.next = slot::avp_list;
    if (!add_key(top, avp_list_key)) {
      fail(moment::inside, number_of(result_code::invalid_avp_value), "the key stands here twice",
           key);
    }
    return;
  }
  if (take_option_key(top, key)) {
    return;
  }
  if (key == "hex" && top.is_group && keys_.size() == top.first_key) {
    // The octets of a group as they are: the group that was begun becomes a plain AVP.
    writer_.rewind(std::min<std::size_t>(top.mark, writer_.size()));
    top.is_group = false;
    top.kind = frame_kind::wrapper;
    top.next = slot::hex;
    top.follower = no_follower;  // it has no members to foresee
    return;
  }
  if (avp_place at; parse_numbered_key(key, at)) {
    return begin_member(top, at, key);
  }
  const std::string_view nearest = names_.nearest_avp(key);
  unknown_name_.assign("unknown AVP");
  if (!nearest.empty()) {
    unknown_name_.append("; did you mean \"").append(nearest).append("\"?");
  }
  fail(moment::inside, number_of(result_code::avp_unsupported), unknown_name_, key);
}

/// "263" or "10415:1016".
bool call_reader::parse_numbered_key(std::string_view key, avp_place& at) {
  const std::size_t colon = key.find(':');
  std::uint32_t vendor = 0;
  std::uint32_t code = 0;
  if (colon != std::string_view::npos && !parse_u32(key.substr(0, colon), vendor)) {
    return false;
  }
  if (!parse_u32(colon == std::string_view::npos ? key : key.substr(colon + 1), code)) {
    return false;
  }
  const dictionary::avp_definition* known = names_.find_avp(avp_code{code}, vendor_id{vendor});
  at = known != nullptr ? default_place(*known)
                        : avp_place{.code = avp_code{code},
                                    .vendor = vendor_id{vendor},
                                    .flags = vendor != 0 ? diameter::avp_flags::vendor : 0U};
  return true;
}

/// False for a key that the frame has, and for one too many.
bool call_reader::add_key(frame& top, std::uint64_t key) {
  for (std::size_t i = top.first_key; i < keys_.size(); ++i) {
    if (keys_[i] == key) {
      return false;
    }
  }
  if (keys_.size() - top.first_key >= options_.max_keys) {
    return false;
  }
  top.key_bits |= key_bit(key);
  keys_.push() = key;
  return true;
}

/// Keys with '$' are options of the call: in `params` itself, or in an element of its list form.
bool call_reader::take_option_key(frame& top, std::string_view key) {
  if (!key.starts_with('$') || body_is_result_ ||
      frames_.size() != (top.kind == frame_kind::element ? 4U : 3U)) {
    return false;
  }
  slot what = slot::skipped;
  if (key == "$timeout") {
    what = slot::timeout;
  } else if (key == "$form") {
    what = slot::answer_form;
  } else if (key == "$retransmitted") {
    what = slot::retransmitted;
  } else if (key == "$application") {
    what = slot::application;
  }
  if (what == slot::skipped) {
    fail(moment::inside, number_of(result_code::invalid_avp_value),
         "unknown option; there are $timeout, $form, $retransmitted and $application", key);
  } else if (!see(top, what)) {
    fail(moment::inside, number_of(result_code::invalid_avp_value), "the key stands here twice",
         key);
  }
  return true;
}

void call_reader::on_wrapper_key(std::string_view key) {
  frame& top = *top_;
  const bool is_octets = holder().type == dictionary::avp_type::octet_string;
  if (!top.has_value && key == "hex") {
    top.next = slot::hex;
  } else if (!top.has_value && is_octets && key == "text") {
    top.next = slot::text;
  } else {
    fail(moment::inside, number_of(result_code::invalid_avp_value),
         is_octets ? "expected OctetString: a string, {\"hex\": …} or {\"text\": …}"
                   : "expected a single value or {\"hex\": …}, found an object",
         {});
  }
}

void call_reader::on_element_key(std::string_view key) {
  frame& top = *top_;
  slot what = slot::skipped;
  if (key == "code") {
    what = slot::code;
  } else if (key == "vendor") {
    what = slot::vendor;
  } else if (key == "flags") {
    what = slot::flags;
  } else if (key == "name") {
    what = slot::name;
  } else if (key == "value") {
    what = slot::value;
  } else if (take_option_key(top, key)) {
    return;
  }
  if (what == slot::skipped) {
    return fail(moment::inside, number_of(result_code::invalid_avp_value),
                "unknown member; an AVP in list form has code, vendor, flags, name and value", key);
  }
  if (!see(top, what)) {
    return fail(moment::inside, number_of(result_code::invalid_avp_value),
                "the key stands here twice", key);
  }
  if (what == slot::value) {
    resolve_element(top, key);
  }
}

void call_reader::on_element_scalar(frame& top, const scalar& value) {
  element_state& e = elements_.back();
  if (top.next == slot::name) {
    if (value.what != kind::string) {
      return fail_value(value, "expected the name of an AVP", {});
    }
    const dictionary::avp_definition* const named = names_.find_avp(value.text);
    if (top.has_value && named != e.named) {
      return fail_value(value, "\"name\" must stand before \"value\" here", {});
    }
    e.named = named;
    unknown_name_.assign(named == nullptr ? value.text : std::string_view{});
    return;
  }
  std::uint32_t n = 0;
  if (value.what != kind::integer || !parse_u32(value.text, n) ||
      (top.next == slot::flags && n > 0xff)) {
    return fail_value(value,
                      top.next == slot::flags ? "expected flags (0 to 255)"
                                              : "expected a number (0 to 4294967295)",
                      {});
  }
  std::optional<std::uint32_t>& field =
      top.next == slot::code ? e.code : (top.next == slot::vendor ? e.vendor : e.flags);
  const std::uint32_t written = top.next == slot::code     ? top.place.code.value
                                : top.next == slot::vendor ? top.place.vendor.value
                                                           : top.place.flags;
  if (top.has_value && written != n) {
    return fail_value(value, "must stand before \"value\" here", {});
  }
  field = n;
}

/// Members may come in any order, but the value's type must be known when it comes: what stands
/// behind it is read from the text.
void call_reader::look_ahead(element_state& e, std::string_view key) {
  const std::string_view rest = text_behind(key);
  scanner s{rest};
  if (!s.take('"') || !s.take(':')) {
    return;
  }
  static_cast<void>(s.value());
  while (s.take(',')) {
    const std::string_view name = plain_string(s.value());
    if (!s.take(':')) {
      return;
    }
    const std::string_view value = s.value();
    std::uint32_t n = 0;
    if (name == "name") {
      const std::string_view avp = plain_string(value);
      e.named = names_.find_avp(avp);
      unknown_name_.assign(e.named == nullptr ? avp : std::string_view{});
    } else if (!parse_u32(value, n)) {
      continue;
    } else if (name == "code") {
      e.code = n;
    } else if (name == "vendor") {
      e.vendor = n;
    } else if (name == "flags" && n <= 0xff) {
      e.flags = n;
    }
  }
}

void call_reader::resolve_element(frame& top, std::string_view key) {
  element_state& e = elements_.back();
  const bool has_vendor = e.vendor || (e.flags && (*e.flags & diameter::avp_flags::vendor) == 0);
  if (!e.flags || !e.code || !has_vendor) {
    look_ahead(e, key);
  }
  if (!e.code && e.named == nullptr) {
    const std::string wrong = unknown_name_;
    const std::string_view nearest = wrong.empty() ? wrong : names_.nearest_avp(wrong);
    unknown_name_.assign(wrong.empty() ? "an AVP needs a \"code\" or a \"name\""
                                       : "unknown AVP without a \"code\"");
    if (!nearest.empty()) {
      unknown_name_.append("; did you mean \"").append(nearest).append("\"?");
    }
    return fail(moment::inside, number_of(result_code::avp_unsupported), unknown_name_,
                wrong.empty() ? std::string_view{"value"} : std::string_view{"name"});
  }
  avp_place at;
  at.code = e.code ? avp_code{*e.code} : e.named->code;
  if (e.vendor) {
    at.vendor = vendor_id{*e.vendor};
  } else if (e.named != nullptr && e.named->code == at.code) {
    at.vendor = e.named->vendor;
  }
  at.definition = names_.find_avp(at.code, at.vendor);
  if (at.definition != nullptr) {
    at.type = at.definition->type;
  }
  if (e.named != nullptr && (at.definition == nullptr || at.definition->name != e.named->name)) {
    return fail(moment::inside, number_of(result_code::invalid_avp_value),
                "\"name\" and \"code\" mean different AVPs", "name");
  }
  if (e.flags) {
    at.flags = *e.flags;
  } else if (at.definition != nullptr) {
    at.flags = default_place(*at.definition).flags;
  } else if (at.vendor != ietf_vendor) {
    at.flags = diameter::avp_flags::vendor;
  }
  if (at.vendor != ietf_vendor && (at.flags & diameter::avp_flags::vendor) == 0) {
    return fail(moment::inside, number_of(result_code::invalid_avp_bits),
                "an AVP with a vendor has flag 128", "flags");
  }
  top.place = at;
}

/// The rest of the text behind a piece of it; null data where it is no piece of the text.
std::string_view call_reader::text_behind(std::string_view piece) const noexcept {
  const std::less_equal<const char*> before;
  const char* const end = text_.data() + text_.size();
  if (piece.data() == nullptr || !before(text_.data(), piece.data()) ||
      !before(piece.data() + piece.size(), end)) {
    return {};
  }
  const char* const behind = piece.data() + piece.size();
  return {behind, static_cast<std::size_t>(end - behind)};
}

}  // namespace diamgw::jsonrpc
