#include "jsonrpc/failure_path.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "jsonrpc/failure_sentence.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using role = container_role;

open_container in(role r, next_value next, std::uint32_t index = 0) {
  open_container c;
  c.role = r;
  c.next = next;
  c.index = index;
  return c;
}
/// Its next value is this AVP's.
open_container at(std::string_view avp) {
  open_container c = in(role::members, next_value::avp);
  c.place = default_place(*names().find_avp(avp));
  return c;
}
open_container at(avp_code code, vendor_id vendor) {
  open_container c = in(role::members, next_value::avp);
  c.place.code = code;
  c.place.vendor = vendor;
  return c;
}

TEST(FailurePath, NamesEachStepAsTheClientHasWrittenIt) {
  struct row {
    std::vector<open_container> open;  // after the bottom
    std::optional<std::string_view> key;
    std::string_view path;
  };
  constexpr std::nullopt_t none = std::nullopt;
  const row rows[] = {
      {{}, none, "params"},
      {{in(role::members, next_value::none)}, none, "params"},
      {{in(role::members, next_value::none)}, "Origin-Hst", "params.Origin-Hst"},
      {{in(role::members, next_value::none)}, "", R"(params."")"},
      {{at("Subscription-Id")}, "", R"(params."")"},
      {{at("Origin-Host")}, none, "params.Origin-Host"},
      {{at(avp_code{70000}, vendor_id{10})}, none, "params.10:70000"},
      {{at("Subscription-Id"), at("Subscription-Id-Data")},
       none,
       "params.Subscription-Id.Subscription-Id-Data"},
      {{at("Subscription-Id"), in(role::repeats, next_value::avp, 3)},
       none,
       "params.Subscription-Id[3]"},
      {{at("Subscription-Id"), in(role::repeats, next_value::avp, 3), at("Subscription-Id-Type")},
       none,
       "params.Subscription-Id[3].Subscription-Id-Type"},
      {{at("Subscription-Id")}, "other", "params.other"},
      {{in(role::members, next_value::avp_list), in(role::elements, next_value::element, 2),
        in(role::element, next_value::value)},
       none,
       "params.AVP[2].value"},
      {{in(role::elements, next_value::element), in(role::element, next_value::code)},
       none,
       "params[0].code"},
      {{in(role::elements, next_value::element), in(role::element, next_value::vendor)},
       none,
       "params[0].vendor"},
      {{in(role::elements, next_value::element), in(role::element, next_value::flags)},
       none,
       "params[0].flags"},
      {{in(role::elements, next_value::element), in(role::element, next_value::name)},
       none,
       "params[0].name"},
      {{at("Origin-Host"), in(role::wrapper, next_value::hex)}, none, "params.Origin-Host.hex"},
      {{at("Origin-Host"), in(role::wrapper, next_value::text)}, none, "params.Origin-Host.text"},
      {{in(role::members, next_value::timeout)}, none, "params.$timeout"},
      {{in(role::members, next_value::answer_form)}, none, "params.$form"},
      {{in(role::members, next_value::retransmitted)}, none, "params.$retransmitted"},
      {{in(role::members, next_value::application)}, none, "params.$application"},
  };
  for (const row& r : rows) {
    kept_stack<open_container> open{16};
    open.push() = {};
    for (const open_container& c : r.open) {
      open.push() = c;
    }
    failure_path path;
    path.write("params", open, r.key);
    EXPECT_EQ(path.text(), r.path);
  }
}

TEST(FailurePath, LeavesOutWhatIsTooLongOfAKey) {
  kept_stack<open_container> open{4};
  open.push() = {};
  open.push() = in(role::members, next_value::none);
  failure_path path;

  path.write("result", open, std::string(1000, 'k'));
  EXPECT_EQ(path.text(), "result." + std::string(max_quoted_octets, 'k'));

  path.clear();
  EXPECT_EQ(path.text(), "");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
