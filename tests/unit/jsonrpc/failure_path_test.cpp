#include "jsonrpc/failure_path.hpp"

#include <gtest/gtest.h>

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
    std::string_view key;
    std::string_view path;
  };
  const row rows[] = {
      {{}, "", "params"},
      {{in(role::members, next_value::none)}, "", "params"},
      {{in(role::members, next_value::none)}, "Origin-Hst", "params.Origin-Hst"},
      {{at("Origin-Host")}, "", "params.Origin-Host"},
      {{at(avp_code{70000}, vendor_id{10})}, "", "params.10:70000"},
      {{at("Subscription-Id"), at("Subscription-Id-Data")},
       "",
       "params.Subscription-Id.Subscription-Id-Data"},
      {{at("Subscription-Id"), in(role::repeats, next_value::avp, 3)},
       "",
       "params.Subscription-Id[3]"},
      {{at("Subscription-Id"), in(role::repeats, next_value::avp, 3), at("Subscription-Id-Type")},
       "",
       "params.Subscription-Id[3].Subscription-Id-Type"},
      {{at("Subscription-Id")}, "other", "params.other"},
      {{in(role::members, next_value::avp_list), in(role::elements, next_value::element, 2),
        in(role::element, next_value::value)},
       "",
       "params.AVP[2].value"},
      {{in(role::elements, next_value::element), in(role::element, next_value::code)},
       "",
       "params[0].code"},
      {{in(role::elements, next_value::element), in(role::element, next_value::vendor)},
       "",
       "params[0].vendor"},
      {{in(role::elements, next_value::element), in(role::element, next_value::flags)},
       "",
       "params[0].flags"},
      {{in(role::elements, next_value::element), in(role::element, next_value::name)},
       "",
       "params[0].name"},
      {{at("Origin-Host"), in(role::wrapper, next_value::hex)}, "", "params.Origin-Host.hex"},
      {{at("Origin-Host"), in(role::wrapper, next_value::text)}, "", "params.Origin-Host.text"},
      {{in(role::members, next_value::timeout)}, "", "params.$timeout"},
      {{in(role::members, next_value::answer_form)}, "", "params.$form"},
      {{in(role::members, next_value::retransmitted)}, "", "params.$retransmitted"},
      {{in(role::members, next_value::application)}, "", "params.$application"},
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
