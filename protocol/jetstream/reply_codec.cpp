// SPDX-License-Identifier: MIT
#include "protocol/jetstream/reply_codec.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/json/flat_object.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

constexpr int status_no_responders = 503;

struct mapped_error {
  int number;
  ec code;
};

// Sorted by number. What is not here and no limit by its wording stays `jetstream_error`.
constexpr std::array mapped_errors{
  mapped_error{10002, ec::limit_exceeded},     // resource limits of the account
  mapped_error{10014, ec::not_found},          // consumer
  mapped_error{10023, ec::limit_exceeded},     // insufficient resources
  mapped_error{10026, ec::limit_exceeded},     // consumers of the account
  mapped_error{10027, ec::limit_exceeded},     // streams
  mapped_error{10028, ec::limit_exceeded},     // memory
  mapped_error{10035, ec::jetstream_disabled}, // no such account
  mapped_error{10037, ec::not_found},          // message
  mapped_error{10039, ec::jetstream_disabled}, // not enabled for the account
  mapped_error{10043, ec::not_found},          // sequence
  mapped_error{10047, ec::limit_exceeded},     // storage
  mapped_error{10054, ec::limit_exceeded},     // message size
  mapped_error{10059, ec::not_found},          // stream
  mapped_error{10070, ec::conflict},           // wrong last message id
  mapped_error{10071, ec::conflict},           // wrong last sequence
  mapped_error{10076, ec::jetstream_disabled}, // not enabled at all
  mapped_error{10077, ec::limit_exceeded},     // stream or subject full
  mapped_error{10128, ec::limit_exceeded},     // one subject is full (newer servers)
};

/// A number that says what an error is; 0 for what is none of NATS's.
int error_member(const json::value& described, std::string_view key) {
  constexpr std::int64_t greatest = std::numeric_limits<int>::max();
  const auto given = json::signed_member(described, key).value_or(0);
  return given >= 0 && given <= greatest ? static_cast<int>(given) : 0;
}

/// Somebody else's words, as a sentence of ours repeats them.
std::string repeated(std::string_view text) {
  return one_line(json::shortened(text, limits::quoted_bytes_max));
}

/// What to do about a refusal; empty where the caller decides.
std::string advice_on(ec code, int number) {
  if (number == error_number::too_few_servers || number == error_number::no_suitable_servers) {
    return " Ask for fewer copies (NATS_MCP_REPLICAS), or add servers to the NATS cluster.";
  }
  switch (code) {
    case ec::limit_exceeded:
      return " Make room there, or ask whoever runs the NATS server to raise this limit.";
    case ec::not_found:
      return " It may have been deleted meanwhile; try again.";
    case ec::jetstream_error:
      return " `nats-mcp-server doctor` shows more; otherwise ask whoever runs the NATS server.";
    default:
      return {};
  }
}

error error_of(const json::value& described, std::string_view what) {
  const auto number = error_member(described, "err_code");
  const auto status = error_member(described, "code");
  const auto description = repeated(json::text_member(described, "description"));
  const auto code = code_of_jetstream_error(number, status, description);
  if (code == ec::jetstream_disabled) {
    return {code, jetstream_disabled_sentence(), number};
  }
  return {code, jetstream_refused_sentence(what, description, number) + advice_on(code, number),
          number};
}

result<json::value> parse_reply(const incoming& reply, std::string_view what) {
  auto document = json::parse(reply.payload);
  if (!document) {
    return fail(ec::malformed, "The answer of the NATS server about the " + std::string{what}
                                 + " could not be read: " + document.error().message);
  }
  if (const auto* described = json::find(*document, "error"); described != nullptr) {
    return tl::make_unexpected(error_of(*described, what));
  }
  return document;
}

} // namespace

ec code_of_jetstream_error(int number, int status, std::string_view description) {
  const auto found =
    std::lower_bound(mapped_errors.begin(), mapped_errors.end(), number,
                     [](const mapped_error& entry, int wanted) { return entry.number < wanted; });
  if (found != mapped_errors.end() && found->number == number) {
    return found->code;
  }
  if (description.find("maximum") != std::string_view::npos
      && description.find("exceeded") != std::string_view::npos) {
    return ec::limit_exceeded;
  }
  return status == 404 ? ec::not_found : ec::jetstream_error;
}

bool is_transient(const error& failure) noexcept {
  return failure.jetstream_code == error_number::temporarily_unavailable;
}

bool is_too_large(const error& failure) noexcept {
  // Without a number it was not even sent (the server's max_payload).
  return failure.code == ec::limit_exceeded
         && (failure.jetstream_code == 0
             || failure.jetstream_code == error_number::message_too_large);
}

bool is_subject_full(const error& failure) noexcept {
  return failure.jetstream_code == error_number::store_failed
         && failure.message.find("per subject") != std::string::npos;
}

std::optional<publish_receipt> decode_stored(const incoming& reply) {
  if (reply.status != 0) {
    return std::nullopt;
  }
  auto members = json::read_flat_object(reply.payload);
  if (!members || members->size() != 2) {
    return std::nullopt;
  }
  auto& stream = members->front();
  const auto& position = members->back();
  publish_receipt receipt;
  const auto* end = position.text.data() + position.text.size();
  if (stream.key != "stream" || !stream.is_string || stream.text.empty() || position.key != "seq"
      || position.is_string
      || std::from_chars(position.text.data(), end, receipt.sequence).ec != std::errc{}) {
    return std::nullopt;
  }
  receipt.stream = std::move(stream.text);
  return receipt;
}

result<publish_receipt> decode_publish_receipt(const incoming& reply, std::string_view what,
                                               const server_facts& facts) {
  if (reply.status == status_no_responders) {
    return tl::make_unexpected(no_responders(facts, no_stream_sentence(what)));
  }
  const auto document = parse_reply(reply, what);
  if (!document) {
    return tl::make_unexpected(document.error());
  }
  const auto* duplicate = json::find(*document, "duplicate");
  publish_receipt receipt{std::string{json::text_member(*document, "stream")},
                          json::unsigned_member(*document, "seq").value_or(0),
                          duplicate != nullptr && *duplicate == json::value(true)};
  if (receipt.stream.empty()) {
    return fail(ec::malformed, "Something other than JetStream answered the " + std::string{what}
                                 + ". Whether it was stored is not known.");
  }
  return receipt;
}

result<api_reply> decode_api_reply(incoming&& reply, std::string_view what,
                                   const server_facts& facts) {
  if (reply.status == status_no_responders) {
    return tl::make_unexpected(no_responders(facts, nobody_answers_sentence(what)));
  }
  // Most answers are no errors and big (stream lists): parsed by the caller, not twice.
  if (reply.payload.find("\"error\"") != std::string::npos) {
    if (auto document = parse_reply(reply, what); !document) {
      return tl::make_unexpected(document.error());
    }
  }
  return api_reply{std::move(reply.payload)};
}

error no_responders(const server_facts& facts, std::string absent) {
  if (facts.jetstream == server_facts::verdict::disabled) {
    return {ec::jetstream_disabled, jetstream_disabled_sentence(), 0};
  }
  return {ec::not_found, std::move(absent), 0};
}

std::optional<std::uint64_t> sequence_of_conflict(std::string_view message) {
  constexpr std::string_view marker = "wrong last sequence: ";
  const auto at = message.find(marker);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const auto digits = message.substr(at + marker.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

} // namespace nats_mcp::jetstream
