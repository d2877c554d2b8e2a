// SPDX-License-Identifier: MIT
#include "tests/support/key_store.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace nats_mcp::testing {

namespace {

using jetstream::kv_operation;

auto no_bucket(const std::string& name) {
  return fail(ec::not_found, "There is no bucket \"" + name + "\".");
}

} // namespace

key_store::key_store(std::initializer_list<std::string_view> buckets) {
  for (const auto name : buckets) {
    make_bucket(name);
  }
}

result<jetstream::kv_lookup> key_store::get(const jetstream::kv_get& what) const {
  const auto found = buckets_.find(what.bucket);
  if (found == buckets_.end()) {
    return no_bucket(what.bucket);
  }
  const auto& entries = found->second.entries;
  const auto at = entries.find(what.key);
  return jetstream::kv_lookup{at == entries.end() ? std::nullopt : std::optional{at->second}};
}

result<jetstream::kv_revision> key_store::put(const jetstream::kv_put& what) {
  return write(what.bucket, {what.key, what.value, 0, kv_operation::put, now()},
               what.expected_revision);
}

result<jetstream::kv_revision> key_store::remove(const jetstream::kv_delete& what) {
  return write(what.bucket, {what.key, {}, 0, kv_operation::deleted, now()},
               what.expected_revision);
}

result<agents::key_answer> key_store::carry_out(const agents::key_command& what) {
  const auto as_answer = [](auto answer) { return agents::key_answer{std::move(answer)}; };
  return std::visit(
    [&](const auto& command) -> result<agents::key_answer> {
      using command_type = std::decay_t<decltype(command)>;
      if constexpr (std::is_same_v<command_type, jetstream::kv_get>) {
        return get(command).map(as_answer);
      } else if constexpr (std::is_same_v<command_type, jetstream::kv_put>) {
        return put(command).map(as_answer);
      } else {
        return remove(command).map(as_answer);
      }
    },
    what);
}

result<jetstream::kv_revision> key_store::write(const std::string& where, jetstream::kv_entry entry,
                                                std::optional<std::uint64_t> expected) {
  const auto found = buckets_.find(where);
  if (found == buckets_.end()) {
    return no_bucket(where);
  }
  auto& [entries, revision] = found->second;
  const auto known = entries.find(entry.key);
  if (expected && *expected != (known == entries.end() ? 0 : known->second.revision)) {
    return tl::make_unexpected(error{ec::conflict,
                                     "Somebody else wrote \"" + entry.key + "\" first.",
                                     jetstream::error_number::wrong_last_sequence});
  }
  entry.revision = ++revision;
  entries.insert_or_assign(entry.key, entry);
  if (on_write) {
    on_write(where, entry);
  }
  return jetstream::kv_revision{revision};
}

std::optional<jetstream::kv_entry> key_store::entry(std::string_view bucket,
                                                    std::string_view key) const {
  const auto found = get({std::string{bucket}, std::string{key}, {}});
  const bool there = found && found->entry && found->entry->operation == kv_operation::put;
  return there ? found->entry : std::nullopt;
}

std::vector<jetstream::kv_entry> key_store::entries(std::string_view bucket) const {
  auto out = history(bucket);
  std::erase_if(out, [](const auto& one) { return one.operation != kv_operation::put; });
  std::sort(out.begin(), out.end(),
            [](const auto& left, const auto& right) { return left.key < right.key; });
  return out;
}

std::vector<jetstream::kv_entry> key_store::history(std::string_view bucket) const {
  std::vector<jetstream::kv_entry> out;
  if (const auto found = buckets_.find(bucket); found != buckets_.end()) {
    for (const auto& [key, entry] : found->second.entries) {
      out.push_back(entry);
    }
  }
  std::sort(out.begin(), out.end(),
            [](const auto& left, const auto& right) { return left.revision < right.revision; });
  return out;
}

void key_store::expire(std::string_view bucket, std::string_view key) {
  auto& entries = buckets_.find(bucket)->second.entries;
  entries.erase(entries.find(key));
}

void key_store::make_bucket(std::string_view bucket) { buckets_.try_emplace(std::string{bucket}); }

void key_store::drop_bucket(std::string_view bucket) { buckets_.erase(buckets_.find(bucket)); }

bool key_store::has_bucket(std::string_view bucket) const { return buckets_.contains(bucket); }

} // namespace nats_mcp::testing
