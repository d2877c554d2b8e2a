// SPDX-License-Identifier: MIT
#include "tests/simulation/workloads/denials.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::simulation {

namespace {

template <class Phrases>
bool holds_one_of(std::string_view sentence, const Phrases& phrases) noexcept {
  return std::any_of(phrases.begin(), phrases.end(), [&](const char* phrase) {
    return sentence.find(phrase) != std::string_view::npos;
  });
}

} // namespace

bool denies(std::string_view sentence) noexcept {
  // protocol/jetstream/sentences.cpp, protocol/messaging/inbox_refusals.cpp and those of the
  // registry about recipients and senders there are not.
  constexpr std::array promises{"was not sent",      "othing happened",    "othing was sent",
                                "othing was stored", "No agent with the ", "\" is used by ",
                                "not registered"};
  return holds_one_of(sentence, promises);
}

bool leaves_open(std::string_view sentence) noexcept {
  // protocol/jetstream/sentences.cpp, protocol/mcp/owed.cpp and actors/error_bridge.cpp.
  constexpr std::array doubts{"is not known", "is unknown", "stopped before it answered"};
  return holds_one_of(sentence, doubts);
}

} // namespace nats_mcp::simulation
