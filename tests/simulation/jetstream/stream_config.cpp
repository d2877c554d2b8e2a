// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/stream_config.hpp"

#include "protocol/json/member.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <string_view>

namespace nats_mcp::simulation {

namespace {

constexpr int invalid_configuration = 10052;
constexpr auto default_duplicate_window = std::chrono::minutes{2};

std::optional<std::uint64_t> bound(const json::value& document, std::string_view key) {
  const auto value = json::signed_member(document, key);
  if (!value || *value <= 0) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value);
}

std::chrono::nanoseconds nanoseconds_of(const json::value& document, std::string_view key) {
  return std::chrono::nanoseconds{json::signed_member(document, key).value_or(0)};
}

std::int64_t text_of(const std::optional<std::uint64_t>& bound) {
  return bound ? static_cast<std::int64_t>(*bound) : -1;
}

std::string_view text_of(retention_kind retention) {
  switch (retention) {
    case retention_kind::interest:
      return "interest";
    case retention_kind::work_queue:
      return "workqueue";
    default:
      return "limits";
  }
}

granted<void> check(const stream_config& config) {
  if (config.replicas > 1) {
    return refuse(500, 10074, "replicas > 1 not supported in non-clustered mode");
  }
  for (auto left = config.subjects.begin(); left != config.subjects.end(); ++left) {
    if (!is_valid_pattern(*left)) {
      return refuse(500, invalid_configuration, "invalid subject");
    }
    for (auto right = left + 1; right != config.subjects.end(); ++right) {
      if (overlap(*left, *right)) {
        return refuse(500, invalid_configuration,
                      "subject \"" + *left + "\" overlaps with \"" + *right + "\"");
      }
    }
  }
  if (config.max_age.count() > 0 && config.duplicate_window > config.max_age) {
    return refuse(500, invalid_configuration, "duplicates window can not be larger then max age");
  }
  if (config.discard_new_per_subject && config.discard != discard_kind::newest) {
    return refuse(500, invalid_configuration,
                  "discard new per subject requires discard new policy to be set");
  }
  if (config.discard_new_per_subject && !config.max_messages_per_subject) {
    return refuse(500, invalid_configuration,
                  "discard new per subject requires max msgs per subject > 0");
  }
  return {};
}

} // namespace

granted<stream_config> parse_stream_config(const json::value& document) {
  stream_config config;
  config.name = json::text_member(document, "name");
  config.description = json::text_member(document, "description");
  if (const auto* subjects = json::find(document, "subjects");
      subjects != nullptr && subjects->is_array()) {
    for (const auto& subject : *subjects) {
      if (subject.is_string()) {
        config.subjects.push_back(subject.get<std::string>());
      }
    }
  }
  if (config.subjects.empty()) {
    config.subjects.push_back(config.name);
  }
  const auto retention = json::text_member(document, "retention");
  config.retention = retention == "workqueue"  ? retention_kind::work_queue
                     : retention == "interest" ? retention_kind::interest
                                               : retention_kind::limits;
  config.storage =
    json::text_member(document, "storage") == "memory" ? storage_kind::memory : storage_kind::file;
  config.discard =
    json::text_member(document, "discard") == "new" ? discard_kind::newest : discard_kind::oldest;
  config.discard_new_per_subject = json::true_member(document, "discard_new_per_subject");
  config.max_consumers = bound(document, "max_consumers");
  config.max_messages = bound(document, "max_msgs");
  config.max_bytes = bound(document, "max_bytes");
  config.max_messages_per_subject = bound(document, "max_msgs_per_subject");
  config.max_message_size = bound(document, "max_msg_size");
  config.max_age = nanoseconds_of(document, "max_age");
  config.duplicate_window = nanoseconds_of(document, "duplicate_window");
  if (config.duplicate_window.count() == 0) {
    config.duplicate_window = default_duplicate_window;
    if (config.max_age.count() > 0) {
      config.duplicate_window = std::min(config.duplicate_window, config.max_age);
    }
  }
  config.replicas = std::max<std::uint64_t>(1, bound(document, "num_replicas").value_or(1));
  config.allow_direct = json::true_member(document, "allow_direct");
  config.deny_delete = json::true_member(document, "deny_delete");
  config.deny_purge = json::true_member(document, "deny_purge");
  config.allow_rollup = json::true_member(document, "allow_rollup_hdrs");
  return check(config).map([&] { return config; });
}

granted<void> check_update(const stream_config& before, const stream_config& after) {
  const auto may_not = [](const char* what) {
    return refuse(500, invalid_configuration,
                  std::string{"stream configuration update can not change "} + what);
  };
  if (before.storage != after.storage) {
    return may_not("storage type");
  }
  if (before.retention != after.retention) {
    return may_not("retention policy");
  }
  if (before.max_consumers != after.max_consumers) {
    return may_not("MaxConsumers");
  }
  if (before.deny_delete && !after.deny_delete) {
    return refuse(500, invalid_configuration,
                  "stream configuration update can not cancel deny message deletes");
  }
  if (before.deny_purge && !after.deny_purge) {
    return refuse(500, invalid_configuration,
                  "stream configuration update can not cancel deny purge");
  }
  return {};
}

json::value to_json(const stream_config& config) {
  json::value out{{"name", config.name}};
  if (!config.description.empty()) {
    out["description"] = config.description;
  }
  out["subjects"] = config.subjects;
  out["retention"] = text_of(config.retention);
  out["max_consumers"] = text_of(config.max_consumers);
  out["max_msgs"] = text_of(config.max_messages);
  out["max_bytes"] = text_of(config.max_bytes);
  out["max_age"] = config.max_age.count();
  out["max_msgs_per_subject"] = text_of(config.max_messages_per_subject);
  out["max_msg_size"] = text_of(config.max_message_size);
  out["discard"] = config.discard == discard_kind::newest ? "new" : "old";
  out["storage"] = config.storage == storage_kind::memory ? "memory" : "file";
  out["num_replicas"] = config.replicas;
  out["duplicate_window"] = config.duplicate_window.count();
  out["allow_direct"] = config.allow_direct;
  out["mirror_direct"] = false;
  if (config.discard_new_per_subject) {
    out["discard_new_per_subject"] = true;
  }
  out["sealed"] = false;
  out["deny_delete"] = config.deny_delete;
  out["deny_purge"] = config.deny_purge;
  out["allow_rollup_hdrs"] = config.allow_rollup;
  return out;
}

} // namespace nats_mcp::simulation
