// SPDX-License-Identifier: MIT
// The first byte chooses the kind of session; then lines. A line that begins with `!` is something
// the rest of the program does: a letter for what, a letter for which call, a text.
#include "tests/fuzz/conversation.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

namespace nats_mcp::fuzz {

namespace {

void act(conversation& with, input what) {
  const auto action = what.byte();
  const auto choice = what.byte();
  switch (action) {
    case 'a':
      return with.answer(choice, what.rest());
    case 'r':
      return with.read(choice, what.rest());
    case 'p':
      return with.report(choice, what.rest());
    case 'u':
      return with.change(choice % 2 == 0 ? "x://inbox" : "x://news");
    case 'h':
      return with.hint(what.rest());
    case 'w':
      return with.wait(std::chrono::milliseconds{10 * choice});
    case 'c':
      return with.crash();
    default:
      return with.tell_overlong();
  }
}

} // namespace

void session(std::string_view bytes) {
  input given{bytes};
  conversation all{given.choice(3)};
  while (!given.at_end()) {
    const auto line = given.line();
    if (line.starts_with('!')) {
      act(all, input{line.substr(1)});
    } else if (!line.empty()) {
      all.tell(line);
    }
  }
  all.finish();
}

} // namespace nats_mcp::fuzz
