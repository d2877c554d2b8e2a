// SPDX-License-Identifier: MIT
// The stage for tests of the parts that share work: a process of one project over a modelled NATS,
// in which others have offered work, lost it and buried it.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/work/item_record.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/work_item.hpp"

#include "actors/interfaces.hpp"

#include "tests/simulation/network/network.hpp"
#include "tests/simulation/network/network_pump.hpp"
#include "tests/simulation/network/simulated_link.hpp"
#include "tests/support/deterministic.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

using namespace std::chrono_literals;

class work_stage : public deterministic {
protected:
  static constexpr auto me = "11111111-1111-4111-8111-111111111111";
  static constexpr auto project = "0123456789abcdef";
  static constexpr auto elsewhere = "fedcba9876543210";
  static constexpr auto ack_wait = 30s;

  /// Begins with an empty NATS.
  void SetUp() override;
  void TearDown() override;

  // -- what others did; the streams of work are made first
  /// One among many: another id for every number.
  [[nodiscard]] work::work_item item(unsigned number, std::string capability = "TypeScript") const;
  [[nodiscard]] static std::string id_of(unsigned number);
  /// Its message gets into the queue. @returns its sequence.
  std::uint64_t queue(const work::work_item& what, std::uint64_t generation = 1);
  void put(const work::item_record& record);
  /// Waits in its lane, as if offered.
  work::item_record offer(const work::work_item& what);
  /// Taken by Ann, who fell silent, as often as `attempts` says; then everybody waited.
  void lose(const work::work_item& what, unsigned attempts);
  /// Dead, with its letter; its message is gone.
  void bury(const work::work_item& what, const std::string& reason = "Nobody could do it.");
  void store(const std::string& subject, const std::string& payload);

  // -- what NATS holds
  [[nodiscard]] std::optional<work::item_record> record(unsigned number);
  /// Messages under a pattern, 0 without the stream.
  [[nodiscard]] std::uint64_t stored(const std::string& stream, std::string_view pattern = ">");
  [[nodiscard]] bool exists(const std::string& stream);
  /// What the consumer of a lane has delivered so far; nothing if there is none.
  [[nodiscard]] std::optional<std::uint64_t> delivered(const work::lane& where);
  /// What somebody gets who pulls from a lane now, and never settles.
  [[nodiscard]] std::size_t pulled_by_another(const work::lane& where);
  [[nodiscard]] bool connected() const { return link_->current().has_value(); }
  [[nodiscard]] wall_time civil_now() const;

  /// Posts, and lets time pass until the answer is there.
  template <class Handle, class Message>
  result<answer_to<Handle, Message>> answer(const Handle& from, Message what) {
    const auto pending = post(from, std::move(what));
    for (auto tries = 0; !pending.answered() && tries < 20'000; ++tries) {
      advance(1ms);
    }
    return pending.value();
  }
  template <class Command>
  auto nats(Command what) {
    what.deadline = now() + 5s;
    return answer(gateway_, std::move(what));
  }
  [[nodiscard]] std::uint64_t random() { return ++bits_; }

  std::shared_ptr<simulation::network> network_;
  std::shared_ptr<simulation::simulated_link> link_;
  gateway_actor gateway_;

private:
  void make_streams();

  simulation::network_pump_actor pump_;
  std::uint64_t bits_ = 0;
  bool made_ = false;
};

} // namespace nats_mcp::testing
