// SPDX-License-Identifier: MIT
#include "actors/supervision/actor_shell.hpp"

#include <caf/exit_reason.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

namespace nats_mcp {

void set_default_handlers(caf::scheduled_actor* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return crash_to_caf(e.what());
    } catch (...) {
      return crash_to_caf("something that is not a std::exception was thrown");
    }
  });
  self->set_default_handler(
    [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      return caf::sec::unexpected_message;
    });
  self->set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {
    // Whoever monitors sets its own handler; anything else that went down is not our affair.
  });
  self->set_exit_handler([](caf::scheduled_actor* actor, caf::exit_msg& message) {
    if (message.reason) {
      actor->quit(std::move(message.reason));
    }
  });
  self->set_error_handler([](caf::scheduled_actor*, caf::error&) {
    // An error nobody asked for (an answer to a message that was no request) changes nothing.
  });
}

} // namespace nats_mcp
