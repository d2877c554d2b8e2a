// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/mail_history.hpp"

#include <algorithm>

namespace nats_mcp::simulation {

const mail_stored* find_stored(const mail_history& history, const std::string& text) {
  const auto& mail = history.journal.mail;
  const auto found =
    std::find_if(mail.begin(), mail.end(), [&text](const auto& one) { return one.text == text; });
  return found == mail.end() ? nullptr : &*found;
}

const mail_read* first_shown(const mail_history& history, const std::string& text) {
  const mail_read* first = nullptr;
  for (const auto& read : history.reads) {
    const bool shows = std::any_of(read.shown.begin(), read.shown.end(),
                                   [&text](const auto& one) { return one.text == text; });
    if (shows && (first == nullptr || *read.call.answered < *first->call.answered)) {
      first = &read;
    }
  }
  return first;
}

} // namespace nats_mcp::simulation
