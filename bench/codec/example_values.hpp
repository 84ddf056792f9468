// What the messages of the bench say.
#pragma once
#include "codec/base_floor.hpp"
#include "codec/credit_floor.hpp"
#include "codec/subscriber_floor.hpp"

namespace diamgw::bench {

inline constexpr cer_values example_cer{.hop_by_hop = 7,
                                        .end_to_end = 8,
                                        .origin_host = "gateway.example",
                                        .origin_realm = "example",
                                        .ipv4 = 0x7f000001,
                                        .vendor_id = 0,
                                        .product_name = "diamgw",
                                        .origin_state_id = 1700000000,
                                        .auth_application_id = 4,
                                        .firmware_revision = 1};

inline constexpr cea_values example_cea{.hop_by_hop = 7,
                                        .end_to_end = 8,
                                        .result_code = 2001,
                                        .origin_host = "hss1.epc.example",
                                        .origin_realm = "epc.example",
                                        .ipv4 = 0xc0000201,
                                        .vendor_id = 10415,
                                        .product_name = "home subscriber server",
                                        .origin_state_id = 1700000001,
                                        .supported_vendor_id = 10415,
                                        .auth_application_id = 0xffffffff,
                                        .application_vendor_id = 10415,
                                        .vendor_auth_application_id = 16777251,
                                        .firmware_revision = 12};

inline constexpr dwr_values example_dwr{.hop_by_hop = 7,
                                        .end_to_end = 8,
                                        .origin_host = "gateway.example",
                                        .origin_realm = "example",
                                        .origin_state_id = 1700000000};

inline constexpr acr_values example_acr{.hop_by_hop = 7,
                                        .end_to_end = 8,
                                        .session_id = "gateway.example;1700000000;4711",
                                        .origin_host = "gateway.example",
                                        .origin_realm = "example",
                                        .destination_realm = "cdf.example",
                                        .record_type = 2,
                                        .record_number = 0,
                                        .acct_application_id = 3,
                                        .user_name = "sip:alice@ims.example",
                                        .destination_host = "cdf1.cdf.example",
                                        .sub_session_id = 17,
                                        .interim_interval = 300,
                                        .origin_state_id = 1700000000,
                                        .event_timestamp = 0xe8ccf080};

inline constexpr ccr_values example_ccr{
    .hop_by_hop = 7,
    .end_to_end = 8,
    .session_id = "gateway.example;1700000000;1",
    .origin_host = "gateway.example",
    .origin_realm = "example",
    .destination_realm = "ocs.example",
    .auth_application_id = 4,
    .service_context_id = "32251@3gpp.org",
    .request_type = 1,
    .request_number = 0,
    .destination_host = "ocs1.ocs.example",
    .user_name = "alice@example",
    .origin_state_id = 1700000000,
    .event_timestamp = 0xe8ccf080,
    .subscriptions = {subscription_values{0, "491701234567"},
                      subscription_values{1, "262011234567890"}},
    .multiple_services_indicator = 1,
    .services = {service_values{5000000, 1, 10}, service_values{100000, 2, 20}}};

inline constexpr ulr_values example_ulr{.hop_by_hop = 7,
                                        .end_to_end = 8,
                                        .session_id = "mme1.epc.example;1700000000;815",
                                        .auth_session_state = 1,
                                        .origin_host = "mme1.epc.example",
                                        .origin_realm = "epc.example",
                                        .destination_host = "hss1.epc.example",
                                        .destination_realm = "epc.example",
                                        .user_name = "262011234567890",
                                        .rat_type = 1004,
                                        .ulr_flags = 34,
                                        .visited_plmn_id = "\x62\xf2\x10"};

inline constexpr apn_values example_apn(std::uint32_t context, std::string_view name,
                                        std::uint32_t qos_class) {
  return {.context = context,
          .pdn_type = 2,
          .name = name,
          .qos_class = qos_class,
          .priority_level = 8,
          .pre_emption_capability = 1,
          .pre_emption_vulnerability = 0,
          .bandwidth = {50000000, 100000000}};
}

inline constexpr ula_values example_ula{
    .hop_by_hop = 7,
    .end_to_end = 8,
    .session_id = "mme1.epc.example;1700000000;815",
    .result_code = 2001,
    .auth_session_state = 1,
    .origin_host = "hss1.epc.example",
    .origin_realm = "epc.example",
    .ula_flags = 1,
    .subscriber_status = 0,
    .msisdn = "\x94\x71\x10\x32\x54\xf6",
    .network_access_mode = 2,
    .access_restriction_data = 32,
    .bandwidth = {100000000, 300000000},
    .default_context = 1,
    .all_apns_included = 0,
    .apns = {example_apn(1, "internet", 9), example_apn(2, "ims", 5), example_apn(3, "mms", 8),
             example_apn(4, "sos", 5), example_apn(5, "corporate.example", 7)}};

}  // namespace diamgw::bench
