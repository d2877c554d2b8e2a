// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/request_checkers.hpp"

namespace nats_mcp::simulation {

namespace {

std::string name_of(std::size_t id, const request_record& request) {
  return "request " + std::to_string(id) + " (" + request.what + ") of agent "
         + std::to_string(request.agent);
}

} // namespace

std::string_view requests_are_answered_once::invariant() const noexcept {
  return "every request is answered exactly once";
}

std::vector<std::string> requests_are_answered_once::violations() const {
  std::vector<std::string> found;
  for (std::size_t id = 0; id < history_.requests.size(); ++id) {
    const auto& request = history_.requests[id];
    const auto count = request.answers.size();
    const bool may_lack = request.withdrawn || history_.processes.at(request.process).killed;
    if (count > 1 || (count == 0 && !may_lack)) {
      found.push_back(name_of(id, request) + " was answered " + std::to_string(count) + " times");
    }
  }
  for (const auto& line : history_.strays) {
    found.push_back("a line answers nothing that was asked: " + line);
  }
  return found;
}

std::string_view answers_keep_their_era::invariant() const noexcept {
  return "every answer is in the era of its request";
}

std::vector<std::string> answers_keep_their_era::violations() const {
  std::vector<std::string> found;
  for (std::size_t id = 0; id < history_.requests.size(); ++id) {
    const auto& request = history_.requests[id];
    for (const auto& answer : request.answers) {
      if (answer.modern != (request.how == mcp::era::modern)) {
        found.push_back(name_of(id, request) + " was answered in the envelope of the other era");
      }
    }
  }
  return found;
}

} // namespace nats_mcp::simulation
