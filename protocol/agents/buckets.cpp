// SPDX-License-Identifier: MIT
#include "protocol/agents/buckets.hpp"

#include "protocol/hash.hpp"
#include "protocol/jetstream/bucket.hpp"
#include "protocol/limits.hpp"

namespace nats_mcp::agents {

jetstream::stream_config agents_stream(std::uint32_t replicas) {
  return jetstream::bucket_stream(agents_bucket, limits::agent_kept_for, replicas);
}

jetstream::stream_config presence_stream(std::uint32_t replicas) {
  return jetstream::bucket_stream(presence_bucket, limits::presence_kept_for, replicas);
}

jetstream::stream_config sessions_stream(std::uint32_t replicas) {
  return jetstream::bucket_stream(sessions_bucket, limits::way_back_kept_for, replicas);
}

result<std::string> returning_key(const returning_agent& who) {
  // A line feed stands in none of them but perhaps a hostile host's name: then it is another agent.
  const auto hash =
    sha256(who.username + '\n' + who.hostname + '\n' + who.project_id + '\n' + who.handle);
  return hash.map([](const std::string& digits) { return "key." + digits; });
}

} // namespace nats_mcp::agents
