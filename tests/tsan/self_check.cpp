// SPDX-License-Identifier: MIT
// What the run with the thread sanitizer is worth (deploy/tsan.sh): `self_check race` lets two
// actors write the same variable at once, which has to be found although CAF runs them; `self_check
// messages` lets them hand one over by messages, where nothing may be found, or CAF was built
// without the sanitizer.
#include <caf/all.hpp>

#include <atomic>
#include <iostream>
#include <memory>
#include <string_view>

namespace {

using counter = std::shared_ptr<long>;
constexpr int rounds = 10'000;

/// Waits until both are there, without anything that the sanitizer could take for an order.
void meet(std::atomic<int>& present) {
  present.fetch_add(1, std::memory_order_relaxed);
  while (present.load(std::memory_order_relaxed) < 2) {
    // nop
  }
}

long race(caf::actor_system& system) {
  const auto shared = std::make_shared<long>(0);
  const auto present = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i < 2; ++i) {
    system.spawn([shared, present](caf::event_based_actor*) {
      meet(*present);
      for (int round = 0; round < rounds; ++round) {
        ++*shared;
      }
    });
  }
  system.await_all_actors_done();
  return *shared;
}

caf::behavior player(caf::event_based_actor* self, const counter& shared) {
  return {[self, shared](int rounds_left) {
    ++*shared;
    if (rounds_left > 0) {
      self->send(caf::actor_cast<caf::actor>(self->current_sender()), rounds_left - 1);
    }
    if (rounds_left <= 1) {
      self->quit();
    }
  }};
}

long messages(caf::actor_system& system) {
  const auto shared = std::make_shared<long>(0);
  const auto one = system.spawn(player, shared);
  const auto other = system.spawn(player, shared);
  caf::send_as(other, one, rounds);
  system.await_all_actors_done();
  return *shared;
}

} // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what != "race" && what != "messages") {
    std::cerr << "usage: tsan_self_check race|messages\n";
    return 2;
  }
  caf::actor_system_config configuration;
  configuration.set("scheduler.policy", caf::atom("sharing"));
  configuration.set("scheduler.max-threads", 2);
  caf::actor_system system{configuration};
  std::cout << (what == "race" ? race(system) : messages(system)) << '\n';
  return 0;
}
