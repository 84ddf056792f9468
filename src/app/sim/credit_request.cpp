#include "app/sim/credit_request.hpp"

#include <array>
#include <utility>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

using diameter::avp_view;
namespace avps = diameter::avps;

/// Collects the first error; every reader below leaves its target alone after one.
class reader {
 public:
  [[nodiscard]] const request_error& error() const noexcept { return error_; }
  [[nodiscard]] bool failed() const noexcept { return error_.code != cc_result::success; }
  void fail(cc_result code, const avp_view& offender) noexcept {
    if (!failed()) {
      error_ = {code, offender, {}};
    }
  }
  void missing(avp_code code) noexcept {
    if (!failed()) {
      error_ = {cc_result::missing_avp, {}, code};
    }
  }

  std::uint32_t u32(const avp_view& avp) noexcept {
    if (avp.data.size() != 4) {
      fail(cc_result::invalid_avp_length, avp);
      return 0;
    }
    return load_be32(avp.data.data());
  }
  std::uint64_t u64(const avp_view& avp) noexcept {
    if (avp.data.size() != 8) {
      fail(cc_result::invalid_avp_length, avp);
      return 0;
    }
    return load_be64(avp.data.data());
  }
  /// Calls `each` with every AVP of the group that the IETF defines.
  template <class Each>
  void group(const avp_view& avp, Each each) noexcept {
    const auto range = diameter::check_avps(avp.data);
    if (!range) {
      fail(cc_result::invalid_avp_length, avp);
      return;
    }
    for (const avp_view member : *range) {
      if (member.vendor == ietf_vendor) {
        each(member);
      }
    }
  }

  std::uint64_t money(const avp_view& avp) noexcept;
  service_units units(const avp_view& avp) noexcept;
  service_request service(const avp_view& avp) noexcept;
  std::string_view subscriber(const avp_view& avp) noexcept;

 private:
  request_error error_;
};

/// CC-Money holds Unit-Value { Value-Digits, [Exponent] } (§8.22, §8.8): digits × 10^exponent.
std::uint64_t reader::money(const avp_view& avp) noexcept {
  std::int64_t digits = 0;
  std::int32_t exponent = 0;
  group(avp, [&](const avp_view& value) {
    if (value.code == cc::unit_value) {
      group(value, [&](const avp_view& part) {
        if (part.code == cc::value_digits) {
          digits = static_cast<std::int64_t>(u64(part));
        } else if (part.code == cc::exponent) {
          exponent = static_cast<std::int32_t>(u32(part));
        }
      });
    }
  });
  if (digits < 0) {
    fail(cc_result::invalid_avp_value, avp);
    return 0;
  }
  auto amount = static_cast<std::uint64_t>(digits);
  for (; exponent > 0 && amount != 0 && amount != UINT64_MAX; --exponent) {
    amount = multiply_credit(amount, 10);
  }
  for (; exponent < 0 && amount > 1; ++exponent) {
    amount = amount / 10 + (amount % 10 != 0 ? 1 : 0);
  }
  return amount;
}

service_units reader::units(const avp_view& avp) noexcept {
  service_units found;
  group(avp, [&](const avp_view& member) {
    if (member.code == cc::time) {
      found.seconds = u32(member);
    } else if (member.code == cc::money) {
      found.money = money(member);
    } else if (member.code == cc::total_octets) {
      found.total_octets = u64(member);
    } else if (member.code == cc::input_octets) {
      found.input_octets = u64(member);
    } else if (member.code == cc::output_octets) {
      found.output_octets = u64(member);
    } else if (member.code == cc::service_specific_units) {
      found.service_specific = u64(member);
    }
  });
  return found;
}

void add_used(std::optional<service_units>& used, const service_units& more) noexcept {
  used = used ? sum_of(*used, more) : more;
}

service_request reader::service(const avp_view& avp) noexcept {
  service_request found;
  group(avp, [&](const avp_view& member) {
    if (member.code == cc::rating_group) {
      found.key.rating_group = u32(member);
    } else if (member.code == cc::service_identifier && !found.key.service_identifier) {
      found.key.service_identifier = u32(member);
    } else if (member.code == cc::requested_service_unit) {
      found.requested = units(member);
    } else if (member.code == cc::used_service_unit) {
      add_used(found.used, units(member));
    }
  });
  return found;
}

