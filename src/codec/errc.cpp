#include "diamgw/codec/errc.hpp"

#include <string>

namespace diamgw::diameter {
namespace {

class category final : public error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "diamgw.diameter"; }
  [[nodiscard]] std::string message(int value) const override {
    return std::string{to_sentence(static_cast<errc>(value))};
  }
};

struct entry {
  std::string_view sentence;
  result_code code;
};

// One function, one switch: an enumerator that is forgotten here is a warning, so an error.
entry look_up(errc e) noexcept {
  using enum result_code;
  switch (e) {
    case errc::version:  // §7.1.5: 5011
      return {"the version is not 1", unsupported_version};
    case errc::message_length_short:  // §7.1.5: 5015, as the next three
      return {"the message length is shorter than the header", invalid_message_length};
    case errc::message_length_unaligned:
      return {"the message length is not a multiple of 4", invalid_message_length};
    case errc::message_length_mismatch:
      return {"the message length is not that of the octets received", invalid_message_length};
    case errc::message_too_long:
      return {"the message is longer than the configured limit", invalid_message_length};
    case errc::error_bit_in_request:  // §3: "MUST NOT be set in request messages"; §7.1.3: 3008
      return {"the E bit is set in a request", invalid_hdr_bits};
    case errc::reserved_header_bit:  // §7.1.5: 5013
      return {"a reserved bit of the command flags is set", invalid_bit_in_header};
    case errc::retransmitted_answer:  // §3: "This flag MUST NOT be set in answer messages"
      return {"the T bit is set in an answer", invalid_bit_in_header};
    case errc::proxiable_bit:  // §7.1.3: "inconsistent with the Command Code's definition"
      return {"the P bit is set in a command that is not proxiable", invalid_hdr_bits};

    case errc::avp_header_cut:  // §7.1.5: 5014, as the next three
      return {"the message ends within an AVP header", invalid_avp_length};
    case errc::avp_length_short:
      return {"the AVP length is shorter than the AVP header", invalid_avp_length};
    case errc::avp_overrun:
      return {"the AVP length reaches past the end of what contains it", invalid_avp_length};
    case errc::avp_padding_cut:
      return {"the padding of the last AVP is missing", invalid_avp_length};
    case errc::too_many_avps:
      return {"there are more AVPs than the configured limit", unable_to_comply};
    case errc::nested_too_deep:
      return {"groups are nested deeper than the configured limit", invalid_avp_value};
    case errc::avp_bits:  // §7.1.3: 3009
      return {"the AVP flags are not those of its definition", invalid_avp_bits};

    case errc::value_length:
      return {"the data has not the length of its type", invalid_avp_length};
    case errc::value_address:  // §7.1.5: 5004, as those after it
      return {"the data is not an Address", invalid_avp_value};
    case errc::value_time:
      return {"the time is outside the years that Time can say", invalid_avp_value};
    case errc::value_utf8:
      return {"the data is not valid UTF-8", invalid_avp_value};
    case errc::value_identity:
      return {"the data is not a DiameterIdentity", invalid_avp_value};
    case errc::value_uri:
      return {"the data is not a DiameterURI", invalid_avp_value};
    case errc::value_enumerated:
      return {"the number is not one of the enumerated values", invalid_avp_value};
    case errc::value_filter_rule:
      return {"the data is not a filter rule", invalid_avp_value};

    case errc::command_unsupported:  // §7.1.3: 3001
      return {"the application has no such command", command_unsupported};
    case errc::avp_unsupported:  // §7.1.5: 5001
      return {"the AVP is unknown and has the M bit set", avp_unsupported};
    case errc::missing_avp:  // §7.1.5: 5005
      return {"the required AVP is missing", missing_avp};
    case errc::avp_position:  // no code of its own: it is missing where it has to be
      return {"the AVP is not in its fixed place", missing_avp};
    case errc::avp_not_allowed:  // §7.1.5: 5008
      return {"the AVP is not allowed here", avp_not_allowed};
    case errc::avp_too_many:  // §7.1.5: 5009
      return {"the AVP occurs too many times", avp_occurs_too_many_times};
  }
  return {"unknown error", unable_to_comply};
}

}  // namespace

const error_category& diameter_category() noexcept {
  static const category instance;
  return instance;
}

std::string_view to_sentence(errc e) noexcept {
  return look_up(e).sentence;
}

result_code to_result_code(errc e) noexcept {
  return look_up(e).code;
}

}  // namespace diamgw::diameter
