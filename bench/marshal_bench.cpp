// Marshal and unmarshal of CER, DWR and CCR: the generated types, beside code written by hand for
// the one message (the floor), and memcpy of the same octets. Every row demands 0 allocations.
//
//   marshal    values -> octets
//   unmarshal  octets -> checked view -> every value read, groups entered
#include <benchmark/benchmark.h>

#include <array>
#include <cstring>
#include <string>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/diameter/check.hpp"
#include "diamgw/messages/rfc6733.hpp"
#include "diamgw/messages/rfc8506.hpp"
#include "marshal_floor.hpp"

namespace diamgw::bench {
namespace {

namespace m6733 = messages::rfc6733;
namespace m8506 = messages::rfc8506;

constexpr std::size_t room_octets = 1024;
constexpr hop_by_hop_id hop_by_hop{7};
constexpr end_to_end_id end_to_end{8};
constexpr std::array<std::byte, 4> local_address{std::byte{127}, {}, {}, std::byte{1}};

const cer_values cer{.origin_host = "gateway.example",
                     .origin_realm = "example",
                     .ipv4 = 0x7f000001,
                     .vendor_id = 0,
                     .product_name = "diamgw",
                     .origin_state_id = 1700000000,
                     .auth_application_id = 4,
                     .firmware_revision = 1};
const dwr_values dwr{
    .origin_host = "gateway.example", .origin_realm = "example", .origin_state_id = 1700000000};
const ccr_values ccr{.session_id = "gateway.example;1700000000;1",
                     .origin_host = "gateway.example",
                     .origin_realm = "example",
                     .destination_realm = "ocs.example",
                     .auth_application_id = 4,
                     .service_context_id = "32251@3gpp.org",
                     .request_type = 1,
                     .request_number = 0,
                     .subscription_type = 0,
                     .subscription_data = "491701234567",
                     .total_octets = 100000,
                     .rating_group = 10};

// The generated types, filled from the same values each time: what a handler does.

std::size_t encode_generated(const cer_values& v, mutable_bytes out) {
  const diameter::address address{1, local_address};
  m6733::capabilities_exchange_request request;
  request.hop_by_hop = hop_by_hop;
  request.end_to_end = end_to_end;
  request.origin_host = v.origin_host;
  request.origin_realm = v.origin_realm;
  request.host_ip_address = {&address, 1};
  request.vendor_id = v.vendor_id;
  request.product_name = v.product_name;
  request.origin_state_id = v.origin_state_id;
  request.auth_application_id = {&v.auth_application_id, 1};
  request.firmware_revision = v.firmware_revision;
  return request.encode_to(out);
}

std::size_t encode_generated(const dwr_values& v, mutable_bytes out) {
  m6733::device_watchdog_request request;
  request.hop_by_hop = hop_by_hop;
  request.end_to_end = end_to_end;
  request.origin_host = v.origin_host;
  request.origin_realm = v.origin_realm;
  request.origin_state_id = v.origin_state_id;
  return request.encode_to(out);
}

std::size_t encode_generated(const ccr_values& v, mutable_bytes out) {
  const m8506::subscription_id subscription{
      static_cast<m8506::subscription_id_type>(v.subscription_type), v.subscription_data};
  m8506::multiple_services_credit_control service;
  service.requested_service_unit.emplace().cc_total_octets = v.total_octets;
  service.rating_group = v.rating_group;
  m8506::credit_control_request request;
  request.hop_by_hop = hop_by_hop;
  request.end_to_end = end_to_end;
  request.session_id = v.session_id;
  request.origin_host = v.origin_host;
  request.origin_realm = v.origin_realm;
  request.destination_realm = v.destination_realm;
  request.auth_application_id = v.auth_application_id;
  request.service_context_id = v.service_context_id;
  request.cc_request_type = static_cast<m8506::cc_request_type>(v.request_type);
  request.cc_request_number = v.request_number;
  request.subscription_id = {&subscription, 1};
  request.multiple_services_credit_control = {&service, 1};
  return request.encode_to(out);
}

bool decode_generated(bytes_view octets, cer_values& v) {
  const auto checked = diameter::check_message(octets);
  if (!checked) {
    return false;
  }
  const auto view = m6733::capabilities_exchange_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.ipv4 = load_be32(view->host_ip_address().front().octets.data());
  v.vendor_id = view->vendor_id();
  v.product_name = view->product_name();
  v.origin_state_id = *view->origin_state_id();
  v.auth_application_id = view->auth_application_id().front();
  v.firmware_revision = *view->firmware_revision();
  return true;
}

bool decode_generated(bytes_view octets, dwr_values& v) {
  const auto checked = diameter::check_message(octets);
  if (!checked) {
    return false;
  }
  const auto view = m6733::device_watchdog_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.origin_state_id = *view->origin_state_id();
  return true;
}

bool decode_generated(bytes_view octets, ccr_values& v) {
  const auto checked = diameter::check_message(octets);
  if (!checked) {
    return false;
  }
  const auto view = m8506::credit_control_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.session_id = view->session_id();
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.destination_realm = view->destination_realm();
  v.auth_application_id = view->auth_application_id();
  v.service_context_id = view->service_context_id();
  v.request_type = static_cast<std::uint32_t>(view->cc_request_type());
  v.request_number = view->cc_request_number();
  const auto subscription = view->subscription_id().front().decode();
  const auto service = view->multiple_services_credit_control().front().decode();
  if (!subscription || !service) {
    return false;
  }
  v.subscription_type = static_cast<std::uint32_t>(subscription->subscription_id_type());
  v.subscription_data = subscription->subscription_id_data();
  const auto units = service->requested_service_unit()->decode();
  if (!units) {
    return false;
  }
  v.total_octets = *units->cc_total_octets();
  v.rating_group = *service->rating_group();
  return true;
}

/// Counts allocations of the measured loop, and states that there may be none.
class allocations {
 public:
  explicit allocations(benchmark::State& state)
      : state_{state}, before_{thread_allocations().calls} {}
  void report() {
    const auto calls = static_cast<double>(thread_allocations().calls - before_);
    state_.counters["allocations"] = calls / static_cast<double>(state_.iterations());
    state_.counters["max_allocations"] = 0;
  }