/// Subscription-Id { Type, Data } (§8.46) or Subscription-Id-Extension with one AVP (§8.58).
std::string_view reader::subscriber(const avp_view& avp) noexcept {
  std::string_view found;
  const bool extension = avp.code == cc::subscription_id_extension;
  group(avp, [&](const avp_view& member) {
    const bool is_data = extension ? member.code >= cc::subscription_id_e164 &&
                                         member.code <= cc::subscription_id_private
                                   : member.code == cc::subscription_id_data;
    if (is_data && found.empty()) {
      found = as_text(member.data);
    }
  });
  return found;
}

service_request& session_units(credit_request& request) noexcept {
  return request.session ? *request.session : request.session.emplace();
}

/// AVPs that a request of any type must have (§3.1), as they are found.
struct presence {
  bool session_id = false;
  bool application = false;
  bool context = false;
  bool type = false;
  bool number = false;
};

void read_type(reader& in, const avp_view& avp, credit_request& out) noexcept {
  const std::uint32_t type = in.u32(avp);
  if (type < 1 || type > 4) {
    in.fail(cc_result::invalid_avp_value, avp);
    return;
  }
  out.type = static_cast<request_type>(type);
}

void read_action(reader& in, const avp_view& avp, credit_request& out) noexcept {
  const std::uint32_t action = in.u32(avp);
  if (action > 3) {
    in.fail(cc_result::invalid_avp_value, avp);
    return;
  }
  out.action = static_cast<requested_action>(action);
}

void read_service(reader& in, const avp_view& avp, credit_request& out) noexcept {
  if (out.services.size() == out.services.capacity()) {
    in.fail(cc_result::resources_exceeded, avp);
    return;
  }
  out.services.push_back(in.service(avp));
}

void read_base_avp(const avp_view& avp, credit_request& out, presence& has) noexcept {
  if (avp.code == avps::session_id) {
    out.session_id = as_text(avp.data);
    has.session_id = !avp.data.empty();
  } else if (avp.code == avps::origin_host) {
    out.origin_host = as_text(avp.data);
  } else if (avp.code == avps::origin_realm) {
    out.origin_realm = as_text(avp.data);
  } else if (avp.code == avps::user_name) {
    out.user_name = as_text(avp.data);
  } else if (avp.code == avps::auth_application_id) {
    has.application = true;
  } else if (avp.code == cc::service_context_id) {
    has.context = true;
  }
}

void read_avp(reader& in, const avp_view& avp, credit_request& out, presence& has) noexcept {
  if (avp.code == cc::request_type_avp) {
    read_type(in, avp, out);
    has.type = true;
  } else if (avp.code == cc::request_number) {
    out.number = in.u32(avp);
    has.number = true;
  } else if (avp.code == cc::requested_action_avp) {
    read_action(in, avp, out);
  } else if (avp.code == cc::requested_service_unit) {
    session_units(out).requested = in.units(avp);
  } else if (avp.code == cc::used_service_unit) {
    add_used(session_units(out).used, in.units(avp));
  } else if (avp.code == cc::multiple_services_credit_control) {
    read_service(in, avp, out);
  } else if (avp.code == cc::subscription_id || avp.code == cc::subscription_id_extension) {
    const std::string_view subscriber = in.subscriber(avp);
    if (out.subscriber.empty()) {
      out.subscriber = subscriber;
    }
  } else {
    read_base_avp(avp, out, has);
  }
}

}  // namespace

result<credit_request, request_error> decode_credit_request(
    const diameter::message_view& request) noexcept {
  reader in;
  credit_request out;
  presence has;
  for (const avp_view avp : request.avps()) {
    if (avp.vendor == ietf_vendor) {
      read_avp(in, avp, out, has);
    }
  }
  // §3.1: < Session-Id >, { Auth-Application-Id }, { Service-Context-Id }, { CC-Request-Type } and
  // { CC-Request-Number } are required; §8.41: Requested-Action in every event request.
  const std::array<std::pair<bool, avp_code>, 6> required{{
      {has.session_id, avps::session_id},
      {has.application, avps::auth_application_id},
      {has.context, cc::service_context_id},
      {has.type, cc::request_type_avp},
      {has.number, cc::request_number},
      {out.type != request_type::event || out.action.has_value(), cc::requested_action_avp},
  }};
  for (const auto& [present, code] : required) {
    if (!present) {
      in.missing(code);
    }
  }
  if (in.failed()) {
    return in.error();
  }
  if (out.subscriber.empty()) {
    out.subscriber = out.user_name;
  }
  return out;
}

}  // namespace diamgw::sim
