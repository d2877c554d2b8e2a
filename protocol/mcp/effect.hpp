// SPDX-License-Identifier: MIT
// What the session wants done. It does nothing itself: whoever drives it carries the effects out,
// in their order.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/json/value.hpp"
#include "protocol/mcp/owed.hpp"

#include <set>
#include <string>
#include <variant>
#include <vector>

namespace nats_mcp::mcp {

/// Write this line (without its line feed) to the client.
struct send_line {
  /// Empty = write nothing, the effect only settles.
  std::string line;
  /// The owed answers this line pays, or that nobody waits for any more.
  std::vector<jsonrpc::request_id> settles;
  /// The calls whose answers this line carries to the client; not a call whose answer was too long
  /// for it.
  std::vector<call_id> carries{};
  /// The calls whose answers were too long, and of which the line says so.
  std::vector<call_id> withholds{};
};

/// Remember that this request waits for its answer. Comes before anything is started for it.
struct owe {
  owed_answer answer;
};

/// Start a tool. Calls are to be dispatched in this order.
struct start_call {
  call_id call{};
  std::string tool;
  /// An object; not yet checked against the tool's schema.
  json::value arguments;
  /// The client can be shown progress.
  bool wants_progress = false;
};

/// Read a resource that is listed; answered with `session::on_resource`. Counts as a call.
struct read_resource {
  call_id call{};
  std::string uri;
};

/// From now on report changes of these resources, and of no others, with
/// `session::on_resource_changed`.
struct watch_resources {
  std::set<std::string> uris;
};

/// Nobody waits for this call any more: stop it. Its answer, if one still comes, is ignored.
struct cancel_call {
  call_id call{};
};

/// `session::checkpoint()` has changed.
struct save_state {};

using effect =
  std::variant<send_line, owe, start_call, read_resource, watch_resources, cancel_call, save_state>;

} // namespace nats_mcp::mcp
