// SPDX-License-Identifier: MIT
// JSON-RPC batches (MCP 2025-03-26 only) whose answers are not complete: all answers of a batch
// leave in one array, when the last one is there.
#pragma once

#include "protocol/identifiers.hpp"
#include "protocol/jsonrpc/request_id.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::mcp {

/// A batch with nothing left to wait for.
struct complete_batch {
  /// Empty when there is nothing to answer: no line is written then, not even `[]`.
  std::vector<std::string> answers;
  /// The requests among its members, without those that were withdrawn.
  std::vector<jsonrpc::request_id> requests;
  /// The tool calls that were answered.
  std::vector<call_id> calls;
};

class open_batches {
public:
  /// Begins a batch; it stays open at least until `seal`. Numbers start at 1.
  [[nodiscard]] std::uint64_t open();

  /// A request of the batch: one more answer to wait for.
  void expect(std::uint64_t batch, const jsonrpc::request_id& id);

  /// The answer to an expected request.
  void answer(std::uint64_t batch, std::string line);

  /// The next answer is that of a tool call.
  void carry(std::uint64_t batch, call_id call);

  /// The answer to a member that was not expected: it is no request, or may not be one.
  void refuse(std::uint64_t batch, std::string line);

  /// The request was withdrawn: no answer will come.
  void withdraw(std::uint64_t batch, const jsonrpc::request_id& id);

  /// All members were looked at.
  void seal(std::uint64_t batch);

  /// The requests that were expected and not withdrawn.
  [[nodiscard]] const std::vector<jsonrpc::request_id>& requests(std::uint64_t batch) const;

  /// Bytes of the answers so far.
  [[nodiscard]] std::size_t bytes(std::uint64_t batch) const;

  /// Takes the batch out if it is sealed and no answer is missing.
  [[nodiscard]] std::optional<complete_batch> take_if_complete(std::uint64_t batch);

private:
  struct open_batch {
    complete_batch content;
    std::size_t awaited = 0;
    std::size_t bytes = 0;
    bool sealed = false;
  };

  std::map<std::uint64_t, open_batch> batches_;
  std::uint64_t last_ = 0;
};

} // namespace nats_mcp::mcp
