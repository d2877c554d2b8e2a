// SPDX-License-Identifier: MIT
// Work items as they lie in NATS (docs/wire.md), written by nats.c alone: queues and dead letters
// of a size that no benchmark has the time to fill through the product.
#pragma once

#include "tests/bench/agent.hpp"
#include "tests/bench/nats_side.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::bench {

/// What every work item of a benchmark needs.
inline constexpr std::string_view capability = "benchmarking";

/// The UUID of an item that has a number.
std::string item_id(std::size_t number);

/// An item as it is offered: 256 bytes of text.
std::string offer_arguments(std::string_view task);

/// Makes the streams that work needs: one item is offered, claimed, failed for good and discarded.
void make_work_streams(agent& offerer, agent& worker);

/// Puts `count` items into the queue of `capability`, each with its record, as offers leave them.
void fill_queue(raw_nats& nats, std::size_t count);

/// Puts `count` dead letters beside their records, of `capability`.
void fill_dead_letters(raw_nats& nats, std::size_t count);

/// The item's id in the answer to a claim; empty when there was none.
std::string claimed_item(std::string_view answer);

} // namespace nats_mcp::bench
