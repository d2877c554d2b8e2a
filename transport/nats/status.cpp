// SPDX-License-Identifier: MIT
#include "transport/nats/status.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/spoken_names.hpp"

namespace nats_mcp::transport {

namespace {

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

} // namespace

error write_error(natsStatus status, std::string_view subject) {
  switch (status) {
    case NATS_INVALID_SUBJECT:
    case NATS_INVALID_ARG:
    case NATS_INVALID_QUEUE_NAME:
      return {ec::invalid_argument,
              "\"" + std::string{subject} + "\" is no subject NATS can carry.", 0};
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_DRAINING:
      return {ec::nats_unreachable, "There is no connection to NATS.", 0};
    default:
      return {ec::system_error,
              "The " + jetstream::spoken_message(subject) + " could not be sent ("
                + natsStatus_GetText(status) + "). Nothing happened; try again.",
              0};
  }
}

error too_large_error(const jetstream::outgoing& message, std::size_t bytes_max) {
  // As the server counts: what stands around a block of headers, and around each of them.
  constexpr std::size_t block_bytes = std::string_view{"NATS/1.0\r\n\r\n"}.size();
  constexpr std::size_t header_bytes = std::string_view{": \r\n"}.size();
  auto bytes = message.payload.size() + (message.headers.empty() ? 0 : block_bytes);
  for (const auto& [name, value] : message.headers) {
    bytes += name.size() + value.size() + header_bytes;
  }
  return {
    ec::limit_exceeded,
    jetstream::too_large_sentence(jetstream::spoken_message(message.subject), bytes, bytes_max), 0};
}

bool is_final(ec code) noexcept {
  return code == ec::authentication_failed || code == ec::tls_failed
         || code == ec::configuration_invalid || code == ec::system_error;
}

std::optional<refused_subject> parse_refusal(std::string_view server_error) {
  if (!mentions(server_error, "ermissions")) {
    return std::nullopt;
  }
  const auto opening = server_error.find('"');
  const auto closing =
    opening == std::string_view::npos ? opening : server_error.find('"', opening + 1);
  if (closing == std::string_view::npos) {
    return std::nullopt;
  }
  refused_subject refusal;
  refusal.subject = std::string{server_error.substr(opening + 1, closing - opening - 1)};
  if (mentions(server_error.substr(0, opening), "ubscription")) {
    refusal.refused = refused_subject::operation::subscribe;
  }
  return refusal;
}

} // namespace nats_mcp::transport
