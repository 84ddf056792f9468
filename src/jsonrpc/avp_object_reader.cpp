#include "jsonrpc/avp_object_reader.hpp"

#include <algorithm>

#include "jsonrpc/failure_sentence.hpp"
#include "jsonrpc/option_reader.hpp"
#include "jsonrpc/scalar_to_avp.hpp"

namespace diamgw::jsonrpc {
namespace {

/// Of "AVP", among the keys of AVPs.
constexpr std::uint64_t avp_list_key = ~std::uint64_t{0};

}  // namespace

void avp_object_reader::on_key(avp_body& body, std::string_view key) {
  // No name of an AVP is a key of another kind.
  const dictionary::avp_definition* const known = names_.find_avp(key);
  if (known == nullptr) {
    return on_other_key(body, key);
  }
  guess_.note(body.top().guess, *known);
  begin_member(body, default_place(*known), key);
}

void avp_object_reader::begin_member(avp_body& body, const avp_place& at, std::string_view key) {
  open_container& in = body.top();
  if (!add_key(in, dictionary::avp_key(at.code, at.vendor))) {
    return body.fail_key(keys_in(in) >= max_keys_
                             ? "too many members"
                             : "the key stands here twice; repeated AVPs are one array",
                         key);
  }
  expect_value(in, at);
}

void avp_object_reader::on_other_key(avp_body& body, std::string_view key) {
  open_container& in = body.top();
  if (key == "AVP") {
    in.next = next_value::avp_list;
    if (!add_key(in, avp_list_key)) {
      body.fail_key("the key stands here twice", key);
    }
    return;
  }
  if (take_option_key(body, key)) {
    return;
  }
  if (key == "hex" && in.is_group && keys_in(in) == 0) {
    // The octets of a group as they are: the group that was begun becomes a plain AVP.
    body.writer().rewind(std::min<std::size_t>(in.mark, body.writer().size()));
    in.is_group = false;
    in.role = container_role::wrapper;
    in.next = next_value::hex;
    in.guess = next_key_guess::none;
    return;
  }
  if (avp_place at; parse_numbered_key(key, at)) {
    return begin_member(body, at, key);
  }
  std::string detail{"unknown AVP"};
  append_nearest(detail, names_.nearest_avp(key));
  body.fail(avp_body::failing_event::inside, diameter::result_code::avp_unsupported, detail, key);
}

/// "263" or "10415:1016".
bool avp_object_reader::parse_numbered_key(std::string_view key, avp_place& at) const {
  const std::size_t colon = key.find(':');
  std::uint32_t vendor = 0;
  std::uint32_t code = 0;
  if (colon != std::string_view::npos && !parse_unsigned32(key.substr(0, colon), vendor)) {
    return false;
  }
  if (!parse_unsigned32(colon == std::string_view::npos ? key : key.substr(colon + 1), code)) {
    return false;
  }
  const dictionary::avp_definition* known = names_.find_avp(avp_code{code}, vendor_id{vendor});
  at = known != nullptr ? default_place(*known)
                        : avp_place{.code = avp_code{code},
                                    .vendor = vendor_id{vendor},
                                    .flags = vendor != 0 ? diameter::avp_flags::vendor : 0U};
  at.by_number = true;
  return true;
}

/// False for a key that the object has, and for one too many.
bool avp_object_reader::add_key(open_container& in, std::uint64_t key) {
  for (std::size_t i = in.first_key; i < keys_.size(); ++i) {
    if (keys_[i] == key) {
      return false;
    }
  }
  if (keys_in(in) >= max_keys_) {
    return false;
  }
  in.key_bits |= key_bit(key);
  keys_.push() = key;
  return true;
}

void avp_object_reader::on_wrapper_key(avp_body& body, std::string_view key) {
  open_container& in = body.top();
  const bool is_octets = body.holder().type == dictionary::avp_type::octet_string;
  if (!in.has_value && key == "hex") {
    in.next = next_value::hex;
  } else if (!in.has_value && is_octets && key == "text") {
    in.next = next_value::text;
  } else {
    body.fail(avp_body::failing_event::inside, diameter::result_code::invalid_avp_value,
              is_octets ? "expected OctetString: a string, {\"hex\": …} or {\"text\": …}"
                        : "expected a single value or {\"hex\": …}, found an object");
  }
}

void avp_object_reader::on_wrapped(avp_body& body, const scalar& value) {
  open_container& in = body.top();
  if (value.what != scalar::kind::string) {
    return body.fail_value(value, "expected a string");
  }
  in.has_value = true;
  if (in.next == next_value::text) {
    body.writer().octets(body.holder(), as_bytes(value.text));
  } else if (!write_avp_hex(body.writer(), body.holder(), value.text)) {
    body.fail_value(value, "expected pairs of hexadecimal digits");
  }
}

bool avp_object_reader::end_wrapper(avp_body& body) {
  if (body.top().has_value) {
    return true;
  }
  body.fail(avp_body::failing_event::closes, diameter::result_code::invalid_avp_value,
            body.holder().type == dictionary::avp_type::octet_string
                ? "expected {\"hex\": …} or {\"text\": …}"
                : "expected a single value or {\"hex\": …}");
  return false;
}

}  // namespace diamgw::jsonrpc
