// One message: check, walk, values, validation and answer. What is accepted is copied AVP by AVP
// and must come out as the same octets, padding aside; every error answer must be a good message.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/values.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::diameter;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

constexpr std::array<std::byte, 24> origin{
    std::byte{0}, std::byte{0}, std::byte{1},   std::byte{8},    std::byte{0x40}, std::byte{0},
    std::byte{0}, std::byte{9}, std::byte{'a'}, std::byte{0},    std::byte{0},    std::byte{0},
    std::byte{0}, std::byte{0}, std::byte{1},   std::byte{0x28}, std::byte{0x40}, std::byte{0},
    std::byte{0}, std::byte{9}, std::byte{'b'}, std::byte{0},    std::byte{0},    std::byte{0}};

/// The message with zeros for padding, as the writer makes it.
std::vector<std::byte> without_padding(const message_view& m) {
  std::vector<std::byte> out{m.octets().begin(), m.octets().end()};
  for (const avp_view avp : m.avps()) {
    const auto end =
        static_cast<std::size_t>(avp.octets().data() - m.octets().data()) + avp.octets().size();
    for (std::size_t i = end; i < padded(end); ++i) {
      out[i] = std::byte{0};
    }
  }
  return out;
}

void round_trip(const message_view& m) {
  std::vector<std::byte> space(m.octets().size());
  writer out{space};
  out.begin_message({m.flags(), m.command(), m.application(), m.hop_by_hop(), m.end_to_end()});
  for (const avp_view avp : m.avps()) {
    out.copy(avp);
  }
  const bytes_view copy = out.finish();
  const std::vector<std::byte> expected = without_padding(m);
  require(std::equal(copy.begin(), copy.end(), expected.begin(), expected.end()));
}

/// Values that decode must have a text that parses to the same octets.
void values(const avp_view& avp) {
  for (int t = 0; t <= static_cast<int>(dictionary::avp_type::qos_filter_rule); ++t) {
    static_cast<void>(check_value(static_cast<dictionary::avp_type>(t), avp.data));
  }
  if (const auto a = decode_address(avp.data)) {
    std::vector<char> space(max_address_text(*a));
    const std::string_view text = format_address(*a, space);
    std::vector<std::byte> out(max_address_data(text));
    const auto back = parse_address(text, out);
    require(back && std::equal(back->begin(), back->end(), avp.data.begin(), avp.data.end()));
  }
  if (const auto t = decode_time(avp.data)) {
    const auto text = format_time(*t);
    const auto back = parse_time({text.data(), text.size()});
    require(back && *back == *t && *encode_time(*back) == load_be32(avp.data.data()));
  }
  static_cast<void>(parse_time(as_text(avp.data)));
  std::vector<std::byte> out(max_address_data(as_text(avp.data)));
  static_cast<void>(parse_address(as_text(avp.data), out));
}

void require_answer(const message_view& request, bytes_view answer) {
  if (answer.empty()) {  // only where request, Failed-AVP and all exceed 24 bits of length
    require(request.octets().size() > max_message_octets / 4);
    return;
  }
  const auto view = check_message(answer, {.header_bits = spare_bits::refuse});
  require(view.has_value() && view->find(avps::result_code).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static validator check{dictionary::embedded()};
  const bytes_view octets = std::as_bytes(std::span{data, size});
  const auto checked = check_message(octets);
  if (size < header_octets) {
    require(checked.has_error());
    return 0;
  }
  const message_view request{octets};
  std::vector<std::byte> space(max_error_answer_octets(request, origin));
  writer out{space};
  if (checked.has_error()) {
    require_answer(request, write_error_answer(out, request, checked.error(), origin,
                                               &dictionary::embedded()));
    return 0;
  }
  round_trip(*checked);
  for (const avp_view avp : checked->avps()) {
    values(avp);
  }
  if (const auto v = check.validate(*checked)) {
    require_answer(request, write_error_answer(out, request, *v, origin));
  }
  return 0;
}
