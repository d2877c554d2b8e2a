// SPDX-License-Identifier: MIT
#include "tests/unit/actors/work/letters_story.hpp"

#include <caf/send.hpp>

#include <utility>

namespace nats_mcp::testing {

void letters_story::SetUp() {
  work_stage::SetUp();
  registry_actor_ = adopt(spawn_stub_registry(system(), registry_));
  start();
}

void letters_story::start() {
  dead_letters_options options;
  options.child_id = "dead-letters";
  options.gateway = gateway_;
  options.registry = registry_actor_;
  options.project_id = project;
  options.retention = {168h, 1};
  options.lanes = {ack_wait, 1h};
  options.world.wall_clock = [this] { return civil_now(); };
  options.world.random = [this] { return random(); };
  letters_ = adopt(spawn_shell<dead_letters_actor, dead_letters_state>(
    system(), "dead-letters", message_probe{}, std::move(options)));
  run();
}

void letters_story::restart() {
  caf::anon_send_exit(letters_, caf::exit_reason::kill);
  run();
  start();
}

void letters_story::identity_is(const std::string& guid, strings capabilities) {
  registry_->identity = {};
  registry_->identity.guid = guid;
  registry_->identity.handle = "me";
  registry_->identity.session_id = guid.empty() ? "" : "session";
  registry_->identity.capabilities = std::move(capabilities);
  registry_->identity.project_id = project;
  tell(letters_, identity_changed{registry_->identity, {}, monotonic_time::max()});
}

// -- what is asked -----------------------------------------------------------------------------

result<tools::list_dead_letter_items_result>
letters_story::list(std::optional<std::string> capability, std::int64_t limit,
                    std::optional<std::string> cursor) {
  return answer(letters_,
                list_dead_letters{{std::move(capability), limit, std::move(cursor)}, now() + 5s});
}

result<tools::retry_dead_letter_item_result> letters_story::retry(std::string item_id, bool reset) {
  return answer(letters_, retry_dead_letters{{std::move(item_id), {}, reset}, now() + 5s});
}

result<tools::retry_dead_letter_item_result> letters_story::retry_all(std::string capability) {
  return answer(letters_, retry_dead_letters{{{}, std::move(capability), false}, now() + 5s});
}

result<tools::discard_dead_letter_item_result> letters_story::discard(std::string item_id) {
  return answer(letters_, discard_dead_letter{{std::move(item_id)}, now() + 5s});
}

strings letters_story::listed(std::optional<std::string> capability) {
  const auto got = list(std::move(capability), 100);
  if (!got) {
    return {"failed: " + got.error().message};
  }
  strings out;
  for (const auto& one : got->items) {
    out.push_back(one.id);
  }
  return out;
}

} // namespace nats_mcp::testing
