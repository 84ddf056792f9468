#include "messages.hpp"

namespace diamgw::codegen {

generated_code write_messages(const dictionary::dictionary& names, std::string_view name,
                              error_answer answer) {
  const layout l = make_layout(names, name, answer == error_answer::present);
  return {write_avps_header(l), write_groups_header(l), write_header(l), write_source(l),
          !write_commands(l).empty()};
}

}  // namespace diamgw::codegen
