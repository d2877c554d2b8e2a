// SPDX-License-Identifier: MIT
#include "protocol/tools/work_facts.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/tools/work_fact_fields.hpp"

namespace nats_mcp::tools {

std::string_view to_text(work_state state) noexcept { return json::choice_text(state); }

std::string preview_of(std::string_view description) {
  return first_characters(description, limits::work_preview_characters_max);
}

} // namespace nats_mcp::tools
