// SPDX-License-Identifier: MIT
// What an offerer hands to the coordinators instead of a queue (docs/wire.md, "Coordinator"): an
// item that is to be given to one worker after another. The only place that writes and reads it.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/work/work_item.hpp"

#include <string>
#include <string_view>

namespace nats_mcp::coordination {

struct assignment_request {
  /// As its offerer wrote it; nobody's yet.
  work::work_item item;
  /// The GUID of the agent that gets it if it can; empty: whoever the coordinator chooses.
  std::string preferred_worker;

  friend bool operator==(const assignment_request&, const assignment_request&) = default;
};

/// The message that stores a request, under the item's id: sent twice, it is stored once.
[[nodiscard]] jetstream::publish request_message(const assignment_request& request);

/// Reads one. The scope is the subject's word, and nothing in the payload makes it somebody's.
/// @returns `ec::malformed`.
[[nodiscard]] result<assignment_request> read_request(std::string_view subject,
                                                      std::string_view payload);

} // namespace nats_mcp::coordination
