// The members of nearly every level: each AVP has a name, and those of one name stand together.
#include <array>
#include <charconv>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/values.hpp"
#include "jsonrpc/avp_json.hpp"
#include "jsonrpc/data_to_json.hpp"
#include "jsonrpc/plain_text.hpp"

namespace diamgw::jsonrpc {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;

/// Which AVPs of a level were there, by a hash. One that was is never taken for one that was not;
/// the other way round it happens, seldom.
class seen_keys {
 public:
  void clear() noexcept { bits_ = {}; }
  /// False where it was there.
  [[nodiscard]] bool add(std::uint64_t key) noexcept {
    const std::uint64_t hash = key ^ (key >> 32U) * 0x9e3779b9U >> 16U;
    std::uint64_t& word = bits_[hash / 64 % bits_.size()];
    const std::uint64_t bit = std::uint64_t{1} << hash % 64;
    const bool is_first = (word & bit) == 0;
    word |= bit;
    return is_first;
  }

 private:
  std::array<std::uint64_t, 16> bits_;
};

/// What of an AVP its JSON is made from.
struct coded_data {
  std::uint64_t key;
  bytes_view data;
};

/// Names the runs of a level, one after the other.
class run_names {
 public:
  struct name {
    const avp_definition* definition = nullptr;  // null: none, or of an earlier run
    bool repeats = false;
  };

  run_names(avp_json::rules_view rules, const dictionary::dictionary& names) noexcept
      : rules_{rules}, names_{names} {}

  [[nodiscard]] name find(std::uint64_t key) noexcept {
    const std::uint32_t place = dictionary::find_rule(rules_, key);
    if (place >= noted_rules) {
      return find_other(key, place != avp_rule::none && rules_[place].max > 1);
    }
    const std::uint64_t bit = std::uint64_t{1} << place;
    if ((seen_rules_ & bit) != 0) {
      return {};
    }
    seen_rules_ |= bit;
    return {rules_[place].avp, rules_[place].max > 1};
  }

 private:
  /// Of those that the grammar does not name among its first.
  [[nodiscard, gnu::noinline]] name find_other(std::uint64_t key, bool repeats) noexcept {
    if (!any_others_) {
      any_others_ = true;
      seen_others_.clear();
    }
    if (!seen_others_.add(key)) {
      return {};
    }
    const avp_code code{static_cast<std::uint32_t>(key)};
    const vendor_id vendor{static_cast<std::uint32_t>(key >> 32U)};
    return {names_.find_avp(code, vendor), repeats};
  }

  static constexpr std::uint32_t noted_rules = 64;  // in a register

  avp_json::rules_view rules_;
  const dictionary::dictionary& names_;
  std::uint64_t seen_rules_ = 0;  // a bit for each
  seen_keys seen_others_;         // once there are any
  bool any_others_ = false;
};

/// The AVP at `at`, which goes on to the next; false where it is none.
[[nodiscard]] bool take_avp(const std::byte*& at, const std::byte* end, coded_data& avp) noexcept {
  const auto left = static_cast<std::size_t>(end - at);
  if (left < diameter::avp_header_octets) {
    return false;
  }
  const std::uint32_t flags_and_length = load_be32(at + 4);
  const std::size_t length = flags_and_length & 0xffffffU;
  const bool has_vendor = (flags_and_length >> 24U & diameter::avp_flags::vendor) != 0;
  const std::size_t header =
      has_vendor ? diameter::vendor_avp_header_octets : diameter::avp_header_octets;
  if (length < header || diameter::padded(length) > left) {
    return false;
  }
  avp = {dictionary::avp_key(avp_code{load_be32(at)},
                             has_vendor ? vendor_id{load_be32(at + 8)} : ietf_vendor),
         {at + header, length - header}};
  at += diameter::padded(length);
  return true;
}

/// Text that needs no escapes, in quotes; null for other text.
[[nodiscard]] char* put_plain(char* p, std::string_view text) noexcept {
  if (!copy_plain(p + 1, text)) {
    return nullptr;
  }
  *p = '"';
  p += text.size() + 1;
  *p = '"';
  return p + 1;
}

/// Values of the most usual types. Null for other types, for data that is not of its type, and
/// where there might not be room.
[[nodiscard]] char* put_usual(char* p, const char* end, const avp_definition& definition,
                              bytes_view data) noexcept {
  constexpr std::size_t most_digits = 20;
  constexpr std::size_t quotes = 2;
  const std::string_view text = as_text(data);
  const auto room = static_cast<std::size_t>(end - p);
  if (text.size() + most_digits + quotes > room) {
    return nullptr;
  }
  switch (definition.type) {
    case avp_type::diameter_identity:
      return diameter::is_diameter_identity(text) ? text_writer::put_quoted(p, text) : nullptr;
    case avp_type::utf8_string:
      return put_plain(p, text);
    case avp_type::unsigned32:
      return data.size() == 4 ? std::to_chars(p, p + most_digits, load_be32(data.data())).ptr
                              : nullptr;
    case avp_type::unsigned64:
      if (data.size() != 8) {
        return nullptr;
      }
      *p++ = '"';
      p = std::to_chars(p, p + most_digits, load_be64(data.data())).ptr;
      *p++ = '"';
      return p;
    case avp_type::enumerated: {
      const auto* const named =
          data.size() == 4
              ? definition.find_value(static_cast<std::int32_t>(load_be32(data.data())))
              : nullptr;
      const bool fits = named != nullptr && named->name.size() + quotes <= room;
      return fits ? text_writer::put_quoted(p, named->name) : nullptr;
    }
    case avp_type::time: {
      const auto when = diameter::decode_time(data);
      if (!when) {
        return nullptr;
      }
      const std::array<char, 20> shown = diameter::format_time(*when);
      return text_writer::put_quoted(p, {shown.data(), shown.size()});
    }
    default:
      return nullptr;
  }
}

}  // namespace

