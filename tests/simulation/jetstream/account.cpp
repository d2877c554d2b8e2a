// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/account.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <string>
#include <utility>

namespace nats_mcp::simulation {

granted<json::value> read_body(std::string_view body) {
  if (body.empty()) {
    return json::value::object();
  }
  auto document = json::parse(body);
  if (!document || !document->is_object()) {
    return refuse(400, 10025, "invalid JSON");
  }
  return *document;
}

json::value answer_of(std::string_view type, const granted<json::value>& outcome) {
  json::value answer{{"type", "io.nats.jetstream.api.v1." + std::string{type}}};
  if (!outcome) {
    answer["error"] = to_json(outcome.error());
    return answer;
  }
  for (const auto& [key, value] : outcome->items()) {
    answer[key] = value;
  }
  return answer;
}

void account::call(std::string_view verb, const jetstream::outgoing& request, instant now) {
  const auto parts = tokens_of(verb);
  std::optional<json::value> answer;
  if (parts.front() == "STREAM" && parts.size() >= 2) {
    answer = stream_verb(parts, request.payload, now);
  } else if (parts.front() == "CONSUMER" && parts.size() >= 3) {
    if (parts[1] == "MSG") {
      pull(parts, request, now);
    } else {
      answer = consumer_verb(parts, request.payload, now);
    }
  } else if (parts.front() == "DIRECT") {
    direct_get(parts, request);
  } else if (verb == "INFO") {
    answer = answer_of("account_info_response",
                       json::value{{"streams", streams_.size()},
                                   {"limits", {{"max_streams", -1}, {"max_consumers", -1}}}});
  }
  if (answer && !request.reply.empty()) {
    jetstream::incoming message;
    message.payload = json::write(*answer);
    out_.send(request.reply, std::move(message));
  }
}

std::optional<std::string> account::publish(const jetstream::outgoing& message, instant now) {
  for (const auto& [name, owner] : streams_) {
    if (!owner->owns(message.subject)) {
      continue;
    }
    auto understood = message;
    mutate(how_.falsehood, understood);
    const auto stored = owner->publish(understood, now);
    if (stored && !stored->duplicate && out_.stored) {
      out_.stored(name, understood, stored->sequence, now);
    }
    json::value answer{{"stream", name}, {"seq", stored ? stored->sequence : 0}};
    if (!stored) {
      answer["error"] = to_json(stored.error());
    } else if (stored->duplicate) {
      answer["duplicate"] = true;
    }
    return json::write(answer);
  }
  return std::nullopt;
}

bool account::acknowledge(std::string_view ack_subject, std::string_view payload, instant now) {
  const auto delivery = parse_delivery_name(ack_subject);
  if (!delivery) {
    return false;
  }
  auto* owner = find(delivery->stream);
  if (owner == nullptr || owner->find_consumer(delivery->consumer) == nullptr) {
    return how_.is(mutation::absent_consumer_takes_acks);
  }
  std::string understood{payload};
  mutate_settlement(how_.falsehood, understood);
  owner->settle(*delivery, understood, now);
  return true;
}

void account::interest_changed(instant now) {
  for (const auto& [name, each] : streams_) {
    each->interest_changed(now);
  }
}

void account::advance(instant now) {
  for (const auto& [name, each] : streams_) {
    each->advance(now);
  }
}

std::optional<instant> account::next_due() const {
  std::optional<instant> next;
  for (const auto& [name, each] : streams_) {
    if (const auto due = each->next_due(); due && (!next || *due < *next)) {
      next = due;
    }
  }
  return next;
}

void account::restarted(instant now) {
  for (const auto& [name, each] : streams_) {
    each->restarted(now);
  }
}

void account::killed(std::chrono::nanoseconds unsynced, instant now) {
  for (const auto& [name, each] : streams_) {
    each->killed(unsynced, now);
  }
}

void account::announce_shutdown() {
  for (const auto& [name, each] : streams_) {
    each->announce("Server Shutdown");
  }
}

stream* account::find(const std::string& name) {
  const auto found = streams_.find(name);
  return found == streams_.end() ? nullptr : found->second.get();
}

granted<stream*> account::existing(const std::string& name) {
  auto* found = find(name);
  if (found == nullptr) {
    return refuse(404, 10059, "stream not found");
  }
  return found;
}

granted<void> account::check_subjects(const stream_config& config) const {
  for (const auto& [name, other] : streams_) {
    if (name == config.name) {
      continue;
    }
    for (const auto& ours : config.subjects) {
      for (const auto& theirs : other->config().subjects) {
        if (overlap(ours, theirs)) {
          return refuse(400, 10065, "subjects overlap with an existing stream");
        }
      }
    }
  }
  return {};
}

} // namespace nats_mcp::simulation
