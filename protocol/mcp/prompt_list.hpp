// SPDX-License-Identifier: MIT
// The prompts of a program: what prompts/list and prompts/get answer. Clients offer them to people
// as commands.
#pragma once

#include "protocol/error.hpp"
#include "protocol/mcp/list_pages.hpp"
#include "protocol/mcp/types.hpp"

#include <string>
#include <vector>

namespace nats_mcp::mcp {

class prompt_list {
public:
  prompt_list(std::vector<listed_prompt> prompts, const modern_envelope& envelope);

  [[nodiscard]] bool empty() const noexcept { return prompts_.empty(); }

  [[nodiscard]] const list_pages& prompts() const noexcept { return pages_; }

  /// The members of the result of prompts/get.
  /// @returns `ec::invalid_argument` for an unknown prompt or arguments that do not fit it.
  [[nodiscard]] result<std::string> get(const json::value& params) const;

private:
  std::vector<listed_prompt> prompts_;
  list_pages pages_;
};

} // namespace nats_mcp::mcp
