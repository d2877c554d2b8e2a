// SPDX-License-Identifier: MIT
// What the tests of the work scripts share: agents that offer, claim and finish work against the
// server in memory, one command at a time, in whatever order the test says.
#pragma once

#include "protocol/work/dead_letter_scripts.hpp"
#include "protocol/work/delivery_handling.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/item_update.hpp"
#include "protocol/work/offering.hpp"

#include "tests/support/conversation.hpp"
#include "tests/support/counting_random.hpp"
#include "tests/unit/protocol/work/work_server.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace nats_mcp::work {

using conversation = testing::conversation<work_script>;

/// What is known of the server's time is old by so much, never new.
inline constexpr std::chrono::milliseconds server_time_lag = 500ms;
/// After so long a silence everybody knows that a lease is over.
inline constexpr std::chrono::milliseconds silence = ack_wait + server_time_lag;

/// The boss's item for whoever knows C++.
inline work_item some_item(const work_server& server, std::uint64_t number = 1) {
  work_item out;
  out.id = make_uuid(testing::counting_from(number << 40U));
  out.task_id = "task-" + std::to_string(number);
  out.capability = "c++";
  out.description = "Make it fast.";
  out.deadline = server.now() + std::chrono::days{7};
  out.offered_by = {make_uuid(testing::counting_from(7)), "boss"};
  out.offered_at = server.now();
  return out;
}

/// It is not to be tried again.
inline failure hopeless() { return {"It cannot be done.", false, {}}; }

/// One process of an agent that works.
class worker {
public:
  explicit worker(work_server& server, std::uint64_t number = 1)
    : server_{&server}
    , random_{[numbers = std::make_shared<random_source>(
                 testing::counting_from((number + 1000) << 32U))] { return (*numbers)(); }}
    , self_{make_uuid(random_), "worker-" + std::to_string(number)} {
    // nop
  }

  [[nodiscard]] script_world world() const {
    agents::server_clock server_time;
    server_time.observe(server_->now() - server_time_lag, server_->clock());
    return {
      random_, [this] { return server_->now(); },   server_time,
      self_,   [this] { return server_->clock(); }, [this] { return server_->deadline_clock(); }};
  }

  /// Pulls from the lane; nothing if nothing is there.
  [[nodiscard]] std::shared_ptr<delivery_handling>
  pull(const lane& from, delivery_handling::purpose why = delivery_handling::purpose::take) const {
    auto got = server_->deliver(from);
    return got ? handle(from, *got, why) : nullptr;
  }
  [[nodiscard]] std::shared_ptr<delivery_handling>
  handle(const lane& from, const jetstream::delivery& got,
         delivery_handling::purpose why = delivery_handling::purpose::take) const {
    delivery_handling::request what;
    what.where = from;
    what.delivery = got;
    what.handle = {got.ack_subject, ack_wait, server_->clock()};
    what.why = why;
    what.taker = {make_uuid(random_), self_, "session of " + self_.handle, ack_wait};
    return std::make_shared<delivery_handling>(std::move(what), world());
  }
  /// Pulls and handles with nobody in between.
  [[nodiscard]] std::optional<delivery_handling::taken_item> claim(const lane& from) const {
    const auto script = pull(from);
    if (script == nullptr) {
      return std::nullopt;
    }
    conversation{script}.finish(*server_);
    return taken(*script);
  }
  /// What a handled delivery gave.
  [[nodiscard]] static std::optional<delivery_handling::taken_item>
  taken(const delivery_handling& script) {
    const auto& end = script.end();
    const auto* got = end && *end ? std::get_if<delivery_handling::taken_item>(&**end) : nullptr;
    return got == nullptr ? std::nullopt : std::optional{*got};
  }

  [[nodiscard]] std::shared_ptr<offering>
  offer(work_item item, offering::novelty novelty = offering::novelty::certain) const {
    return std::make_shared<offering>(std::move(item), novelty, world());
  }
  [[nodiscard]] std::shared_ptr<dead_letter_retry>
  retry(const work_item& item, attempts_after_retry how = attempts_after_retry::kept) const {
    return std::make_shared<dead_letter_retry>(item.id, how, visibility_rule{}, world());
  }
  [[nodiscard]] std::shared_ptr<dead_letter_discard> discard(const work_item& item) const {
    return std::make_shared<dead_letter_discard>(item.id, visibility_rule{}, world());
  }

  // What a holder does with what it took.

  [[nodiscard]] std::shared_ptr<item_update> complete(const delivery_handling::taken_item& held,
                                                      std::string summary = "It is fast.") const {
    return update(held, [now = server_->now(), id = claim_of(held),
                         summary = std::move(summary)](const auto& before, auto) {
      return completed(before, id, summary, json::value{{"faster", 3}}, now);
    });
  }
  [[nodiscard]] std::shared_ptr<item_update> fail_it(const delivery_handling::taken_item& held,
                                                     failure what = {
                                                       "It crashed.", true, {}}) const {
    return update(held, [now = server_->now(), id = claim_of(held),
                         what = std::move(what)](const auto& before, auto server_now) {
      return failed(before, id, what, server_now, now);
    });
  }
  [[nodiscard]] std::shared_ptr<item_update>
  give_back(const delivery_handling::taken_item& held) const {
    return update(held, [now = server_->now(), id = claim_of(held)](const auto& before, auto) {
      return released(before, id, now);
    });
  }
  [[nodiscard]] std::shared_ptr<item_update> renew(const delivery_handling::taken_item& held,
                                                   progress_report report = {}) const {
    return update(held, [now = server_->now(), id = claim_of(held),
                         report = std::move(report)](const auto& before, auto) {
      return renewed(before, id, ack_wait, report, now);
    });
  }
  /// By the offerer, who holds no delivery.
  [[nodiscard]] std::shared_ptr<item_update> cancel(const work_item& item) const {
    item_update::request what;
    what.item_id = item.id;
    what.apply = [now = server_->now()](const auto& before, auto) {
      return cancelled(before, "Not needed any more.", now);
    };
    return std::make_shared<item_update>(std::move(what), world());
  }

  template <class Script>
  std::shared_ptr<Script> run(std::shared_ptr<Script> script) const {
    conversation{script}.finish(*server_);
    return script;
  }

  [[nodiscard]] const party& self() const noexcept { return self_; }

private:
  [[nodiscard]] static std::string claim_of(const delivery_handling::taken_item& held) {
    return held.found.record.held->id;
  }
  [[nodiscard]] std::shared_ptr<item_update> update(const delivery_handling::taken_item& held,
                                                    item_update::change how) const {
    return std::make_shared<item_update>(
      item_update::request{held.found.record.item.id, held.found, std::move(how), held.handle, {}},
      world());
  }

  work_server* server_;
  random_source random_;
  party self_;
};

} // namespace nats_mcp::work
