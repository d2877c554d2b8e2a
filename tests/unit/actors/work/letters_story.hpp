// SPDX-License-Identifier: MIT
// The stage for tests of the dead letters actor: what others did, and what this process asks.
#pragma once

#include "actors/work/dead_letters_actor.hpp"

#include "tests/support/stub_registry.hpp"
#include "tests/unit/actors/work/work_stage.hpp"

#include <memory>
#include <optional>
#include <string>

namespace nats_mcp::testing {

class letters_story : public work_stage {
protected:
  /// Longer than any sweep lets wait for itself, and what it does.
  static constexpr auto sweep_time = limits::sweep_interval * 5 / 4 + 1s;

  /// Begins with an empty NATS, in a process that is no agent.
  void SetUp() override;

  // -- what happens
  /// This process is an agent, or none any more.
  void identity_is(const std::string& guid, strings capabilities = {"TypeScript"});
  /// The actor fails and the next incarnation starts.
  void restart();

  // -- what is asked
  [[nodiscard]] result<tools::list_dead_letter_items_result>
  list(std::optional<std::string> capability = {}, std::int64_t limit = 20,
       std::optional<std::string> cursor = {});
  [[nodiscard]] result<tools::retry_dead_letter_item_result> retry(std::string item_id,
                                                                   bool reset = false);
  [[nodiscard]] result<tools::retry_dead_letter_item_result> retry_all(std::string capability);
  [[nodiscard]] result<tools::discard_dead_letter_item_result> discard(std::string item_id);
  /// The ids that are listed, or the error.
  [[nodiscard]] strings listed(std::optional<std::string> capability = {});

  std::shared_ptr<registry_script> registry_ = std::make_shared<registry_script>();
  dead_letters_actor letters_;

private:
  void start();

  registry_actor registry_actor_;
};

} // namespace nats_mcp::testing
