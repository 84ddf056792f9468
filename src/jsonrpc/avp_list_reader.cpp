#include "jsonrpc/avp_list_reader.hpp"

#include "jsonrpc/failure_sentence.hpp"
#include "jsonrpc/option_reader.hpp"
#include "jsonrpc/scalar_to_avp.hpp"
#include "jsonrpc/text_scanner.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::result_code;

[[nodiscard]] next_value member_of(std::string_view key) noexcept {
  switch (key.size()) {
    case 4:
      return key == "code" ? next_value::code : key == "name" ? next_value::name : next_value::none;
    case 5:
      return key == "value"   ? next_value::value
             : key == "flags" ? next_value::flags
                              : next_value::none;
    case 6:
      return key == "vendor" ? next_value::vendor : next_value::none;
    default:
      return next_value::none;
  }
}

}  // namespace

void avp_list_reader::begin_group(avp_body& body) {
  const avp_place& at = body.top().place;
  if (at.type != dictionary::avp_type::grouped) {
    return body.fail_container(container::array, "expected a single value");
  }
  const std::uint32_t mark = body.writer().begin_group(at);
  open_container& c = body.open(container_role::elements);
  c.next = next_value::element;
  c.is_group = true;
  c.mark = mark;
}

void avp_list_reader::begin_element(avp_body& body) {
  has_unknown_name_ = false;
  elements_.push() = {};
  body.open(container_role::element);
}

void avp_list_reader::on_key(avp_body& body, std::string_view key) {
  const next_value what = member_of(key);
  if (what == next_value::none) {
    if (!take_option_key(body, key)) {
      body.fail_key("unknown member; an AVP in list form has code, vendor, flags, name and value",
                    key);
    }
    return;
  }
  if (!body.expect(what)) {
    return body.fail_key("the key stands here twice", key);
  }
  if (what == next_value::value) {
    resolve(body, key);
  }
}

void avp_list_reader::on_scalar(avp_body& body, const scalar& value) {
  const open_container& in = body.top();
  if (in.next == next_value::name) {
    return on_name(body, value);
  }
  std::uint32_t n = 0;
  if (value.what != scalar::kind::integer || !parse_unsigned32(value.text, n) ||
      (in.next == next_value::flags && n > 0xff)) {
    return body.fail_value(value, in.next == next_value::flags
                                      ? "expected flags (0 to 255)"
                                      : "expected a number (0 to 4294967295)");
  }
  element& e = elements_.back();
  std::optional<std::uint32_t>& field = in.next == next_value::code     ? e.code
                                        : in.next == next_value::vendor ? e.vendor
                                                                        : e.flags;
  const std::uint32_t written = in.next == next_value::code     ? in.place.code.value
                                : in.next == next_value::vendor ? in.place.vendor.value
                                                                : in.place.flags;
  if (in.has_value && written != n) {
    return body.fail_value(value, "must stand before \"value\" here");
  }
  field = n;
}

void avp_list_reader::on_name(avp_body& body, const scalar& value) {
  if (value.what != scalar::kind::string) {
    return body.fail_value(value, "expected the name of an AVP");
  }
  element& e = elements_.back();
  const dictionary::avp_definition* const before = e.named;
  set_name(e, value.text);
  if (body.top().has_value && e.named != before) {
    body.fail_value(value, "\"name\" must stand before \"value\" here");
  }
}

void avp_list_reader::set_name(element& e, std::string_view name) {
  e.named = names_.find_avp(name);
  has_unknown_name_ = e.named == nullptr;
  if (has_unknown_name_) {
    unknown_name_.assign(name);
  }
}

/// What stands after the value.
void avp_list_reader::read_ahead(element& e, std::string_view key) {
  text_scanner s{text_after(text_, key)};
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
    const next_value what = member_of(name);
    std::uint32_t n = 0;
    if (what == next_value::name) {
      if (const std::string_view plain = plain_string(value); plain.data() != nullptr) {
        set_name(e, plain);
      }
    } else if (!parse_unsigned32(value, n)) {
      continue;
    } else if (what == next_value::code) {
      e.code = n;
    } else if (what == next_value::vendor) {
      e.vendor = n;
    } else if (what == next_value::flags && n <= 0xff) {
      e.flags = n;
    }
  }
}

/// The value comes now: which AVP it is of.
void avp_list_reader::resolve(avp_body& body, std::string_view key) {
  element& e = elements_.back();
  const bool has_vendor = e.vendor || (e.flags && (*e.flags & diameter::avp_flags::vendor) == 0);
  if (!e.flags || !e.code || !has_vendor) {
    read_ahead(e, key);
  }
  if (!e.code && e.named == nullptr) {
    return refuse_unknown(body);
  }
  const avp_place at = place_of_element(e);
  if (e.named != nullptr && (at.definition == nullptr || at.definition->name != e.named->name)) {
    return body.fail_key("\"name\" and \"code\" mean different AVPs", "name");
  }
  if (at.vendor != ietf_vendor && (at.flags & diameter::avp_flags::vendor) == 0) {
    return body.fail(avp_body::failing_event::inside, result_code::invalid_avp_bits,
                     "an AVP with a vendor has flag 128", "flags");
  }
  body.top().place = at;
}

avp_place avp_list_reader::place_of_element(const element& e) const noexcept {
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
  at.by_number = e.named == nullptr;
  if (e.flags) {
    at.flags = *e.flags;
  } else if (at.definition != nullptr) {
    at.flags = default_place(*at.definition).flags;
  } else if (at.vendor != ietf_vendor) {
    at.flags = diameter::avp_flags::vendor;
  }
  return at;
}

void avp_list_reader::refuse_unknown(avp_body& body) {
  std::string detail;
  std::string_view key = "value";
  if (!has_unknown_name_) {
    detail = "an AVP needs a \"code\" or a \"name\"";
  } else {
    detail = "unknown AVP without a \"code\"";
    append_nearest(detail, names_.nearest_avp(unknown_name_));
    key = "name";
  }
  body.fail(avp_body::failing_event::inside, result_code::avp_unsupported, detail, key);
}

bool avp_list_reader::end_element(avp_body& body) {
  open_container& closed = body.top();
  const element& e = elements_.back();
  // An element of options alone is no AVP; an empty one should have been one.
  const bool needs_value = e.code || e.named != nullptr || has_unknown_name_ || closed.seen == 0;
  if (!closed.has_value && needs_value) {
    closed.next = next_value::none;  // the AVP is at fault, not its last member
    body.fail(avp_body::failing_event::closes, result_code::invalid_avp_value,
              "an AVP in list form needs a \"value\"");
    return false;
  }
  elements_.pop();
  return true;
}

}  // namespace diamgw::jsonrpc
