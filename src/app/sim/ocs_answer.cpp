// The messages that the simulated server writes: CCA, RAR and ASR.
#include "app/sim/ocs.hpp"
#include "app/sim/ocs_session.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/messages/rfc6733.hpp"

namespace diamgw::sim {
namespace {

/// The AVP of that code, or, where there is none, what the dictionary says of it.
diameter::violation violation_at(const diameter::message_view& request, avp_code code) noexcept {
  diameter::violation v;
  if (const auto avp = request.find(code)) {
    v.offender = avp->octets();
  } else {
    v.definition = dictionary::embedded().find_avp(code, ietf_vendor);
  }
  return v;
}

}  // namespace

bytes_view ocs::encode(cc_result code) {
  const cc::credit_control_answer& answer = answer_.finish(code);
  scratch_.resize(answer.encoded_size());
  std::byte* const begin = scratch_.data();
  return {begin, answer.write_to(begin, begin + scratch_.size())};
}

bytes_view ocs::write_answer(const diameter::message_view& request, outcome o, bytes_view avps,
                             diameter::writer& out) {
  out.begin_message(diameter::answer_header(diameter::header_of(request),
                                            static_cast<diameter::result_code>(o.code)));
  out.encoded(avps);
  if (o.offender != avp_code{}) {
    diameter::write_failed_avp(out, violation_at(request, o.offender));
  }
  diameter::echo_proxy_info(out, request.avps());
  return out.finish();
}

bytes_view ocs::make_request(session_request what, std::string_view session_id,
                             hop_by_hop_id hop_by_hop, end_to_end_id end_to_end,
                             diameter::writer& out) const {
  const auto found = sessions_.find(session_id);
  if (found == sessions_.end() || !found->second.open) {
    return {};
  }
  const session& s = found->second;
  namespace base = messages::rfc6733;
  const auto write = [&](auto request) {
    request.session_id(session_id)
        .origin_host(options_.origin_host)
        .origin_realm(options_.origin_realm)
        .destination_realm(s.client_realm)
        .destination_host(s.client_host)
        .auth_application_id(credit_control_application.value);
    if (!s.user_name.empty()) {
      request.user_name(s.user_name);
    }
    return out.message(request);
  };
  if (what == session_request::abort) {
    return write(base::abort_session_request{.application = credit_control_application,
                                             .hop_by_hop = hop_by_hop,
                                             .end_to_end = end_to_end});
  }
  return write(base::re_auth_request{
      .application = credit_control_application, .hop_by_hop = hop_by_hop, .end_to_end = end_to_end}
                   .re_auth_request_type(base::re_auth_request_type::authorize_only));
}

}  // namespace diamgw::sim
