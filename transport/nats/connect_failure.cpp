// SPDX-License-Identifier: MIT
#include "transport/nats/connect_failure.hpp"

#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/text.hpp"

#include "transport/nats/certificate_files.hpp"
#include "transport/nats/connect_options.hpp"
#include "transport/nats/identity.hpp"
#include "transport/nats/identity_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <charconv>
#include <vector>

namespace nats_mcp::transport {

namespace {

constexpr std::string_view restart =
  "Settings are read at the start, so start this program again afterwards.";
constexpr std::string_view read_again = "The file is read again with every attempt to connect.";

bool says(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool says_any_of(std::string_view text, const std::vector<std::string_view>& words) {
  for (const auto word : words) {
    if (says(text, word)) {
      return true;
    }
  }
  return false;
}

/// What nats.c says without the place in its source it begins with: `(conn.c:123): `.
std::string_view without_place(std::string_view detail) {
  const auto end = detail.find("): ");
  return detail.starts_with('(') && end != std::string_view::npos ? detail.substr(end + 3) : detail;
}

bool speaks_of_tls(std::string_view detail) {
  return says_any_of(detail, {"SSL", "TLS", "tls", "certificate", "ecure connection"});
}

bool speaks_of_authentication(std::string_view detail) {
  return says_any_of(detail, {"uthorization", "uthentication", "JWT", "nkey"});
}

ec code_of(const failed_attempt& attempt) {
  switch (attempt.status) {
    case NATS_CONNECTION_AUTH_FAILED:
      return ec::authentication_failed;
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED:
      return ec::tls_failed;
    default:
      break;
  }
  if (!attempt.alert.empty() || speaks_of_tls(attempt.detail)) {
    return ec::tls_failed;
  }
  return speaks_of_authentication(attempt.detail) ? ec::authentication_failed
                                                  : ec::nats_unreachable;
}

std::vector<jetstream::server_url> addresses_of(const endpoint& where) {
  return jetstream::parse_server_urls(where.urls).value_or(std::vector<jetstream::server_url>{});
}

/// What is wrong, and what to do.
struct explanation {
  std::string reason;
  std::string remedy;
};

// -- credentials ---------------------------------------------------------------------------------

explanation explain_credentials_file(const std::string& path, wall_time now) {
  const auto file = credentials_file(path).spoken();
  const auto held = read_credentials_file(path);
  const auto remedy = "Write one that is valid into it. " + std::string{read_again};
  if (!held) {
    return {"the " + file + " has changed meanwhile", std::string{read_again}};
  }
  if (held->jwt.expires && *held->jwt.expires <= now) {
    return {"the JWT in the " + file + " has expired at " + to_rfc3339(*held->jwt.expires), remedy};
  }
  if (held->jwt.begins && now < *held->jwt.begins) {
    return {"the JWT in the " + file + " is not valid before " + to_rfc3339(*held->jwt.begins),
            "Wait until then, or correct this computer's clock. " + std::string{read_again}};
  }
  return {"the JWT in the " + file + ", of the user " + one_line(held->jwt.subject)
            + ", is not signed by an account the server knows (its issuer is "
            + one_line(held->jwt.issuer) + "), or was revoked",
          remedy};
}

explanation explain_nkey(const std::string& path) {
  const auto file = nkey_seed_file(path).spoken();
  const auto key = read_nkey_seed_file(path);
  if (!key) {
    return {"the " + file + " has changed meanwhile", std::string{read_again}};
  }
  return {"the server does not know the public key " + key->public_key() + " of the " + file,
          "Have whoever runs the server add this key to its users, or write another seed into the"
          " file. "
            + std::string{read_again}};
}

explanation explain_setting(std::string_view what) {
  return {"it does not know " + std::string{what},
          "Correct it, or have whoever runs the server do so. " + std::string{restart}};
}

error refused(const endpoint& where, std::string_view cause, wall_time now) {
  const auto shown = jetstream::redact_urls(where.urls);
  explanation why;
  switch (choose(where.identity, addresses_of(where)).kind) {
    case identity_kind::none:
      return {ec::authentication_failed, jetstream::no_credentials_sentence(shown, cause), 0};
    case identity_kind::credentials_file:
      why = explain_credentials_file(where.identity.creds_file, now);
      break;
    case identity_kind::nkey_seed_file:
      why = explain_nkey(where.identity.nkey_seed_file);
      break;
    case identity_kind::token:
      why = explain_setting("the token of NATS_TOKEN");
      break;
    case identity_kind::token_in_address:
      why = explain_setting("the token in the address of NATS_URL");
      break;
    case identity_kind::user:
      why = explain_setting("the user of NATS_USER with the password of NATS_PASSWORD");
      break;
    case identity_kind::user_in_address:
      why = explain_setting("the user with the password in the address of NATS_URL");
      break;
    case identity_kind::late_token:
      why = {"it does not know the token of the private NATS server",
             "`nats-mcp-server local status` tells of it."};
      break;
  }
  return {ec::authentication_failed,
          jetstream::authentication_sentence(shown, cause, why.reason, why.remedy), 0};
}

// -- TLS -----------------------------------------------------------------------------------------

/// What OpenSSL found wrong with the server's certificate: nats.c writes its number behind
/// "SSL handshake error: ". 0 = nothing.
int verification_failure(std::string_view cause) {
  constexpr std::string_view mark = "SSL handshake error: ";
  const auto at = cause.find(mark);
  int number = 0;
  if (at != std::string_view::npos) {
    const auto digits = cause.substr(at + mark.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
  }
  return number;
}

explanation explain_unknown_authority(const tls_files& files) {
  if (files.ca.empty()) {
    return {"its certificate is signed by an authority that is not trusted here",
            "Set NATS_TLS_CA to a file with the certificate of that authority."};
  }
  return {"its certificate is signed by an authority that is not in the "
            + authority_file(files.ca).spoken(),
          "Write the certificate of that authority into it. " + std::string{read_again}};
}

explanation explain_verification(int number, const endpoint& where) {
  switch (number) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {
        "its certificate has expired",
        "Whoever runs the server has to renew it, unless the clock of this computer is wrong."};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {"its certificate is not valid yet",
              "Whoever runs the server has to replace it, unless the clock of this computer is"
              " wrong."};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {"its certificate is made out to another name than the one in the address",
              "Use a name in NATS_URL that stands in the certificate, or have whoever runs the"
              " server put this one into it."};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return explain_unknown_authority(where.tls);
    default:
      return {"its certificate cannot be trusted",
              "Whoever runs the server has to replace it, or NATS_TLS_CA has to name the authority"
              " that signed it."};
  }
}

/// The server wants a certificate of us, or another one than ours.
explanation explain_alert(const tls_files& files, wall_time now) {
  if (files.certificate.empty()) {
    return {"it asks for a client certificate, and none is set",
            "Set NATS_TLS_CERT and NATS_TLS_KEY, and start this program again."};
  }
  const auto file = client_certificate_file(files.certificate).spoken();
  const auto facts = read_certificate(files.certificate);
  if (facts && facts->ends <= now) {
    return {"the " + file + " has expired at " + to_rfc3339(facts->ends),
            "Renew it. " + std::string{read_again}};
  }
  if (facts && now < facts->begins) {
    return {"the " + file + " is not valid before " + to_rfc3339(facts->begins),
            "Wait until then, or correct this computer's clock. " + std::string{read_again}};
  }
  return {"it refuses the " + file
            + (facts ? ", which is signed by \"" + facts->issuer + "\"" : std::string{}),
          "Use one that is signed by an authority the server trusts. " + std::string{read_again}};
}

/// Whether an address does.
bool asks_for_tls(const endpoint& where) {
  return wants_tls({where.urls, {}, {}, {}}, addresses_of(where));
}

explanation explain_plain_server(const endpoint& where) {
  const bool by_address = asks_for_tls(where);
  return {std::string{"it speaks no TLS, which "}
            + (by_address             ? "the tls:// in NATS_URL asks for"
               : where.tls.ca.empty() ? "NATS_TLS_CERT asks for"
                                      : "NATS_TLS_CA asks for"),
          std::string{"Have whoever runs the server switch TLS on; or, where nobody else hears what"
                      " is said, "}
            + (by_address ? "use a nats:// address." : "take that setting away.")};
}

explanation explain_tls(const failed_attempt& attempt, const endpoint& where, wall_time now) {
  if (attempt.status == NATS_SECURE_CONNECTION_WANTED) {
    return explain_plain_server(where);
  }
  if (const auto number = verification_failure(attempt.detail); number != 0) {
    return explain_verification(number, where);
  }
  if (says_any_of(attempt.alert + attempt.detail,
                  {"alert bad certificate", "alert certificate", "alert unsupported certificate",
                   "alert unknown ca", "alert access denied"})) {
    return explain_alert(where.tls, now);
  }
  return {
    "the two could not agree",
    "Use a tls:// address if and only if the server speaks TLS, set NATS_TLS_CA to the"
    " authority that signed its certificate, and NATS_TLS_CERT and NATS_TLS_KEY if it asks for"
    " a client certificate."};
}

/// The alert of a server that closes at once may be lost on the way.
std::string ended_early(const failed_attempt& attempt, const endpoint& where) {
  return says(attempt.detail, "Expected 'PONG'") && wants_tls(where, addresses_of(where))
           ? "; a server that refuses or misses a client certificate ends a connection like this"
           : "";
}

std::string cause_of(const failed_attempt& attempt) {
  auto cause = jetstream::redact_text(
    without_place(attempt.alert.empty() ? std::string_view{attempt.detail} : attempt.alert));
  return cause.empty() ? natsStatus_GetText(attempt.status) : cause;
}

} // namespace

std::string take_tls_alert() {
  std::string alert;
  for (auto code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    const bool sent =
      ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
    if (const char* words = sent ? ERR_reason_error_string(code) : nullptr; words != nullptr) {
      alert = words;
    }
  }
  return alert;
}

wall_time civil_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

error connect_error(const failed_attempt& attempt, const endpoint& where, wall_time now) {
  const auto shown = jetstream::redact_urls(where.urls);
  const auto cause = cause_of(attempt);
  switch (const auto code = code_of(attempt); code) {
    case ec::authentication_failed:
      return refused(where, cause, now);
    case ec::tls_failed: {
      auto why = explain_tls(attempt, where, now);
      if (attempt.status != NATS_SECURE_CONNECTION_WANTED && !asks_for_tls(where)) {
        why.remedy += " The server wants TLS: begin its address with tls://.";
      }
      return {code, jetstream::tls_sentence(shown, why.reason, cause, why.remedy), 0};
    }
    default:
      return {code, jetstream::unreachable_sentence(shown, cause + ended_early(attempt, where)), 0};
  }
}

error lost_error(natsStatus status, const endpoint& where, std::string_view detail, wall_time now) {
  const auto cause = jetstream::redact_text(without_place(detail));
  if (status == NATS_CONNECTION_AUTH_FAILED || speaks_of_authentication(detail)) {
    return refused(where, cause, now);
  }
  return {ec::nats_unreachable,
          jetstream::connection_lost_sentence(jetstream::redact_urls(where.urls), cause), 0};
}

} // namespace nats_mcp::transport
