// SPDX-License-Identifier: MIT
// The stage for tests of the HTTP actor: an overview and dead letters that answer as told, a door
// with nobody in front of it, and threads that ask.
#pragma once

#include "actors/http/http_actor.hpp"

#include "tests/support/deterministic.hpp"

#include <caf/typed_response_promise.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

/// What the stubs answer and what they saw. Shared with the test; single-threaded by the scheduler.
struct http_script {
  std::vector<coordination::overview_event> parts;
  /// Why they may be old.
  std::string stale;
  /// What every question to the overview is answered with instead.
  std::optional<error> overview_failure;
  /// The overview keeps the page queries it gets here until `release_pages`.
  bool holds_pages = false;
  std::vector<caf::typed_response_promise<page_parts>> held_pages;
  readiness ready{true, {}};
  int page_queries = 0;
  std::optional<error> letters_failure;
  std::vector<retry_dead_letters> retries;
  std::vector<discard_dead_letter> discards;
};

class http_story : public deterministic {
protected:
  void SetUp() override;
  void TearDown() override;

  /// Runs the actors, once they have heard of what happened at the door. Threads ask there, and the
  /// scheduler of these tests is for one thread alone.
  void run();
  /// The actor fails and the next incarnation starts.
  void restart();

  /// The overview answers what it has kept.
  void release_pages();

  /// A thread asks and waits.
  [[nodiscard]] std::future<result<std::string>> ask_at_the_door(transport::question_kind kind,
                                                                 std::string item_id = {});
  /// What it is answered, once the actor has run.
  [[nodiscard]] result<std::string> answer_of(std::future<result<std::string>> asked);

  /// `number name=data` of everything an open page was told since last time.
  [[nodiscard]] std::string told(transport::event_board::page& page);

  std::shared_ptr<http_script> script_ = std::make_shared<http_script>();
  std::shared_ptr<transport::http_door> door_ = std::make_shared<transport::http_door>("b00t");
  http_actor http_;

private:
  void start();

  overview_actor overview_;
  dead_letters_actor letters_;
  std::uint64_t seen_ = 0;
  std::atomic<bool> news_ = false;
};

} // namespace nats_mcp::testing
