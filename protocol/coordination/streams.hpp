// SPDX-License-Identifier: MIT
// What coordinators keep in NATS besides the records of items (docs/wire.md, "Coordinator"): who
// leads, and the requests. The only place that names them.
#pragma once

#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/stream_config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::coordination {

inline constexpr std::string_view coordinator_bucket = "coordinator";
/// The one key in it: which coordinator acts (leader_entry.hpp).
inline constexpr std::string_view leader_key = "leader";

inline constexpr std::string_view requests_stream_name = "COORD";

/// The bucket `coordinator`.
[[nodiscard]] jetstream::stream_config coordinator_stream(std::uint32_t replicas);
/// Requests: work-queue retention, no age, discard new. A request stays until its item is over.
[[nodiscard]] jetstream::stream_config requests_stream(std::uint32_t replicas);
/// The one consumer of all coordinators; the leader pulls from it.
[[nodiscard]] jetstream::durable_consumer requests_consumer();

/// `coord.submit.<scope>`: the scope of the item stands in the subject, as in the lanes of work, so
/// that a NATS permission binds it.
[[nodiscard]] std::string request_subject(std::string_view scope);
/// The scope; nothing for what is no such subject.
[[nodiscard]] std::optional<std::string> parse_request_subject(std::string_view subject);

} // namespace nats_mcp::coordination
