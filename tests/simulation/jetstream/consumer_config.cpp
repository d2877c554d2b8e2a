// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/consumer_config.hpp"

#include "protocol/json/member.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nats_mcp::simulation {

namespace {

constexpr std::uint64_t default_max_waiting = 512;
constexpr std::uint64_t default_max_ack_pending = 1000;
constexpr auto default_ack_wait = std::chrono::seconds{30};
constexpr auto default_inactive_threshold = std::chrono::seconds{5};

constexpr std::array<std::pair<std::string_view, deliver_kind>, 5> deliver_names{{
  {"all", deliver_kind::all},
  {"last", deliver_kind::latest},
  {"new", deliver_kind::fresh},
  {"by_start_sequence", deliver_kind::by_start_sequence},
  {"last_per_subject", deliver_kind::last_per_subject},
}};

constexpr std::array<std::pair<std::string_view, ack_policy>, 3> ack_names{{
  {"none", ack_policy::none},
  {"all", ack_policy::all},
  {"explicit", ack_policy::each},
}};

template <class Table, class Value>
Value value_of(const Table& table, std::string_view name, Value otherwise) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == table.end() ? otherwise : found->second;
}

template <class Table, class Value>
std::string_view name_of(const Table& table, Value value) {
  return std::find_if(table.begin(), table.end(),
                      [&](const auto& entry) { return entry.second == value; })
    ->first;
}

std::chrono::nanoseconds nanoseconds_of(const json::value& document, std::string_view key) {
  return std::chrono::nanoseconds{json::signed_member(document, key).value_or(0)};
}

std::optional<std::uint64_t> positive(const json::value& document, std::string_view key) {
  const auto value = json::signed_member(document, key);
  if (!value || *value <= 0) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value);
}

granted<void> check(const consumer_config& config, const stream_config& stream) {
  constexpr int delivery_policy = 10094;
  if (stream.retention == retention_kind::work_queue && config.acknowledge != ack_policy::each) {
    return config.acknowledge == ack_policy::none && !config.pushes()
             ? refuse(400, 10084, "consumer in pull mode requires ack policy")
             : refuse(400, 10098, "workqueue stream requires explicit ack");
  }
  if (config.deliver == deliver_kind::by_start_sequence && !config.start_sequence) {
    return refuse(400, delivery_policy,
                  "consumer delivery policy is deliver by start sequence, but optional start "
                  "sequence is not set");
  }
  if (config.deliver != deliver_kind::by_start_sequence && config.start_sequence) {
    return refuse(400, delivery_policy,
                  "consumer delivery policy is deliver "
                    + std::string{name_of(deliver_names, config.deliver)}
                    + ", but optional start sequence is also set");
  }
  if (config.deliver == deliver_kind::last_per_subject && config.filter.empty()) {
    return refuse(400, delivery_policy,
                  "consumer delivery policy is deliver last per subject, but optional filter "
                  "subject is not set");
  }
  const auto of_stream = [&](const std::string& subject) {
    return overlap(config.filter, subject);
  };
  if (!config.filter.empty()
      && std::none_of(stream.subjects.begin(), stream.subjects.end(), of_stream)) {
    return refuse(400, 10093,
                  "consumer filter subject is not a valid subset of the interest subjects");
  }
  return {};
}

} // namespace

granted<consumer_config> parse_consumer_config(const json::value& document,
                                               const stream_config& stream) {
  consumer_config config;
  config.durable_name = json::text_member(document, "durable_name");
  config.name = json::text_member(document, "name");
  config.deliver =
    value_of(deliver_names, json::text_member(document, "deliver_policy"), deliver_kind::all);
  config.start_sequence = positive(document, "opt_start_seq");
  config.acknowledge =
    value_of(ack_names, json::text_member(document, "ack_policy"), ack_policy::none);
  config.ack_wait = nanoseconds_of(document, "ack_wait");
  config.max_deliver = positive(document, "max_deliver");
  config.filter = json::text_member(document, "filter_subject");
  config.max_ack_pending = positive(document, "max_ack_pending");
  config.max_waiting = positive(document, "max_waiting").value_or(0);
  config.idle_heartbeat = nanoseconds_of(document, "idle_heartbeat");
  config.flow_control = json::true_member(document, "flow_control");
  config.deliver_subject = json::text_member(document, "deliver_subject");
  config.inactive_threshold = nanoseconds_of(document, "inactive_threshold");
  config.replicas = positive(document, "num_replicas").value_or(0);
  config.memory_storage = json::true_member(document, "mem_storage");
  if (config.acknowledge == ack_policy::none) {
    config.max_ack_pending.reset();
  } else {
    if (config.ack_wait.count() == 0) {
      config.ack_wait = default_ack_wait;
    }
    if (json::signed_member(document, "max_ack_pending").value_or(0) == 0) {
      config.max_ack_pending = default_max_ack_pending;
    }
  }
  if (!config.pushes() && config.max_waiting == 0) {
    config.max_waiting = default_max_waiting;
  }
  if (config.durable_name.empty() && config.inactive_threshold.count() == 0) {
    config.inactive_threshold = default_inactive_threshold;
  }
  return check(config, stream).map([&] { return config; });
}

granted<void> check_rewrite(const consumer_config& before, const consumer_config& after) {
  const auto may_not = [](const char* what) {
    return refuse(500, 10012, std::string{what} + " can not be updated");
  };
  if (before.deliver != after.deliver) {
    return may_not("deliver policy");
  }
  if (before.start_sequence != after.start_sequence) {
    return may_not("start sequence");
  }
  if (before.acknowledge != after.acknowledge) {
    return may_not("ack policy");
  }
  if (before.max_waiting != after.max_waiting) {
    return may_not("max waiting");
  }
  if (before.flow_control != after.flow_control) {
    return may_not("flow control");
  }
  if (before.idle_heartbeat != after.idle_heartbeat) {
    return may_not("heart beats");
  }
  return {};
}

json::value to_json(const consumer_config& config) {
  json::value out = json::value::object();
  const auto put_text = [&](const char* key, const std::string& text) {
    if (!text.empty()) {
      out[key] = text;
    }
  };
  const auto put_time = [&](const char* key, std::chrono::nanoseconds time) {
    if (time.count() != 0) {
      out[key] = time.count();
    }
  };
  put_text("durable_name", config.durable_name);
  put_text("name", config.name);
  out["deliver_policy"] = name_of(deliver_names, config.deliver);
  if (config.start_sequence) {
    out["opt_start_seq"] = *config.start_sequence;
  }
  out["ack_policy"] = name_of(ack_names, config.acknowledge);
  put_time("ack_wait", config.ack_wait);
  out["max_deliver"] = config.max_deliver ? static_cast<std::int64_t>(*config.max_deliver) : -1;
  put_text("filter_subject", config.filter);
  out["replay_policy"] = "instant";
  if (!config.pushes()) {
    out["max_waiting"] = config.max_waiting;
  }
  if (config.acknowledge != ack_policy::none) {
    out["max_ack_pending"] =
      config.max_ack_pending ? static_cast<std::int64_t>(*config.max_ack_pending) : -1;
  }
  put_time("idle_heartbeat", config.idle_heartbeat);
  if (config.flow_control) {
    out["flow_control"] = true;
  }
  put_text("deliver_subject", config.deliver_subject);
  put_time("inactive_threshold", config.inactive_threshold);
  out["num_replicas"] = config.replicas;
  if (config.memory_storage) {
    out["mem_storage"] = true;
  }
  return out;
}

} // namespace nats_mcp::simulation
