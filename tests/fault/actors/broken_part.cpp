// SPDX-License-Identifier: MIT
#include "tests/fault/actors/broken_part.hpp"

#include "tests/simulation/simulate/broken_product.hpp"

#include <functional>
#include <map>
#include <memory>

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

const std::map<std::string_view, std::function<void(actor_stage::options&)>>& breakers() {
  static const std::map<std::string_view, std::function<void(actor_stage::options&)>> table{
    {"acknowledge-unseen",
     [](auto& stage) { stage.through = simulation::broken_product("acknowledge-unseen"); }},
    {"answer-twice", [](auto& stage) { stage.garbles = garbling_the_next_answer(2); }},
    {"lose-request", [](auto& stage) { stage.garbles = garbling_the_next_answer(0); }},
    {"say-stored-early",
     [](auto& stage) { stage.through = simulation::broken_product("acknowledge-early"); }},
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
