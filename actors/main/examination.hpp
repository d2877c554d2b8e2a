// SPDX-License-Identifier: MIT
// What `doctor` found, printed as it goes: one sentence a line, marked fine, odd or broken. What
// stands in a project's configuration is not the user's own: nothing of it reaches the terminal
// raw.
#pragma once

#include "protocol/text.hpp"

#include <cstddef>
#include <ostream>
#include <string_view>

namespace nats_mcp {

class examination {
public:
  /// @param out outlives this object.
  explicit examination(std::ostream& out)
    : out_{out} {
    // nop
  }

  /// Begins a section.
  void begin(std::string_view title) { out_ << title << '\n'; }
  void fine(std::string_view sentence) { out_ << "  ok       " << one_line(sentence) << '\n'; }
  /// Works, but somebody should know.
  void odd(std::string_view sentence) {
    ++remarks_;
    out_ << "  note     " << one_line(sentence) << '\n';
  }
  void broken(std::string_view sentence) {
    ++problems_;
    out_ << "  PROBLEM  " << one_line(sentence) << '\n';
  }
  /// The last line.
  void conclude() {
    if (problems_ > 0) {
      out_ << counted(problems_, "problem") << " to solve.\n";
    } else {
      out_ << "Everything works" << (remarks_ > 0 ? "; see the notes.\n" : ".\n");
    }
  }

  [[nodiscard]] std::size_t problems() const noexcept { return problems_; }

private:
  std::ostream& out_;
  std::size_t remarks_ = 0;
  std::size_t problems_ = 0;
};

} // namespace nats_mcp
