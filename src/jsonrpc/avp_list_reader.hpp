// AVPs in list form: [{"code": 263, "vendor": 0, "flags": 64, "name": "Session-Id", "value": …}].
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "diamgw/dictionary/dictionary.hpp"
#include "jsonrpc/avp_body.hpp"
#include "jsonrpc/kept_stack.hpp"

namespace diamgw::jsonrpc {

/// What the members of an element mean. They may come in any order, but the type of the value must
/// be known when it comes: where code, vendor and flags do not stand in front of it, what stands
/// after it is read ahead from the text.
class avp_list_reader {
 public:
  avp_list_reader(const dictionary::dictionary& names, std::size_t max_depth)
      : names_{names}, elements_{max_depth + 1} {}

  /// Forgets the last call; `text` is the whole one that comes.
  void clear(std::string_view text) noexcept {
    text_ = text;
    elements_.clear();
  }
  /// `params`, `result` or the value of "AVP" begins.
  void begin_list(avp_body& body) {
    body.open(container_role::elements).next = next_value::element;
  }
  /// An array as the value of an AVP in list form.
  void begin_group(avp_body& body);
  void begin_element(avp_body& body);
  void on_key(avp_body& body, std::string_view key);
  /// Of code, vendor, flags or name.
  void on_scalar(avp_body& body, const scalar& value);
  /// False after a failure, which has closed the element.
  [[nodiscard]] bool end_element(avp_body& body);

 private:
  struct element {
    std::optional<std::uint32_t> code;
    std::optional<std::uint32_t> vendor;
    std::optional<std::uint32_t> flags;
    const dictionary::avp_definition* named = nullptr;
  };

  void on_name(avp_body& body, const scalar& value);
  void set_name(element& e, std::string_view name);
  void resolve(avp_body& body, std::string_view key);
  void read_ahead(element& e, std::string_view key);
  [[nodiscard]] avp_place place_of_element(const element& e) const noexcept;
  void refuse_unknown(avp_body& body);

  const dictionary::dictionary& names_;
  std::string_view text_;
  kept_stack<element> elements_;  // all that are open
  std::string unknown_name_;      // of the innermost, where no AVP has it; "" is a name, too
  bool has_unknown_name_ = false;
};

}  // namespace diamgw::jsonrpc
