// SPDX-License-Identifier: MIT
// What becomes of work that fits into the queue and whose record fits into no message.
#include "tests/unit/protocol/work/playing.hpp"
#include "tests/unit/protocol/work/spoken_commands.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <variant>

namespace nats_mcp::work::large_delivery_test {
namespace {

class a_large_delivery : public ::testing::Test {
protected:
  /// Bob gets it, and NATS answers as `fault` says.
  std::shared_ptr<delivery_handling> handle(const fault_at& fault) {
    (void)on.server.put_into_queue(lane_subject(on.where()), write_queued_item({on.item, 1}));
    auto script = on.bob.pull(on.where());
    (void)run(on.server, script, fault);
    return script;
  }

  stage on;
};

/// As a server with a small max_payload answers.
fault_at too_large_for_records() {
  return [refused = false](const std::string& said) mutable {
    return said == "put work_items" && !std::exchange(refused, true)
             ? std::optional{error{ec::limit_exceeded, "It has 70000 bytes.", 0}}
             : std::nullopt;
  };
}

TEST_F(a_large_delivery, is_buried_as_far_as_it_can_be_told) {
  on.item.description = std::string(50'000, 'x');
  const auto script = handle(too_large_for_records());
  ASSERT_TRUE(*script->end());
  EXPECT_TRUE(std::holds_alternative<delivery_handling::buried>(**script->end()));
  EXPECT_EQ(on.record().state, item_state::dead);
  EXPECT_TRUE(on.record().incomplete);
  EXPECT_LT(on.record().item.description.size(), 1000U);
  EXPECT_NE(on.record().reason.find("70000 bytes"), std::string::npos) << on.record().reason;
  EXPECT_TRUE(on.server.queued().empty()) << "it is in nobody's way";
  EXPECT_EQ(judge(on, strictness::nothing_open), "");
}

TEST_F(a_large_delivery, is_left_alone_when_it_is_the_bucket_that_is_full) {
  const auto full = [](const std::string& said) {
    return said == "put work_items"
             ? std::optional{error{ec::limit_exceeded, "maximum bytes exceeded", 10047}}
             : std::nullopt;
  };
  ASSERT_FALSE(*handle(full)->end());
  EXPECT_EQ(on.server.queued().size(), 1U);
}

} // namespace
} // namespace nats_mcp::work::large_delivery_test
