// SPDX-License-Identifier: MIT
#include "protocol/mcp/owed.hpp"

#include "protocol/jsonrpc/encoding.hpp"
#include "protocol/jsonrpc/message.hpp"
#include "protocol/mcp/era.hpp"

#include <exception>
#include <map>

namespace nats_mcp::mcp {

namespace {

constexpr std::string_view crash_sentence =
  "The part of this server that speaks with the client failed while this request was in its hands "
  "and was restarted. Whether the request took effect is unknown: look before you repeat it.";

constexpr std::string_view end_sentence =
  "This server is shutting down and did not begin this request, so nothing happened.";

void collect(const jsonrpc::request& request, std::optional<std::uint64_t> batch,
             std::vector<owed_answer>& owed) {
  owed.push_back({request.id, era_of(request.params), batch});
}

void collect(const jsonrpc::invalid& refused, std::optional<std::uint64_t> batch,
             std::vector<owed_answer>& owed) {
  if (refused.id) {
    owed.push_back({*refused.id, era::legacy, batch});
  }
}

void collect(const jsonrpc::notification&, std::optional<std::uint64_t>,
             std::vector<owed_answer>&) {
  // nop
}

void collect(const jsonrpc::response&, std::optional<std::uint64_t>, std::vector<owed_answer>&) {
  // nop
}

void collect(const jsonrpc::batch& batch, std::optional<std::uint64_t>,
             std::vector<owed_answer>& owed) {
  for (const auto& member : batch.members) {
    std::visit([&](const auto& single) { collect(single, 0, owed); }, member);
  }
}

std::vector<std::string> error_lines(const std::vector<owed_answer>& owed,
                                     std::string_view sentence) {
  struct group {
    bool is_batch;
    std::vector<std::string> lines;
  };
  std::vector<group> groups;
  std::map<std::uint64_t, std::size_t> group_of_batch;
  for (const auto& answer : owed) {
    auto index = groups.size();
    if (answer.batch) {
      index = group_of_batch.emplace(*answer.batch, index).first->second;
    }
    if (index == groups.size()) {
      groups.push_back({answer.batch.has_value(), {}});
    }
    groups[index].lines.push_back(jsonrpc::error_line(
      answer.id, {jsonrpc::error_code::internal_error, std::string{sentence}, std::nullopt}));
  }
  std::vector<std::string> lines;
  lines.reserve(groups.size());
  for (auto& group : groups) {
    lines.push_back(group.is_batch ? jsonrpc::array_line(group.lines)
                                   : std::move(group.lines.front()));
  }
  return lines;
}

} // namespace

std::vector<owed_answer> owed_by(std::string_view line) noexcept {
  try {
    std::vector<owed_answer> owed;
    const auto message = jsonrpc::parse_message(line);
    std::visit([&](const auto& any) { collect(any, std::nullopt, owed); }, message);
    return owed;
  } catch (const std::exception&) {
    return {}; // the line may be what exhausted the memory: better one silent request than no
               // process
  }
}

std::vector<std::string> answers_after_crash(const std::vector<owed_answer>& owed) {
  return error_lines(owed, crash_sentence);
}

std::vector<std::string> answers_at_the_end(const std::vector<owed_answer>& owed) {
  return error_lines(owed, end_sentence);
}

} // namespace nats_mcp::mcp
