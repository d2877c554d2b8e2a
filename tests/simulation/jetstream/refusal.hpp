// SPDX-License-Identifier: MIT
// An error as JetStream answers it: the numbers and words our own code decides by.
#pragma once

#include "protocol/json/value.hpp"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace nats_mcp::simulation {

struct refusal {
  /// The class of the failure, such as 404.
  int status = 0;
  /// `err_code`, such as 10059.
  int number = 0;
  std::string description;
};

template <class T>
using granted = tl::expected<T, refusal>;

[[nodiscard]] inline tl::unexpected<refusal> refuse(int status, int number,
                                                    std::string description) {
  return tl::make_unexpected(refusal{status, number, std::move(description)});
}

/// The `error` member of an answer.
[[nodiscard]] inline json::value to_json(const refusal& why) {
  return {{"code", why.status}, {"err_code", why.number}, {"description", why.description}};
}

} // namespace nats_mcp::simulation
