// SPDX-License-Identifier: MIT
#include "protocol/error.hpp"

namespace nats_mcp {

std::string_view to_string(ec code) noexcept {
  switch (code) {
    case ec::none:
      return "none";
    case ec::invalid_argument:
      return "invalid_argument";
    case ec::malformed:
      return "malformed";
    case ec::not_found:
      return "not_found";
    case ec::conflict:
      return "conflict";
    case ec::limit_exceeded:
      return "limit_exceeded";
    case ec::busy:
      return "busy";
    case ec::nats_unreachable:
      return "nats_unreachable";
    case ec::jetstream_disabled:
      return "jetstream_disabled";
    case ec::authentication_failed:
      return "authentication_failed";
    case ec::tls_failed:
      return "tls_failed";
    case ec::permission_denied:
      return "permission_denied";
    case ec::timeout:
      return "timeout";
    case ec::unknown_outcome:
      return "unknown_outcome";
    case ec::jetstream_error:
      return "jetstream_error";
    case ec::configuration_invalid:
      return "configuration_invalid";
    case ec::unavailable:
      return "unavailable";
    case ec::crashed:
      return "crashed";
    case ec::cancelled:
      return "cancelled";
    case ec::system_error:
      return "system_error";
  }
  return "none";
}

bool ran_out_of_time(const error& why) noexcept {
  return why.code == ec::timeout || why.code == ec::nats_unreachable
         || why.code == ec::unknown_outcome;
}

} // namespace nats_mcp
