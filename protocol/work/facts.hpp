// SPDX-License-Identifier: MIT
// Items, attempts and dead letters as the answers of tools tell of them (protocol/tools). Pure.
#pragma once

#include "protocol/tools/dead_letter_tools.hpp"
#include "protocol/tools/work_facts.hpp"
#include "protocol/tools/work_tools.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/delivery_decision.hpp"
#include "protocol/work/item_record.hpp"

#include <chrono>
#include <vector>

namespace nats_mcp::work {

[[nodiscard]] tools::work_state state_fact(item_state state) noexcept;
[[nodiscard]] item_state state_of(tools::work_state state) noexcept;

[[nodiscard]] tools::work_attempt attempt_fact(const attempt& one);
[[nodiscard]] std::vector<tools::work_attempt> attempt_facts(const std::vector<attempt>& attempts);

/// `updated_at` is when the server stored the record.
[[nodiscard]] tools::work_summary summary_of(const found_record& found);
[[nodiscard]] tools::work_status status_of(const found_record& found);

/// What its new holder is told. @param hold the longest it is held without a report.
[[nodiscard]] tools::claimed_work claimed_fact(const found_record& found,
                                               std::chrono::milliseconds hold);

[[nodiscard]] tools::dead_letter_item letter_fact(const dead_letter& letter);

} // namespace nats_mcp::work