 private:
  benchmark::State& state_;
  std::uint64_t before_;
};

template <class Values, class Encode>
void run_marshal(benchmark::State& state, const Values& values, Encode encode) {
  std::array<std::byte, room_octets> out{};
  Values v = values;
  std::size_t size = 0;
  allocations counted{state};
  for (auto _ : state) {
    benchmark::DoNotOptimize(v);
    size = encode(v, out);
    benchmark::DoNotOptimize(out);
  }
  counted.report();
  state.counters["octets"] = static_cast<double>(size);
}

template <class Values, class Decode>
void run_unmarshal(benchmark::State& state, const Values& values, Decode decode) {
  std::array<std::byte, room_octets> in{};
  const std::size_t size = by_hand::encode(values, in);
  allocations counted{state};
  for (auto _ : state) {
    benchmark::DoNotOptimize(in);
    Values v;
    if (!decode(bytes_view{in.data(), size}, v)) {
      state.SkipWithError("the message was refused");
    }
    benchmark::DoNotOptimize(v);
  }
  counted.report();
  state.counters["octets"] = static_cast<double>(size);
}

template <class Values>
void run_memcpy(benchmark::State& state, const Values& values) {
  std::array<std::byte, room_octets> in{};
  std::array<std::byte, room_octets> out{};
  std::size_t size = by_hand::encode(values, in);
  allocations counted{state};
  for (auto _ : state) {
    benchmark::DoNotOptimize(in);
    benchmark::DoNotOptimize(size);
    std::memcpy(out.data(), in.data(), size);
    benchmark::DoNotOptimize(out);
  }
  counted.report();
  state.counters["octets"] = static_cast<double>(size);
}

/// Nothing is compared that does not give the same octets.
template <class Values>
void require_same(const char* name, const Values& values) {
  std::array<std::byte, room_octets> a{};
  std::array<std::byte, room_octets> b{};
  const std::size_t generated = encode_generated(values, a);
  const std::size_t floor = by_hand::encode(values, b);
  if (generated != floor || a != b) {
    std::fprintf(stderr, "%s: generated and hand-written octets differ\n", name);
    std::exit(1);
  }
}

template <class Values>
void add_rows(const std::string& name, const Values& values) {
  require_same(name.c_str(), values);
  const auto add = [](const std::string& row, auto run) {
    benchmark::RegisterBenchmark(row.c_str(), run);
  };
  const std::string marshal = "marshal/" + name;
  const std::string unmarshal = "unmarshal/" + name;
  add(marshal + "/generated", [&values](benchmark::State& s) {
    run_marshal(s, values, [](const Values& v, mutable_bytes o) { return encode_generated(v, o); });
  });
  add(marshal + "/floor", [&values](benchmark::State& s) {
    run_marshal(s, values, [](const Values& v, mutable_bytes o) { return by_hand::encode(v, o); });
  });
  add(marshal + "/memcpy", [&values](benchmark::State& s) { run_memcpy(s, values); });
  add(unmarshal + "/generated", [&values](benchmark::State& s) {
    run_unmarshal(s, values, [](bytes_view o, Values& v) { return decode_generated(o, v); });
  });
  add(unmarshal + "/floor", [&values](benchmark::State& s) {
    run_unmarshal(s, values, [](bytes_view o, Values& v) { return by_hand::decode(o, v); });
  });
  add(unmarshal + "/memcpy", [&values](benchmark::State& s) { run_memcpy(s, values); });
}

}  // namespace
}  // namespace diamgw::bench

int main(int argc, char** argv) {
  if (!diamgw::allocation_counting_works()) {
    std::fputs("allocations are not counted in this build\n", stderr);
    return 1;
  }
  benchmark::Initialize(&argc, argv);
  diamgw::bench::add_rows("CER", diamgw::bench::cer);
  diamgw::bench::add_rows("DWR", diamgw::bench::dwr);
  diamgw::bench::add_rows("CCR", diamgw::bench::ccr);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
