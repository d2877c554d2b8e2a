// SPDX-License-Identifier: MIT
#include "protocol/mcp/open_batches.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::mcp {

std::uint64_t open_batches::open() {
  batches_.try_emplace(++last_);
  return last_;
}

void open_batches::expect(std::uint64_t batch, const jsonrpc::request_id& id) {
  auto& open = batches_.at(batch);
  ++open.awaited;
  auto& requests = open.content.requests;
  if (std::find(requests.begin(), requests.end(), id) == requests.end()) {
    requests.push_back(id);
  }
}

void open_batches::answer(std::uint64_t batch, std::string line) {
  --batches_.at(batch).awaited;
  refuse(batch, std::move(line));
}

void open_batches::carry(std::uint64_t batch, call_id call) {
  batches_.at(batch).content.calls.push_back(call);
}

void open_batches::refuse(std::uint64_t batch, std::string line) {
  auto& open = batches_.at(batch);
  open.bytes += line.size() + 1;
  open.content.answers.push_back(std::move(line));
}

void open_batches::withdraw(std::uint64_t batch, const jsonrpc::request_id& id) {
  auto& open = batches_.at(batch);
  --open.awaited;
  auto& requests = open.content.requests;
  requests.erase(std::remove(requests.begin(), requests.end(), id), requests.end());
}

void open_batches::seal(std::uint64_t batch) { batches_.at(batch).sealed = true; }

const std::vector<jsonrpc::request_id>& open_batches::requests(std::uint64_t batch) const {
  return batches_.at(batch).content.requests;
}

std::size_t open_batches::bytes(std::uint64_t batch) const { return batches_.at(batch).bytes; }

std::optional<complete_batch> open_batches::take_if_complete(std::uint64_t batch) {
  const auto found = batches_.find(batch);
  if (!found->second.sealed || found->second.awaited > 0) {
    return std::nullopt;
  }
  auto content = std::move(found->second.content);
  batches_.erase(found);
  return content;
}

} // namespace nats_mcp::mcp
