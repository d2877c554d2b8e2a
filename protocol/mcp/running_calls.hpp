// SPDX-License-Identifier: MIT
// The tool calls of one client that have no answer yet: found by their number when something comes
// back and by their request's id when the client withdraws. The bound is the session's to keep.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jsonrpc/request_id.hpp"
#include "protocol/mcp/owed.hpp"
#include "protocol/mcp/types.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace nats_mcp::mcp {

/// One call and where its answer goes.
struct running_call {
  owed_answer to;
  /// Empty: a resource is read.
  std::string tool;
  /// The resource, if one is read.
  std::string resource;
  /// Present = the client wants progress under this token.
  std::optional<jsonrpc::request_id> progress_token;
  /// The last report that was passed on.
  std::optional<double> last_progress;
  monotonic_time last_report{};

  /// Whether this report is passed on: wanted, greater than the last one and not too soon after it
  /// (MCP, progress). Remembers it if so.
  [[nodiscard]] bool admits(const progress_report& report, monotonic_time now);
};

class running_calls {
public:
  void add(call_id call, running_call running);

  /// The call, or null when it is unknown, answered or withdrawn.
  [[nodiscard]] running_call* find(call_id call);

  /// The number of the call that answers this request.
  [[nodiscard]] std::optional<call_id> number_of(const jsonrpc::request_id& id) const;

  /// Takes the call out; nothing when it is not there.
  [[nodiscard]] std::optional<running_call> take(call_id call);

  /// The call that has run longest.
  [[nodiscard]] std::optional<call_id> oldest() const;

  [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }

private:
  /// Ordered: at the end of a session calls are answered in the order in which they came.
  std::map<call_id, running_call> calls_;
  std::unordered_map<jsonrpc::request_id, call_id> by_request_;
};

} // namespace nats_mcp::mcp
