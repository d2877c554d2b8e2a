// SPDX-License-Identifier: MIT
// The STREAM and DIRECT verbs of the API.
#include "protocol/json/member.hpp"

#include "tests/simulation/jetstream/account.hpp"
#include "tests/simulation/jetstream/subject.hpp"

#include <openssl/evp.h>

#include <string>
#include <utility>

namespace nats_mcp::simulation {

namespace {

tl::unexpected<refusal> bad_request() { return refuse(400, 10003, "bad request"); }

std::string rest_of(const std::vector<std::string_view>& tokens, std::size_t from) {
  std::string rest;
  for (auto at = from; at < tokens.size(); ++at) {
    rest += (at == from ? "" : ".") + std::string{tokens[at]};
  }
  return rest;
}

/// As `STREAM.MSG.GET` answers payloads and headers.
std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL ends it with a zero
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string header_block(const jetstream::headers& headers) {
  std::string block = "NATS/1.0\r\n";
  for (const auto& [name, value] : headers) {
    block += name + ": " + value + "\r\n";
  }
  return block + "\r\n";
}

} // namespace

std::optional<json::value> account::stream_verb(const tokens& verb, std::string_view body,
                                                instant now) {
  const auto action = verb[1];
  if (action == "NAMES" && verb.size() == 2) {
    return answer_of("stream_names_response", stream_names(body));
  }
  if (action == "MSG" && verb.size() == 4) {
    const std::string name{verb[3]};
    if (verb[2] == "DELETE") {
      return answer_of("stream_msg_delete_response", message_delete(name, body));
    }
    if (verb[2] == "GET") {
      return answer_of("stream_msg_get_response", message_get(name, body));
    }
    return std::nullopt;
  }
  if (verb.size() != 3) {
    return std::nullopt;
  }
  const std::string name{verb[2]};
  if (action == "INFO") {
    return answer_of("stream_info_response", stream_information(name, body));
  }
  if (action == "CREATE") {
    return answer_of("stream_create_response", stream_create(name, body, false, now));
  }
  if (action == "UPDATE") {
    return answer_of("stream_update_response", stream_create(name, body, true, now));
  }
  if (action == "PURGE") {
    return answer_of("stream_purge_response", stream_purge(name, body));
  }
  if (action == "DELETE") {
    return answer_of("stream_delete_response", stream_delete(name));
  }
  return std::nullopt;
}

granted<json::value> account::stream_create(const std::string& name, std::string_view body,
                                            bool exists_already, instant now) {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  auto config = parse_stream_config(*document);
  if (json::text_member(*document, "name") != name) {
    return refuse(400, 10056, "stream name in subject does not match request");
  }
  if (!config) {
    return tl::make_unexpected(config.error());
  }
  mutate(how_.falsehood, *config);
  auto* found = find(name);
  if (exists_already && found == nullptr) {
    return refuse(404, 10059, "stream not found");
  }
  if (!exists_already && found != nullptr && !(found->config() == *config)) {
    return refuse(400, 10058, "stream name already in use with a different configuration");
  }
  if (const auto free = check_subjects(*config); !free) {
    return tl::make_unexpected(free.error());
  }
  if (found == nullptr) {
    auto made = std::make_unique<stream>(*config, how_, out_, now);
    found = streams_.emplace(name, std::move(made)).first->second.get();
  } else if (exists_already) {
    if (const auto updated = found->update(*config, now); !updated) {
      return tl::make_unexpected(updated.error());
    }
  }
  auto information = found->information({});
  if (!exists_already) {
    information["did_create"] = true;
  }
  return information;
}

granted<json::value> account::stream_information(const std::string& name, std::string_view body) {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  return existing(name).map([&](const stream* found) {
    return found->information(std::string{json::text_member(*document, "subjects_filter")});
  });
}

granted<json::value> account::stream_purge(const std::string& name, std::string_view body) {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  const auto found = existing(name);
  if (!found) {
    return tl::make_unexpected(found.error());
  }
  purge_request request{std::string{json::text_member(*document, "filter")},
                        json::unsigned_member(*document, "seq").value_or(0),
                        json::unsigned_member(*document, "keep").value_or(0)};
  if (request.below > 0 && request.keep > 0) {
    return bad_request();
  }
  mutate(how_.falsehood, request);
  if ((*found)->config().deny_purge) {
    return refuse(500, 10110, "stream purge not permitted");
  }
  return json::value{{"success", true}, {"purged", (*found)->purge(request)}};
}

granted<json::value> account::stream_delete(const std::string& name) {
  const auto found = existing(name);
  if (!found) {
    return tl::make_unexpected(found.error());
  }
  (*found)->close();
  streams_.erase(name);
  return json::value{{"success", true}};
}

granted<json::value> account::stream_names(std::string_view body) const {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  const auto subject = json::text_member(*document, "subject");
  auto names = json::value::array();
  for (const auto& [name, each] : streams_) {
    bool wanted = subject.empty();
    for (const auto& pattern : each->config().subjects) {
      wanted = wanted || overlap(pattern, subject);
    }
    if (wanted) {
      names.push_back(name);
    }
  }
  const auto total = names.size();
  return json::value{
    {"total", total}, {"offset", 0}, {"limit", 1024}, {"streams", std::move(names)}};
}

granted<json::value> account::message_delete(const std::string& name, std::string_view body) {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  const auto sequence = json::unsigned_member(*document, "seq");
  if (!sequence) {
    return bad_request();
  }
  return existing(name).and_then([&](stream* found) {
    return found->remove(*sequence).map([] { return json::value{{"success", true}}; });
  });
}

granted<json::value> account::message_get(const std::string& name, std::string_view body) {
  const auto document = read_body(body);
  if (!document) {
    return document;
  }
  const auto found = existing(name);
  if (!found) {
    return tl::make_unexpected(found.error());
  }
  const auto sequence = json::unsigned_member(*document, "seq");
  const auto last = json::text_member(*document, "last_by_subj");
  const auto next = json::text_member(*document, "next_by_subj");
  if (last.empty() && !sequence) {
    return bad_request();
  }
  const auto& log = (*found)->log();
  const auto* entry = !last.empty()   ? newest_of(log, last)
                      : !next.empty() ? log.next_of(next, *sequence)
                                      : log.find(*sequence);
  if (entry == nullptr) {
    return refuse(404, 10037, "no message found");
  }
  json::value message{{"subject", entry->subject}, {"seq", entry->sequence}};
  if (!entry->headers.empty()) {
    message["hdrs"] = to_base64(header_block(entry->headers));
  }
  if (!entry->payload.empty()) {
    message["data"] = to_base64(entry->payload);
  }
  message["time"] = to_text(entry->stored_at);
  return json::value{{"message", std::move(message)}};
}

const log_entry* account::newest_of(const message_log& log, std::string_view pattern) const {
  return how_.is(mutation::newest_message_is_the_oldest) ? log.next_of(pattern, 0)
                                                         : log.last_of(pattern);
}

void account::direct_get(const tokens& verb, const jetstream::outgoing& request) {
  auto* found = verb.size() > 2 ? find(std::string{verb[2]}) : nullptr;
  if (found == nullptr || !found->config().allow_direct || verb[1] != "GET") {
    return;
  }
  auto subject = rest_of(verb, 3);
  if (subject.empty()) {
    const auto document = read_body(request.payload);
    subject = document ? json::text_member(*document, "last_by_subj") : std::string_view{};
  }
  const auto* entry = newest_of(found->log(), subject);
  if (entry == nullptr) {
    out_.send(request.reply, status_message(404, "Message Not Found"));
    return;
  }
  jetstream::incoming message{{}, {}, entry->headers, entry->payload, 0};
  message.headers.emplace_back("Nats-Stream", found->config().name);
  message.headers.emplace_back("Nats-Subject", entry->subject);
  message.headers.emplace_back("Nats-Sequence", std::to_string(entry->sequence));
  message.headers.emplace_back("Nats-Time-Stamp", to_text(entry->stored_at));
  out_.send(request.reply, std::move(message));
}

} // namespace nats_mcp::simulation