inline char* avp_json::as_object(char* begin, char* members_end) noexcept {
  if (begin == members_end) {
    return out_.put(begin, "{}");
  }
  *begin = '{';
  return out_.put(members_end, "}");
}

inline char* avp_json::group(char* p, const avp_definition& definition, bytes_view data,
                             std::size_t depth) noexcept {
  if (depth >= max_json_groups || (data.size() > most_unchecked_ && !may_try(data))) {
    return nullptr;
  }
  char* const end = members_in_runs(p, data, definition.grammar, depth + 1);
  return end != nullptr ? as_object(p, end) : nullptr;
}

// A group that fails at its end is written again, and so are those within it, each of which may
// fail: after so many octets none is tried.
namespace {
constexpr std::size_t most_rewritten = 65536;
}

bool avp_json::may_try(bytes_view group) const noexcept {
  return rewritten_ <= most_rewritten && diameter::check_avps(group).has_value();
}

void avp_json::note_failure(bytes_view group) noexcept {
  rewritten_ += group.size();
  if (rewritten_ > most_rewritten) {
    most_unchecked_ = 0;
  }
}

char* avp_json::members_in_runs(char* p, bytes_view avps, rules_view rules,
                                std::size_t depth) noexcept {
  run_names names{rules, names_};
  const avp_definition* array = nullptr;  // of the open one
  std::uint64_t array_key = 0;
  const std::byte* at = avps.data();
  const std::byte* const end = at + avps.size();
  while (at != end) {
    coded_data avp;
    if (!take_avp(at, end, avp)) {
      return nullptr;
    }
    const avp_definition* definition = array;
    if (array != nullptr && array_key == avp.key) {
      p = out_.put(p, ",");
    } else {
      const run_names::name found = names.find(avp.key);
      definition = found.definition;
      if (definition == nullptr) {
        return nullptr;
      }
      p = out_.put_key(p, definition->member_key, {array != nullptr, found.repeats});
      array = found.repeats ? definition : nullptr;
      array_key = avp.key;
    }
    if (p == nullptr) {
      return nullptr;
    }
    char* const behind = definition->type == avp_type::grouped
                             ? group(p, *definition, avp.data, depth)
                             : put_usual(p, out_.end(), *definition, avp.data);
    p = behind != nullptr ? behind : other_value(p, *definition, avp.data, depth);
    if (p == nullptr) {
      return nullptr;
    }
  }
  return array != nullptr ? out_.put(p, "]") : p;
}

char* avp_json::other_value(char* p, const avp_definition& definition, bytes_view data,
                            std::size_t depth) noexcept {
  if (out_.overflowed()) {
    return nullptr;
  }
  out_.commit(p);
  if (definition.type != avp_type::grouped) {
    write_json(out_, &definition, data);
    return out_.place();
  }
  note_failure(data);
  const auto inside = diameter::check_avps(data);
  if (depth >= max_json_groups || !inside) {
    write_raw_json(out_, data);
    return out_.place();
  }
  members_in_any_order(*inside, definition.grammar, depth + 1);
  char* const end = out_.place();
  return end != nullptr ? as_object(p, end) : nullptr;
}

void avp_json::value(const avp_definition& definition, bytes_view data,
                     std::size_t depth) noexcept {
  char* const p = out_.place();
  if (p != nullptr) {
    char* const end =
        definition.type == avp_type::grouped ? group(p, definition, data, depth) : nullptr;
    out_.commit(end != nullptr ? end : other_value(p, definition, data, depth));
  }
}

void avp_json::object(diameter::avp_range avps, rules_view rules) noexcept {
  char* const begin = out_.place();
  members(avps, rules);
  char* const end = out_.place();
  if (end != nullptr) {
    out_.commit(as_object(begin, end));
  }
}

void avp_json::members(diameter::avp_range avps, rules_view rules) noexcept {
  char* const begin = out_.place();
  char* const end = begin != nullptr ? members_in_runs(begin, avps.octets(), rules, 0) : nullptr;
  if (end != nullptr) {
    out_.commit(end);
  } else if (!out_.overflowed()) {
    out_.commit(begin);
    members_in_any_order(avps, rules, 0);
  }
}

}  // namespace diamgw::jsonrpc
