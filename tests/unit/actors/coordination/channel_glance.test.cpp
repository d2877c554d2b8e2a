// SPDX-License-Identifier: MIT
// A glance at channels some of which cannot be read.
#include "actors/coordination/channel_glance.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>

namespace nats_mcp::testing::channel_glance_test {
namespace {

using namespace std::chrono_literals;

class a_glance : public ::testing::Test {
protected:
  a_glance() {
    const api_caller api = [this](const jetstream::api_request&, const api_answered& then) {
      then(tl::make_unexpected(++asked_ % 2 == 1 ? first_ : second_));
    };
    glance_ = std::make_unique<channel_glance>(
      channel_glance::surroundings{api, nullptr, "demo", {{"one", "One"}, {"two", "Two"}}});
  }
  void look() {
    done_ = 0;
    glance_->look(monotonic_time{1h}, [this] { ++done_; });
    EXPECT_EQ(done_, 1);
  }
  [[nodiscard]] const std::string& problem() const { return glance_->problem(); }

  /// Of either channel.
  error first_{ec::not_found, "There is no stream.", 0};
  error second_{ec::not_found, "There is no stream.", 0};

private:
  std::unique_ptr<channel_glance> glance_;
  std::size_t asked_ = 0;
  int done_ = 0;
};

TEST_F(a_glance, has_no_problem_with_channels_that_are_not_there_or_not_for_this_user) {
  look();
  EXPECT_EQ(problem(), "");
  second_ = {ec::permission_denied, "Not for you.", 0};
  look();
  EXPECT_EQ(problem(), "");
}

TEST_F(a_glance, says_which_problem_it_had_the_last_time) {
  second_ = {ec::timeout, "NATS did not answer in time.", 0};
  look();
  EXPECT_EQ(problem(), "NATS did not answer in time.");
  first_ = {ec::unavailable, "There is no connection.", 0};
  look();
  EXPECT_EQ(problem(), "There is no connection.") << "the first one";
  first_ = second_ = {ec::not_found, "There is no stream.", 0};
  look();
  EXPECT_EQ(problem(), "");
}

} // namespace
} // namespace nats_mcp::testing::channel_glance_test
