// SPDX-License-Identifier: MIT
// Examples of answers for the page about the tools, from the functions that make them.
#pragma once

#include <string>

namespace nats_mcp::reference {

/// A title and an answer below it. @param outcome anything that has a `tools::render`.
template <class Result>
std::string answer(const std::string& title, const Result& outcome) {
  return "`" + title + "`\n\n```text\n" + render(outcome) + "\n```\n\n";
}

/// Of offering work, doing it and looking it up.
std::string work_examples();
std::string dead_letter_examples();

} // namespace nats_mcp::reference
