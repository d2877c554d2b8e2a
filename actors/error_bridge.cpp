// SPDX-License-Identifier: MIT
#include "actors/error_bridge.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace nats_mcp {

caf::error to_caf(const error& failure) {
  if (failure.code == ec::none) {
    return {};
  }
  return caf::make_error(failure.code, failure.message, failure.jetstream_code);
}

caf::error crash_to_caf(std::string what) { return caf::make_error(ec::crashed, std::move(what)); }

const std::string* crash_text(const caf::error& failure) {
  const bool crashed = failure == ec::crashed && failure.context().match_elements<std::string>();
  return crashed ? &failure.context().get_as<std::string>(0) : nullptr;
}

error from_caf(const caf::error& failure, std::string_view part) {
  if (!failure) {
    return {};
  }
  if (const auto* what = crash_text(failure)) {
    return {ec::crashed,
            "The part \"" + std::string{part}
              + "\" of this server failed while it handled this request (" + *what
              + ") and is being restarted. Whether it took effect is not known.",
            0};
  }
  if (failure.category() == caf::detail::error_factory<ec>::category) {
    error out{static_cast<ec>(failure.code()), {}, 0};
    if (failure.context().match_elements<std::string, int>()) {
      out.message = failure.context().get_as<std::string>(0);
      out.jetstream_code = failure.context().get_as<int>(1);
    }
    return out;
  }
  // What CAF itself answers: the receiver was down already, or went down with the request in its
  // mailbox.
  return {ec::unavailable,
          "The part \"" + std::string{part}
            + "\" of this server stopped before it answered and is being restarted. Try again.",
          0};
}

} // namespace nats_mcp
