// SPDX-License-Identifier: MIT
// The stage for inbox actor tests: the agent "me", others who write to it, a registry that says who
// is who, and a NATS that holds their messages.
#pragma once

#include "actors/messaging/inbox_actor.hpp"

#include "tests/support/deterministic.hpp"
#include "tests/support/stub_gateway.hpp"
#include "tests/support/stub_inbox.hpp"
#include "tests/support/stub_registry.hpp"
#include "tests/support/stub_session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class inbox_story : public deterministic {
protected:
  using shown = tools::read_direct_messages_result;

  static constexpr auto me = "11111111-1111-4111-8111-111111111111";
  static constexpr auto ann = "22222222-2222-4222-8222-222222222222";
  static constexpr auto bob = "33333333-3333-4333-8333-333333333333";

  /// Begins registered, with nothing in NATS.
  void SetUp() override;

  // -- what happens
  /// A message gets into the inbox; nobody hears of it.
  void store(const std::string& text, const std::string& from = ann,
             tools::message_type type = tools::message_type::text);
  /// The hint of a message arrives.
  void hint();
  /// Both, in the order of a real server.
  void deliver(const std::string& text, const std::string& from = ann);
  /// Pulls that wait for a message have one now, or their time is over.
  void answer_pulls() { tell(gateway_, gateway_tick{}); }
  void identity_is(const std::string& guid, const std::string& lost_because = {});
  /// The actor fails and the next incarnation starts.
  void restart();

  // -- what an agent asks
  [[nodiscard]] read_inbox read(std::int64_t limit = 10,
                                std::chrono::milliseconds timeout = {}) const;
  [[nodiscard]] wait_for_mail wait(std::chrono::milliseconds timeout) const;
  [[nodiscard]] send_direct send(const std::string& text) const;
  /// Reads, and the answer gets to the client.
  strings read_and_show(std::int64_t limit = 10);
  void was_shown(call_id call) { tell(inbox_, direct_messages_shown{call}); }

  // -- what was seen
  [[nodiscard]] static strings texts(const result<shown>& read);
  [[nodiscard]] std::size_t requests(const std::string& verb_prefix) const;
  [[nodiscard]] std::uint64_t last_told() const { return session_->mail.back().unread; }

  std::shared_ptr<gateway_script> script_ = std::make_shared<gateway_script>();
  std::shared_ptr<registry_script> registry_ = std::make_shared<registry_script>();
  std::shared_ptr<session_ear> session_ = std::make_shared<session_ear>();
  stub_inbox nats_{me};
  inbox_actor inbox_;
  gateway_actor gateway_;

private:
  void start();

  registry_actor registry_actor_;
  session_actor session_actor_;
  mutable std::uint64_t calls_ = 0;
};

} // namespace nats_mcp::testing
