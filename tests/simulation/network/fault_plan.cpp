// SPDX-License-Identifier: MIT
#include "tests/simulation/network/fault_plan.hpp"

#include <random>

namespace nats_mcp::simulation {

namespace {

class dice {
public:
  explicit dice(std::uint64_t seed)
    : bits_{seed} {
    // nop
  }

  /// Zero half of the time, else 1 … `most`.
  std::uint64_t sometimes(std::uint64_t most) { return bits_() % 2 == 0 ? 0 : 1 + bits_() % most; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + bits_() % (most - least + 1);
  }

private:
  std::mt19937_64 bits_;
};

} // namespace

fault_plan draw_fault_plan(std::uint64_t seed) {
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  dice roll{seed};
  fault_plan plan;
  plan.delay_min = microseconds{roll.between(20, 500)};
  plan.delay_max = plan.delay_min + microseconds{roll.sometimes(50'000)};
  plan.lose_request = roll.sometimes(500);
  plan.lose_answer = roll.sometimes(500);
  plan.duplicate_request = roll.sometimes(1000);
  plan.disconnect = roll.sometimes(100);
  plan.notice_max = milliseconds{roll.between(1, 500)};
  plan.restart_every = milliseconds{roll.sometimes(60'000)};
  plan.restart_lasts = milliseconds{roll.between(50, 2'000)};
  plan.kill = roll.sometimes(10'000);
  plan.unsynced = milliseconds{roll.between(0, 300)};
  plan.stall_every = milliseconds{roll.sometimes(30'000)};
  plan.stall_lasts = milliseconds{roll.between(10, 3'000)};
  return plan;
}

std::string to_text(const fault_plan& plan) {
  const auto share = [](std::uint64_t chance) { return std::to_string(chance) + "/10000"; };
  const auto span = [](auto time) { return std::to_string(time.count()); };
  return "delay " + span(plan.delay_min) + ".." + span(plan.delay_max) + " us, lose request "
         + share(plan.lose_request) + ", lose answer " + share(plan.lose_answer)
         + ", duplicate request " + share(plan.duplicate_request) + ", disconnect "
         + share(plan.disconnect) + " noticed within " + span(plan.notice_max)
         + " ms, restart every " + span(plan.restart_every) + " ms for " + span(plan.restart_lasts)
         + " ms (killed " + share(plan.kill) + ", forgetting " + span(plan.unsynced)
         + " ms), stall every " + span(plan.stall_every) + " ms for " + span(plan.stall_lasts)
         + " ms";
}

} // namespace nats_mcp::simulation
