#include "diamgw/diameter/first_message.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/codec/codes.hpp"
#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::diameter {
namespace {

[[nodiscard]] frame_reader::options options_for(std::size_t most_octets) {
  frame_reader::options o;
  o.slab_octets = max_cer_octets;
  o.max_message_octets = std::min(most_octets, max_cer_octets);
  return o;
}

[[nodiscard]] bool is_cer(const message_view& m) noexcept {
  return m.is_request() && m.command() == commands::capabilities_exchange;
}

}  // namespace

std::string_view to_sentence(no_cer reason) noexcept {
  switch (reason) {
    case no_cer::not_diameter:
      return "the first octets are no Diameter message";
    case no_cer::too_long:
      return "the first message is too long";
    case no_cer::malformed:
      return "the first message cannot be read";
    case no_cer::other_message:
      return "the first message is no CER";
  }
  return "?";
}

first_message::first_message(buffer_pool& pool, std::size_t most_octets)
    : reader_{pool, options_for(most_octets)} {}

first_message::outcome first_message::next() noexcept {
  auto framed = reader_.next();
  if (std::holds_alternative<need_more>(framed)) {
    return need_more{};
  }
  if (const auto* const bad = std::get_if<malformed>(&framed)) {
    return refused_stranger{no_cer::not_diameter, bad->error.code};
  }
  if (std::holds_alternative<oversized_message>(framed)) {
    return refused_stranger{no_cer::too_long, errc::message_too_long};
  }
  if (auto* const bad = std::get_if<refused_message>(&framed)) {
    if (is_cer(bad->view)) {
      const std::string_view host = find_origin_host(sound_avps(bad->view.octets(), bad->error));
      return broken_cer{std::move(*bad), host};
    }
    return refused_stranger{no_cer::malformed, bad->error.code};
  }
  message m = std::move(std::get<message>(framed));
  if (!is_cer(m.view)) {
    return refused_stranger{no_cer::other_message};
  }
  const std::string_view origin_host = find_origin_host(m.view);
  return whole_cer{std::move(m), origin_host, reader_.rest()};
}

}  // namespace diamgw::diameter
