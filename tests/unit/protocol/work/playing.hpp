// SPDX-License-Identifier: MIT
// Several agents at once, command by command, in every order; then what has to be true in the end
// whatever the order was.
#pragma once

#include "tests/support/choices.hpp"
#include "tests/unit/protocol/work/working.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace nats_mcp::work {

/// A server, people, and the item it is about.
struct stage {
  work_server server;
  worker boss{server, 0};
  worker ann{server, 1};
  worker bob{server, 2};
  work_item item;

  stage();
  [[nodiscard]] lane where() const { return lane_of(item); }
  [[nodiscard]] item_record record() const { return server.record(item.id)->record; }

  void offer() { (void)boss.run(boss.offer(item)); }
  /// What ann holds then.
  [[nodiscard]] delivery_handling::taken_item held_by_ann();
  /// Ann fails it for good.
  void kill();
};

/// Does one thing after another, each a script; between any two commands others may come.
class player {
public:
  /// Gives a script, or does something by itself and gives none.
  using act = std::function<std::shared_ptr<work_script>()>;

  player(work_server& server, std::shared_ptr<work_script> script);
  /// @param acts only the first may touch the server by itself.
  player(work_server& server, std::vector<act> acts);

  [[nodiscard]] bool over() const { return (!talk_ || talk_->over()) && at_ == acts_.size(); }
  void step();

  /// Two that have heard the same do the same from then on.
  [[nodiscard]] std::size_t heard() const noexcept { return heard_; }

private:
  void begin();
  void talk();

  work_server* server_;
  std::vector<act> acts_;
  std::size_t at_ = 0;
  std::optional<conversation> talk_;
  std::size_t heard_ = 0;
};

/// Takes what there is to take of a lane, and goes away with it.
[[nodiscard]] player claiming(const worker& who, work_server& server, const lane& from);
[[nodiscard]] player claiming(const worker& who, work_server& server, const lane& from,
                              std::shared_ptr<delivery_handling>& script);
/// Takes what there is to take of a lane, and completes it.
[[nodiscard]] player working(const worker& who, work_server& server, const lane& from);
/// The same, and it cannot be done.
[[nodiscard]] player failing_at(const worker& who, work_server& server, const lane& from);
/// Time that passes at any point.
[[nodiscard]] player passing(work_server& server, std::chrono::milliseconds time);

/// Every order in which several players can come to their ends. Two orders after which all of them
/// have heard the same and the server is the same go on in the same ways: one of them is followed.
class every_order {
public:
  /// Lets all players come to their ends. @returns false when this order need not be followed to
  /// its end.
  bool play(const work_server& server, std::vector<player> players);
  /// Prepares the next one. @returns whether there is one.
  [[nodiscard]] bool another() { return order_.another(); }

private:
  testing::choices order_;
  std::unordered_set<std::size_t> seen_;
};

/// Time goes by and somebody is there to work, until nothing is left in the queue.
void finish_everything(stage& on);

enum class strictness : std::uint8_t {
  /// Everybody came to their end.
  nothing_open,
  /// Somebody ended on the way. What they would have told may be missing; a retry or a discard may
  /// have to be done again.
  somebody_fell,
};

/// Empty when all is well, else what is not. @pre everything is finished
[[nodiscard]] std::string judge(const stage& on, strictness how);

/// Plays a story in every order. @param tell sets it up on its stage and gives the players. @param
/// then looks at the end, once everything is finished. @returns empty, or what went wrong.
template <class Tell, class Then>
[[nodiscard]] std::string in_every_order(Tell tell, Then then) {
  every_order order;
  do {
    const auto on = std::make_unique<stage>();
    if (!order.play(on->server, tell(*on))) {
      continue;
    }
    finish_everything(*on);
    if (auto verdict = judge(*on, strictness::nothing_open); !verdict.empty()) {
      return verdict;
    }
    then(*on);
  } while (order.another());
  return {};
}
template <class Tell>
[[nodiscard]] std::string in_every_order(Tell tell) {
  return in_every_order(tell, [](const stage&) {});
}

} // namespace nats_mcp::work
