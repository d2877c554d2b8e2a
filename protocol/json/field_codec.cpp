// SPDX-License-Identifier: MIT
#include "protocol/json/field_codec.hpp"

#include "protocol/time.hpp"

namespace nats_mcp::json {

void field_codec<std::chrono::milliseconds>::describe(field_description& field) {
  field.type = field.rules.duration == duration_form::text ? field_type::duration_text
                                                           : field_type::milliseconds;
}

bool field_codec<std::chrono::milliseconds>::decode(const value& given,
                                                    const check_context& context,
                                                    std::chrono::milliseconds& into) {
  const auto taken = checked_duration(given, context);
  into = taken.value_or(into);
  return taken.has_value();
}

value field_codec<std::chrono::milliseconds>::encode(std::chrono::milliseconds member,
                                                     const field_description& field) {
  if (field.type == field_type::duration_text) {
    return to_text(member);
  }
  return member.count();
}

} // namespace nats_mcp::json
