// SPDX-License-Identifier: MIT
#include "protocol/supervision/child_policy.hpp"

namespace nats_mcp::supervision {

std::string_view to_string(restart value) noexcept {
  switch (value) {
    case restart::permanent:
      return "permanent";
    case restart::transient:
      return "transient";
    case restart::temporary:
      return "temporary";
  }
  return "permanent";
}

std::string_view to_string(strategy value) noexcept {
  switch (value) {
    case strategy::one_for_one:
      return "one_for_one";
    case strategy::rest_for_one:
      return "rest_for_one";
  }
  return "one_for_one";
}

std::string_view to_string(ending value) noexcept {
  switch (value) {
    case ending::normal:
      return "normal";
    case ending::abnormal:
      return "abnormal";
  }
  return "abnormal";
}

child_range restart_set(strategy rule, std::size_t failed, std::size_t count) noexcept {
  return {failed, rule == strategy::rest_for_one ? count : failed + 1};
}

} // namespace nats_mcp::supervision
