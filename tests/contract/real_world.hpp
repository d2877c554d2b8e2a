// SPDX-License-Identifier: MIT
// The world of the real gateway in tests: an actor system with real threads, a real nats-server,
// and a stand-in for the supervisor that keeps the checkpoint. Another world with the same members
// can run the same contract (gateway_contract.hpp).
#pragma once

#include "protocol/error.hpp"

#include "transport/nats/connection.hpp"

#include "actors/error_bridge.hpp"
#include "actors/gateway/nats_gateway.hpp"
#include "actors/interfaces.hpp"

#include "tests/contract/listener.hpp"
#include "tests/contract/posted.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace nats_mcp::testing {

class real_world {
public:
  explicit real_world(nats_server::options choice = {true, {}});
  /// Connects to `where` instead of a server of its own.
  explicit real_world(transport::endpoint where);
  real_world(const real_world&) = delete;
  real_world& operator=(const real_world&) = delete;
  ~real_world();

  // -- what every world offers -----------------------------------------------------------------

  static constexpr const char* name = "real";
  [[nodiscard]] server_version version() const { return server_->version(); }
  [[nodiscard]] gateway_actor gateway() const { return gateway_; }
  [[nodiscard]] caf::actor_system& system() { return *system_; }
  [[nodiscard]] monotonic_time now() const { return std::chrono::steady_clock::now(); }
  [[nodiscard]] monotonic_time in(std::chrono::milliseconds duration) const {
    return now() + duration;
  }
  [[nodiscard]] bool until(std::chrono::milliseconds limit,
                           const std::function<bool()>& condition) const {
    return eventually(limit, condition);
  }
  void kill_server() { server_->kill(); }
  void stop_server() { server_->stop(); }
  void start_server() { server_->start(); }
  /// The gateway fails while it handles a message, and is started again from its checkpoint.
  void crash_gateway();
  [[nodiscard]] gateway_listener_actor listen(const std::shared_ptr<hearing>& into) {
    return spawn_listener(*system_, into);
  }

  /// Asks the gateway and waits for its answer.
  template <class Command>
  result<answer_of<Command>> ask(Command command) {
    caf::scoped_actor self{*system_};
    result<answer_of<Command>> outcome = fail(ec::none, "");
    self->request(gateway_, std::chrono::seconds{60}, std::move(command))
      .receive(
        [&](answer_of<Command>& answer) { outcome = std::move(answer); },
        [&](caf::error& failure) { outcome = tl::make_unexpected(from_caf(failure, "gateway")); });
    return outcome;
  }

  // -- what only this one has ------------------------------------------------------------------

  [[nodiscard]] nats_server& server() { return *server_; }

private:
  void open(transport::endpoint where);
  void spawn_gateway();

  std::unique_ptr<nats_server> server_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<transport::connection> connection_;
  std::shared_ptr<std::atomic<bool>> crash_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<std::mutex> saved_mutex_ = std::make_shared<std::mutex>();
  std::shared_ptr<checkpoint> saved_ = std::make_shared<checkpoint>();
  supervisor_actor supervisor_;
  gateway_actor gateway_;
};

} // namespace nats_mcp::testing
