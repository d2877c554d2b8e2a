// SPDX-License-Identifier: MIT
#include "transport/nats/status.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/jetstream/spoken_names.hpp"

namespace nats_mcp::transport {

namespace {

bool mentions(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// What nats.c says without the place in its source it begins with: `(conn.c:123): `.
std::string_view without_place(std::string_view detail) {
  const auto end = detail.find("): ");
  return detail.starts_with('(') && end != std::string_view::npos ? detail.substr(end + 3) : detail;
}

bool speaks_of_tls(std::string_view detail) {
  for (const auto* word : {"SSL", "TLS", "tls", "certificate", "ecure connection"}) {
    if (mentions(detail, word)) {
      return true;
    }
  }
  return false;
}

bool speaks_of_authentication(std::string_view detail) {
  for (const auto* word : {"uthorization", "uthentication", "JWT", "nkey", "seed", "credential"}) {
    if (mentions(detail, word)) {
      return true;
    }
  }
  return false;
}

ec code_of(natsStatus status, std::string_view detail) {
  switch (status) {
    case NATS_CONNECTION_AUTH_FAILED:
      return ec::authentication_failed;
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
      return ec::tls_failed;
    default:
      break;
  }
  if (speaks_of_tls(detail)) {
    return ec::tls_failed;
  }
  return speaks_of_authentication(detail) ? ec::authentication_failed : ec::nats_unreachable;
}

} // namespace

error connect_error(natsStatus status, std::string_view urls, std::string_view detail) {
  const auto shown = jetstream::redact_urls(urls);
  auto cause = jetstream::redact_text(without_place(detail));
  if (cause.empty()) {
    cause = natsStatus_GetText(status);
  }
  switch (const auto code = code_of(status, detail); code) {
    case ec::authentication_failed:
      return {code, jetstream::authentication_sentence(shown, cause), 0};
    case ec::tls_failed:
      return {code, jetstream::tls_sentence(shown, cause), 0};
    default:
      return {code, jetstream::unreachable_sentence(shown, cause), 0};
  }
}

error lost_error(natsStatus status, std::string_view urls, std::string_view detail) {
  const auto shown = jetstream::redact_urls(urls);
  const auto cause = jetstream::redact_text(without_place(detail));
  if (status == NATS_CONNECTION_AUTH_FAILED || speaks_of_authentication(detail)) {
    return {ec::authentication_failed, jetstream::authentication_sentence(shown, cause), 0};
  }
  return {ec::nats_unreachable, jetstream::connection_lost_sentence(shown, cause), 0};
}

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
