// SPDX-License-Identifier: MIT
// From a resource to the actor that knows what it says, and back to text; and from what the client
// wants to hear of to the actors that can tell. Reading marks nothing as read. Part of the session
// actor's state; knows nothing of MCP's eras.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"

#include "actors/interfaces.hpp"
#include "actors/mcp/tool_dispatch.hpp"
#include "actors/request.hpp"

#include <functional>
#include <set>
#include <string>

namespace nats_mcp {

class resource_desk {
public:
  /// Called exactly once for every read, with the resource's text.
  using read_done = std::function<void(call_id, const result<std::string>&)>;

  resource_desk(asking_actor<session_actor>* owner, dispatch_options parts, read_done on_read);

  /// Reads a resource that is listed (protocol/tools/resources.hpp); the answer may come before
  /// this returns. There is nothing to withdraw: nobody is held up by it.
  void read(call_id call, const std::string& uri);

  /// From now on the session wants to be told of changes of these, and of no others. Of the inbox
  /// it is told in any case.
  void watch(const std::set<std::string>& uris);

  /// Somebody may have missed what is watched.
  void say_again() const;

private:
  void read_inbox_now(call_id call);
  void read_agents(call_id call);
  void read_channel_now(call_id call, const std::string& channel);

  template <class Result, class Receiver, class Message>
  void ask_for_text(call_id call, const Receiver& whom, Message message, std::string part);

  [[nodiscard]] monotonic_time deadline() const;

  asking_actor<session_actor>* owner_;
  dispatch_options parts_;
  read_done on_read_;
  std::set<std::string> channels_;
  bool agents_ = false;
};

} // namespace nats_mcp
