// SPDX-License-Identifier: MIT
#include "tests/fault/actors/broken_part.hpp"

#include "tests/simulation/simulate/broken_product.hpp"
#include "tests/simulation/simulate/passing_link.hpp"

#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace nats_mcp::fault {

namespace {

std::function<int(const std::string&, bool)> garbling_the_next_answer(int times) {
  const auto done = std::make_shared<bool>(false);
  return [times, done](const std::string& line, bool struck) {
    const bool is_answer =
      line.find("\"result\"") != std::string::npos || line.find("\"error\"") != std::string::npos;
    if (!struck || *done || !is_answer) {
      return 1;
    }
    *done = true;
    return times;
  };
}

/// Takes every third message to a channel, and does not send it.
class swallowing_link final : public simulation::passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    const bool is_message = message.subject.starts_with(channel_namespace);
    if (is_message && ++messages_ % 3 == 0) {
      return {};
    }
    return passing_link::write(epoch, message);
  }

private:
  std::uint64_t messages_ = 0;
};

/// Says that a message is stored as soon as it is written, and loses some.
void say_stored_early(actor_stage::options& stage) {
  stage.through = [](simulation::link_ptr inner,
                     const std::shared_ptr<simulation::network>& wires) -> simulation::link_ptr {
    return simulation::broken_product("acknowledge-early")(
      std::make_shared<swallowing_link>(std::move(inner)), wires);
  };
}

const std::map<std::string_view, std::function<void(actor_stage::options&)>>& breakers() {
  static const std::map<std::string_view, std::function<void(actor_stage::options&)>> table{
    {"acknowledge-unseen",
     [](auto& stage) { stage.through = simulation::broken_product("acknowledge-unseen"); }},
    {"answer-twice", [](auto& stage) { stage.garbles = garbling_the_next_answer(2); }},
    {"lose-request", [](auto& stage) { stage.garbles = garbling_the_next_answer(0); }},
    {"say-stored-early", say_stored_early},
  };
  return table;
}

} // namespace

std::vector<std::string_view> broken_parts() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : breakers()) {
    names.push_back(name);
  }
  return names;
}

void break_part(std::string_view how, actor_stage::options& stage) {
  if (!how.empty()) {
    breakers().at(how)(stage);
  }
}

} // namespace nats_mcp::fault
