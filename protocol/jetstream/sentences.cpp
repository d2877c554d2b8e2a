// SPDX-License-Identifier: MIT
#include "protocol/jetstream/sentences.hpp"

#include "protocol/text.hpp"

namespace nats_mcp::jetstream {

namespace {

std::string in_brackets(std::string_view cause) {
  return cause.empty() ? std::string{} : " (" + one_line(cause) + ")";
}

} // namespace

std::string unreachable_sentence(std::string_view urls, std::string_view cause) {
  // The first sentence stands word for word in the seed's troubleshooting section.
  return "NATS connection failed. Make sure NATS server with JetStream is running. No server "
         "answers"
         " at "
         + std::string{urls} + in_brackets(cause)
         + "; start one with `nats-server -js`, or set NATS_URL to the address of yours. Where it "
           "is"
           " not set, agents of one machine start a server themselves.";
}

std::string jetstream_disabled_sentence() {
  return "JetStream not enabled. The NATS server answers but stores nothing: start it with"
         " `nats-server -js`, add `jetstream {}` to its configuration, or enable JetStream for this"
         " account.";
}

std::string authentication_sentence(std::string_view urls, std::string_view cause,
                                    std::string_view reason, std::string_view remedy) {
  return "The NATS server at " + std::string{urls} + " refused the credentials" + in_brackets(cause)
         + ": " + std::string{reason} + ". " + std::string{remedy};
}

std::string no_credentials_sentence(std::string_view urls, std::string_view cause) {
  return "The NATS server at " + std::string{urls} + " asks for credentials, and none are set"
         + in_brackets(cause)
         + ". Set NATS_CREDS, NATS_NKEY_SEED_FILE, NATS_TOKEN, or NATS_USER and NATS_PASSWORD,"
           " whichever it asks for, and start this program again.";
}

std::string tls_sentence(std::string_view urls, std::string_view reason, std::string_view cause,
                         std::string_view remedy) {
  return "No TLS connection to the NATS server at " + std::string{urls} + ": " + std::string{reason}
         + in_brackets(cause) + ". " + std::string{remedy};
}

std::string permission_sentence(std::string_view what, std::string_view operation,
                                std::string_view subject) {
  return "The NATS server does not allow this user the " + std::string{what}
         + ". Ask whoever runs the server for the permission to " + std::string{operation} + " \""
         + std::string{subject} + "\", or use other credentials.";
}

std::string too_large_sentence(std::string_view what, std::size_t bytes, std::size_t bytes_max) {
  return "The " + std::string{what} + " is too large: with its envelope it has "
         + std::to_string(bytes) + " bytes, and the NATS server takes at most "
         + std::to_string(bytes_max)
         + " (its max_payload). Nothing was sent. Shorten it, or send it in parts.";
}

std::string connection_lost_sentence(std::string_view urls, std::string_view cause) {
  return "The connection to the NATS server at " + std::string{urls} + " was lost"
         + in_brackets(cause) + " and is being made again.";
}

std::string timeout_sentence(std::string_view what, std::string_view why) {
  auto sentence = "The " + std::string{what} + " was not sent in time, so nothing happened.";
  if (!why.empty()) {
    sentence += ' ';
    sentence += why;
  }
  return sentence;
}

std::string no_answer_sentence(std::string_view what) {
  return "The NATS server did not answer the " + std::string{what}
         + " in time. It changes nothing, so try again.";
}

std::string unknown_outcome_sentence(std::string_view what) {
  return "The " + std::string{what}
         + " was sent, but no acknowledgement came in time. Whether it took effect is not known:"
           " look before you repeat it.";
}

std::string ambiguous_conflict_sentence(std::string_view what) {
  return "The " + std::string{what}
         + " was sent more than once and met a newer value, which may be its own. Whether it took"
           " effect is not known: look before you repeat it.";
}

std::string busy_sentence(std::string_view what) {
  return "Too many requests wait for NATS already, so the " + std::string{what}
         + " was not sent. Nothing happened; try again in a moment.";
}

std::string jetstream_refused_sentence(std::string_view what, std::string_view description,
                                       int number) {
  return "JetStream refused the " + std::string{what} + ": " + one_line(description) + " (error "
         + std::to_string(number) + ").";
}

std::string no_stream_sentence(std::string_view what) {
  return "No stream stores the " + std::string{what} + ", so nothing was stored.";
}

std::string nobody_answers_sentence(std::string_view what) {
  return "Nobody on the NATS server answers the " + std::string{what}
         + ": what it names does not exist (any more), or JetStream is not ready. Try again in a"
           " moment.";
}

std::string closing_sentence(std::string_view what) {
  return "This server is stopping, so the " + std::string{what} + " was not sent.";
}

} // namespace nats_mcp::jetstream
