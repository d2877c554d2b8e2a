// SPDX-License-Identifier: MIT
#include "protocol/jetstream/stream_config.hpp"

#include "protocol/json/member.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

template <class Enumeration, std::size_t Count>
using names = std::array<std::pair<Enumeration, std::string_view>, Count>;

constexpr names<retention_policy, 3> retentions{{
  {retention_policy::limits, "limits"},
  {retention_policy::interest, "interest"},
  {retention_policy::work_queue, "workqueue"},
}};
constexpr names<discard_policy, 2> discards{{
  {discard_policy::old_messages, "old"},
  {discard_policy::new_messages, "new"},
}};
constexpr names<storage_kind, 2> storages{{
  {storage_kind::file, "file"},
  {storage_kind::memory, "memory"},
}};

constexpr std::array<std::string_view, 14> modelled{"name",
                                                    "subjects",
                                                    "retention",
                                                    "max_consumers",
                                                    "max_msgs",
                                                    "max_bytes",
                                                    "max_age",
                                                    "max_msgs_per_subject",
                                                    "discard",
                                                    "discard_new_per_subject",
                                                    "storage",
                                                    "num_replicas",
                                                    "duplicate_window",
                                                    "allow_direct"};

template <class Table, class Enumeration>
std::string name_of(const Table& table, Enumeration wanted) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [wanted](const auto& entry) { return entry.first == wanted; });
  return std::string{found->second};
}

template <class Table>
auto value_of(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const auto& entry) { return entry.second == name; });
  return (found == table.end() ? table.begin() : found)->first;
}

std::int64_t number(const json::value& document, std::string_view key, std::int64_t otherwise) {
  return json::signed_member(document, key).value_or(otherwise);
}

std::optional<wall_time> time_member(const json::value& state, std::string_view key) {
  const auto time = parse_rfc3339(json::text_member(state, key));
  // An empty stream has year 1 there.
  constexpr wall_time long_ago = std::chrono::sys_days{std::chrono::year{1970} / 1 / 1};
  return time && *time > long_ago ? std::optional{*time} : std::nullopt;
}

api_request request(std::string verb, std::string body, monotonic_time deadline) {
  // Each of these says what is to be, so saying it twice does no harm.
  return {std::move(verb), std::move(body), repeatable::yes, deadline};
}

} // namespace

json::value to_json(const stream_config& config) {
  auto out = json::value::object();
  out["name"] = config.name;
  out["subjects"] = config.subjects;
  out["retention"] = name_of(retentions, config.retention);
  out["max_consumers"] = config.max_consumers;
  out["max_msgs"] = config.max_messages;
  out["max_bytes"] = config.max_bytes;
  out["max_age"] = config.max_age.count();
  out["max_msgs_per_subject"] = config.max_messages_per_subject;
  out["discard"] = name_of(discards, config.discard);
  if (config.discard_new_per_subject) { // as the server writes it: absent is false
    out["discard_new_per_subject"] = true;
  }
  out["storage"] = name_of(storages, config.storage);
  out["num_replicas"] = config.replicas;
  out["duplicate_window"] = config.duplicate_window.count();
  out["allow_direct"] = config.allow_direct;
  for (const auto& [key, member] : config.other.items()) {
    out[key] = member;
  }
  return out;
}

result<stream_config> stream_config_from(const json::value& document) {
  stream_config out;
  out.name = json::text_member(document, "name");
  if (out.name.empty()) {
    return fail(ec::malformed, "The NATS server described a stream without a name.");
  }
  if (const auto* subjects = json::find(document, "subjects");
      subjects != nullptr && subjects->is_array()) {
    for (const auto& subject : *subjects) {
      if (subject.is_string()) {
        out.subjects.push_back(subject.get<std::string>());
      }
    }
  }
  out.retention = value_of(retentions, json::text_member(document, "retention"));
  out.max_consumers = number(document, "max_consumers", -1);
  out.max_messages = number(document, "max_msgs", -1);
  out.max_bytes = number(document, "max_bytes", -1);
  out.max_age = std::chrono::nanoseconds{number(document, "max_age", 0)};
  out.max_messages_per_subject = number(document, "max_msgs_per_subject", -1);
  out.discard = value_of(discards, json::text_member(document, "discard"));
  out.discard_new_per_subject = json::true_member(document, "discard_new_per_subject");
  out.storage = value_of(storages, json::text_member(document, "storage"));
  out.replicas = number(document, "num_replicas", 1);
  out.duplicate_window = std::chrono::nanoseconds{number(document, "duplicate_window", 0)};
  out.allow_direct = json::true_member(document, "allow_direct");
  for (const auto& [key, member] : document.items()) {
    if (std::find(modelled.begin(), modelled.end(), key) == modelled.end()) {
      out.other[key] = member;
    }
  }
  return out;
}

result<stream_info> parse_stream_info(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* config = json::find(*document, "config");
  const auto* state = json::find(*document, "state");
  if (config == nullptr || state == nullptr) {
    return fail(ec::malformed, "The NATS server's description of a stream is incomplete.");
  }
  auto parsed = stream_config_from(*config);
  if (!parsed) {
    return tl::make_unexpected(parsed.error());
  }
  stream_info out;
  out.config = std::move(*parsed);
  out.extent.messages = json::unsigned_member(*state, "messages").value_or(0);
  out.extent.first_sequence = json::unsigned_member(*state, "first_seq").value_or(0);
  out.extent.last_sequence = json::unsigned_member(*state, "last_seq").value_or(0);
  out.bytes = json::unsigned_member(*state, "bytes").value_or(0);
  out.first_at = time_member(*state, "first_ts");
  out.last_at = time_member(*state, "last_ts");
  return out;
}

api_request stream_info_request(std::string_view stream, monotonic_time deadline) {
  return request("STREAM.INFO." + std::string{stream}, {}, deadline);
}

api_request create_stream_request(const stream_config& config, monotonic_time deadline) {
  return request("STREAM.CREATE." + config.name, json::write(to_json(config)), deadline);
}

api_request update_stream_request(const stream_config& config, monotonic_time deadline) {
  return request("STREAM.UPDATE." + config.name, json::write(to_json(config)), deadline);
}

} // namespace nats_mcp::jetstream
