// SPDX-License-Identifier: MIT
// Buckets in memory, as nats-server keeps them: revisions count over the whole bucket, a deletion
// leaves a marker with a revision of its own, a write may expect a revision, every write bears the
// server's time stamp. Plain and single-threaded; time stands still until the test moves it.
#pragma once

#include "protocol/agents/key_script.hpp"
#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

class key_store {
public:
  explicit key_store(std::initializer_list<std::string_view> buckets);

  [[nodiscard]] result<jetstream::kv_lookup> get(const jetstream::kv_get& what) const;
  result<jetstream::kv_revision> put(const jetstream::kv_put& what);
  result<jetstream::kv_revision> remove(const jetstream::kv_delete& what);
  result<agents::key_answer> carry_out(const agents::key_command& what);

  /// What stands under a key; nothing when it was never written, was deleted or expired.
  [[nodiscard]] std::optional<jetstream::kv_entry> entry(std::string_view bucket,
                                                         std::string_view key) const;
  /// Every entry of a bucket that is there, by key.
  [[nodiscard]] std::vector<jetstream::kv_entry> entries(std::string_view bucket) const;
  /// The newest entry of each key in the order of writing, deletions included.
  [[nodiscard]] std::vector<jetstream::kv_entry> history(std::string_view bucket) const;

  /// The time a key was kept for is over: nothing is left of it.
  void expire(std::string_view bucket, std::string_view key);
  void make_bucket(std::string_view bucket);
  void drop_bucket(std::string_view bucket);
  [[nodiscard]] bool has_bucket(std::string_view bucket) const;

  void pass(std::chrono::milliseconds time) { now_ += time; }
  /// What has passed on another clock passes here as well. @param passed how much it is so far
  void follow(std::function<std::chrono::milliseconds()> passed) { passed_ = std::move(passed); }
  [[nodiscard]] wall_time now() const { return passed_ ? now_ + passed_() : now_; }

  /// Called after each write.
  std::function<void(const std::string& bucket, const jetstream::kv_entry&)> on_write;

private:
  struct stored_bucket {
    std::map<std::string, jetstream::kv_entry, std::less<>> entries;
    std::uint64_t revision = 0;
  };

  result<jetstream::kv_revision> write(const std::string& where, jetstream::kv_entry entry,
                                       std::optional<std::uint64_t> expected);

  std::map<std::string, stored_bucket, std::less<>> buckets_;
  wall_time now_{std::chrono::milliseconds{1'736'935'200'000}};
  std::function<std::chrono::milliseconds()> passed_;
};

} // namespace nats_mcp::testing
