// SPDX-License-Identifier: MIT
// The child of the supervision tests: counts, remembers its total in a checkpoint, and fails on
// demand.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/supervision/actor_shell.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/supervision/supervisor.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::counting {

struct add {
  int amount = 0;
};
struct total {
  int value = 0;
};
/// Saves the new total and then fails in the same message.
struct add_and_fail {
  int amount = 0;
};
/// Is never answered by a healthy counter.
struct hold {};
struct fail_now {
  std::string why;
};
struct finish {};

using counter_actor =
  caf::typed_actor<caf::replies_to<add>::with<total>, caf::replies_to<add_and_fail>::with<total>,
                   caf::replies_to<hold>::with<total>, caf::reacts_to<fail_now>,
                   caf::reacts_to<finish>>;

enum class when_told_to_end { ends, ignores_it };

class counter {
public:
  counter(counter_actor::pointer self, std::string id, const checkpoint& last,
          supervisor_actor supervisor, when_told_to_end manners)
    : self_{self}
    , id_{std::move(id)}
    , supervisor_{std::move(supervisor)} {
    if (const auto* saved = last.as<int>()) {
      value_ = *saved;
    }
    if (manners == when_told_to_end::ignores_it) {
      self_->set_exit_handler([](caf::exit_msg&) {
        // Only a kill ends this one.
      });
    }
  }

  counter_actor::behavior_type make_behavior() {
    return {
      [this](const add& message) { return count(message.amount); },
      [this](const add_and_fail& message) -> total {
        (void)count(message.amount);
        throw std::runtime_error{"failed after saving"};
      },
      [this](const hold&) -> caf::result<total> {
        auto promise = self_->make_response_promise<total>();
        held_.emplace_back(promise, id_);
        return promise;
      },
      [](const fail_now& message) { throw std::runtime_error{message.why}; },
      [this](const finish&) { self_->quit(); },
    };
  }

private:
  total count(int amount) {
    value_ += amount;
    self_->send(supervisor_, save_checkpoint{id_, {value_}});
    return {value_};
  }

  counter_actor::pointer self_;
  std::string id_;
  supervisor_actor supervisor_;
  int value_ = 0;
  std::vector<guarded_promise<total>> held_;
};

/// A child that counts.
inline child_spec counter_child(std::string id, stable_ref_ptr ref, when_told_to_end manners) {
  auto start = [id, manners](caf::local_actor* spawner, checkpoint last,
                             supervisor_actor supervisor) {
    return caf::actor_cast<caf::strong_actor_ptr>(spawn_shell<counter_actor, counter>(
      *spawner, id, message_probe{}, id, std::move(last), std::move(supervisor), manners));
  };
  return {std::move(id), std::move(start), std::move(ref), {}};
}

} // namespace nats_mcp::counting

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::add)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::total)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::add_and_fail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::hold)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::fail_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::counting::finish)
