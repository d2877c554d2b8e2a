// SPDX-License-Identifier: MIT
#include "tests/bench/work_items.hpp"

#include <cstdint>
#include <stdexcept>

namespace nats_mcp::bench {

namespace {

constexpr std::size_t guid_length = 36;

std::string lane_name() { return "work.public." + std::string(capability) + ".5"; }

std::string item_members(const std::string& id) {
  return R"("id":")" + id + R"(","taskId":"filled","capability":")" + std::string(capability)
         + R"(","description":")" + message_text()
         + R"(","priority":5,"deadline":"2999-01-01T00:00:00.000Z","scope":"public",)"
           R"("offeredBy":{"guid":"00000000-0000-4000-9000-000000000000","handle":"filler"},)"
           R"("offeredAt":"2026-01-01T00:00:00.000Z","maxAttempts":3)";
}

/// The members of a record up to its attempts.
std::string record_head(const std::string& id, std::string_view state, std::uint64_t sequence,
                        int attempts) {
  return R"({"v":1,"writeId":"w","item":{)" + item_members(id) + R"(},"state":")"
         + std::string(state) + R"(","gen":1,"queueSeq":)" + std::to_string(sequence)
         + R"(,"attempt":)" + std::to_string(attempts) + R"(,"maxAttempts":3,"attempts":)";
}

constexpr std::string_view updated = R"("updatedAt":"2026-01-01T00:00:01.000Z"})";
constexpr std::string_view attempts_made =
  R"([{"number":1,"worker":{"guid":"00000000-0000-4000-9000-000000000001","handle":"gone"},)"
  R"("startedAt":"2026-01-01T00:00:00.000Z","endedAt":"2026-01-01T00:00:01.000Z",)"
  R"("end":"failed","error":"It does not work."}])";
constexpr std::string_view reason = "Failed, and not to be tried again: It does not work.";

} // namespace

std::string item_id(std::size_t number) {
  constexpr std::size_t digits = 12;
  const auto last = std::to_string(number);
  return "00000000-0000-4000-a000-" + std::string(digits - last.size(), '0') + last;
}

std::string offer_arguments(std::string_view task) {
  return R"({"taskId":")" + std::string(task) + R"(","capability":")" + std::string(capability)
         + R"(","description":")" + message_text() + R"("})";
}

void make_work_streams(agent& offerer, agent& worker) {
  offerer.call("broadcast_work_offer", offer_arguments("first"));
  const auto id = claimed_item(worker.call("claim_work", R"({"timeout":10000})"));
  if (id.empty()) {
    throw std::runtime_error("what was offered could not be claimed");
  }
  worker.call("fail_work", R"({"workItemId":")" + id + R"(","error":"made","retryable":false})");
  worker.call("discard_dead_letter_item", R"({"itemId":")" + id + R"("})");
}

void fill_queue(raw_nats& nats, std::size_t count) {
  const auto before = nats.extent_of("WORK").last_sequence;
  nats.fill(count, [](std::size_t number) {
    return raw_message{lane_name(), R"({"v":1,)" + item_members(item_id(number)) + R"(,"gen":1})"};
  });
  nats.fill(count, [before](std::size_t number) {
    const auto id = item_id(number);
    return raw_message{"$KV.work_items." + id, record_head(id, "pending", before + number + 1, 0)
                                                 + "[]," + std::string(updated)};
  });
}

void fill_dead_letters(raw_nats& nats, std::size_t count) {
  nats.fill(count, [](std::size_t number) {
    const auto id = item_id(number);
    return raw_message{"$KV.work_items." + id,
                       record_head(id, "dead", number + 1, 1) + std::string(attempts_made)
                         + R"(,"reason":")" + std::string(reason) + R"(",)" + std::string(updated)};
  });
  nats.fill(count, [](std::size_t number) {
    const auto id = item_id(number);
    return raw_message{"dead.public." + std::string(capability) + "." + id,
                       R"({"v":1,"id":")" + id + R"(","item":{)" + item_members(id)
                         + R"(},"gen":1,"reason":")" + std::string(reason)
                         + R"(","attempts":1,"failedAt":"2026-01-01T00:00:01.000Z","errors":)"
                         + std::string(attempts_made) + "}"};
  });
}

std::string claimed_item(std::string_view answer) {
  constexpr std::string_view mark = "Work Item ID: ";
  const auto at = answer.find(mark);
  return at == std::string_view::npos ? std::string{}
                                      : std::string(answer.substr(at + mark.size(), guid_length));
}

} // namespace nats_mcp::bench
