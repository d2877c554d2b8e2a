// SPDX-License-Identifier: MIT
// The CONSUMER verbs of the API.
#include "protocol/json/member.hpp"

#include "tests/simulation/jetstream/account.hpp"
#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace nats_mcp::simulation {

namespace {

std::string filter_in(const std::vector<std::string_view>& verb, std::size_t from) {
  std::string filter;
  for (auto at = from; at < verb.size(); ++at) {
    filter += (at == from ? "" : ".") + std::string{verb[at]};
  }
  return filter;
}

/// A pull request's body: empty, a number, or JSON.
granted<pull_request> read_pull(const jetstream::outgoing& request) {
  pull_request pull{request.reply};
  const auto& body = request.payload;
  if (body.empty()) {
    return pull;
  }
  if (body.front() != '{') {
    std::from_chars(body.data(), body.data() + body.size(), pull.batch);
    pull.batch = std::max<std::uint64_t>(pull.batch, 1);
    return pull;
  }
  const auto document = json::parse(body);
  if (!document) {
    return refuse(400, 0, "Bad Request - " + document.error().message);
  }
  pull.batch = static_cast<std::uint64_t>(
    std::max<std::int64_t>(json::signed_member(*document, "batch").value_or(1), 1));
  pull.bytes_max = json::unsigned_member(*document, "max_bytes").value_or(0);
  pull.expires = std::chrono::nanoseconds{json::signed_member(*document, "expires").value_or(0)};
  pull.no_wait = json::true_member(*document, "no_wait");
  return pull;
}

} // namespace

std::optional<json::value> account::consumer_verb(const tokens& verb, std::string_view body,
                                                  instant now) {
  if (verb[1] == "CREATE" || (verb[1] == "DURABLE" && verb[2] == "CREATE" && verb.size() == 5)) {
    return answer_of("consumer_create_response", consumer_create(verb, body, now));
  }
  if (verb.size() != 4) {
    return std::nullopt;
  }
  const std::string owner{verb[2]};
  const std::string name{verb[3]};
  if (verb[1] == "INFO") {
    return answer_of("consumer_info_response", consumer_information(owner, name));
  }
  if (verb[1] == "DELETE") {
    return answer_of("consumer_delete_response", consumer_delete(owner, name));
  }
  return std::nullopt;
}

granted<json::value> account::consumer_create(const tokens& verb, std::string_view body,
                                              instant now) {
  const auto durable = verb[1] == "DURABLE";
  const std::string owner{durable ? verb[3] : verb[2]};
  std::string name{durable ? verb[4] : verb.size() > 3 ? verb[3] : std::string_view{}};
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  if (json::text_member(*document, "stream_name") != owner) {
    return refuse(400, 10056, "stream name in subject does not match request");
  }
  const auto* wanted = json::find(*document, "config");
  const auto settings = wanted == nullptr ? json::value::object() : *wanted;
  if (durable && json::text_member(settings, "durable_name") != name) {
    return refuse(400, 10017, "consumer name in subject does not match durable name in request");
  }
  if (!durable && verb.size() > 4
      && json::text_member(settings, "filter_subject") != filter_in(verb, 4)) {
    return refuse(400, 10131,
                  "Consumer create request did not match filtered subject from create subject");
  }
  const auto found = existing(owner);
  if (!found) {
    return tl::make_unexpected(found.error());
  }
  auto config = parse_consumer_config(settings, (*found)->config());
  if (!config) {
    return tl::make_unexpected(config.error());
  }
  mutate(how_.falsehood, *config);
  if (!durable && !name.empty()) {
    // The name in the subject wins over the one in the body.
    config->name = name;
  }
  if (name.empty()) {
    name = "ephemeral-" + std::to_string(++unnamed_);
  }
  return (*found)->create_consumer(name, *config, now).map([](const consumer* made) {
    return made->information();
  });
}

granted<json::value> account::consumer_information(const std::string& stream_name,
                                                   const std::string& name) {
  const auto owner = existing(stream_name);
  if (!owner) {
    return tl::make_unexpected(owner.error());
  }
  const auto* found = (*owner)->find_consumer(name);
  if (found == nullptr) {
    return refuse(404, 10014, "consumer not found");
  }
  return found->information();
}

granted<json::value> account::consumer_delete(const std::string& stream_name,
                                              const std::string& name) {
  const auto owner = existing(stream_name);
  if (!owner) {
    return tl::make_unexpected(owner.error());
  }
  if (!(*owner)->delete_consumer(name)) {
    return refuse(404, 10014, "consumer not found");
  }
  return json::value{{"success", true}};
}

void account::pull(const tokens& verb, const jetstream::outgoing& request, instant now) {
  if (verb.size() != 5 || verb[2] != "NEXT" || request.reply.empty()) {
    return;
  }
  auto* owner = find(std::string{verb[3]});
  auto* reader = owner == nullptr ? nullptr : owner->find_consumer(std::string{verb[4]});
  if (reader == nullptr) {
    // Nobody answers for a consumer that is not there (2.9.10), not even "no responders".
    if (how_.is(mutation::absent_consumer_answers)) {
      out_.send(request.reply, status_message(503, {}));
    }
    return;
  }
  auto wanted = read_pull(request);
  if (!wanted) {
    out_.send(request.reply, status_message(wanted.error().status, wanted.error().description));
    return;
  }
  mutate(how_.falsehood, *wanted);
  reader->pull(*wanted, now);
}

} // namespace nats_mcp::simulation
