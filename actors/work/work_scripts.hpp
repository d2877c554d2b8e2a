// SPDX-License-Identifier: MIT
// Runs the conversations of protocol/work: gives each what it has to know of the world, and keeps
// what it learns of the server's time. Part of an actor's state; all callbacks happen inside that
// actor.
#pragma once

#include "protocol/time.hpp"
#include "protocol/work/work_item.hpp"
#include "protocol/work/work_script.hpp"

#include "actors/runtime.hpp"
#include "actors/streams/script_runner.hpp"
#include "actors/work/server_time_keeper.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace nats_mcp {

using work_caller = command_caller<work::work_command, work::work_answer>;

class work_scripts {
public:
  struct surroundings {
    work_caller commands;
    server_time_keeper* time = nullptr;
    /// The actor's clock, on which deadlines are.
    std::function<monotonic_time()> now;
    runtime world;
  };

  explicit work_scripts(surroundings around);

  /// What a conversation that begins now knows. @param self in whose name notices go out.
  [[nodiscard]] work::script_world world(work::party self) const;

  /// Runs while the computer sleeps: leases are measured by it.
  [[nodiscard]] monotonic_time clock() const;

  /// Runs `script`. @param decided called once, as soon as its `end()` is set; writes may follow.
  /// @param over called once when it is over. May be empty.
  template <class Script>
  void run(const std::shared_ptr<Script>& script, monotonic_time deadline,
           std::function<void(const Script&)> decided,
           std::function<void(const Script&)> over = {}) {
    const auto told = std::make_shared<bool>(false);
    const auto progressed = [this, script, told, decided = std::move(decided)] {
      around_.time->observe(script->server_time());
      if (script->end() && !std::exchange(*told, true)) {
        decided(*script);
      }
    };
    run_script(around_.commands, script,
               {deadline, [this] { return clock(); }, progressed,
                [this, script, progressed, over = std::move(over)] {
                  progressed(); // one that had nothing to ask
                  notices_lost_ += script->notices_lost();
                  if (over) {
                    over(*script);
                  }
                }});
  }

  /// Settles a delivery; nobody waits for it.
  void settle(jetstream::settle what) const;

  /// Somebody else may have what was delivered, at once; unless it may be somebody else's already.
  void hand_back(const work::open_delivery& delivery) const;

  /// Notices that were not stored, of everything that ran here.
  [[nodiscard]] std::uint64_t notices_lost() const noexcept { return notices_lost_; }

private:
  surroundings around_;
  std::uint64_t notices_lost_ = 0;
};

} // namespace nats_mcp
