// SPDX-License-Identifier: MIT
// Why no connection came about: one cause at a time, in the library's words of nats.c 3.4.1 and in
// those of the alerts that OpenSSL knows.
#include "transport/nats/connect_failure.hpp"

#include "tests/support/certificates.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>

namespace nats_mcp::transport::connect_failure_test {
namespace {

using namespace std::chrono_literals;

endpoint at(const std::string& urls) { return {urls, {}, {}, {}}; }

error why(natsStatus status, const std::string& detail, const endpoint& where,
          const std::string& alert = {}) {
  return connect_error({status, detail, alert}, where, civil_now());
}

bool says(const error& failure, std::string_view part) {
  return failure.message.find(part) != std::string::npos;
}

TEST(connect_failure, is_told_apart) {
  EXPECT_EQ(why(NATS_NO_SERVER, "", at("nats://h")).code, ec::nats_unreachable);
  EXPECT_EQ(why(NATS_CONNECTION_AUTH_FAILED, "", at("nats://h")).code, ec::authentication_failed);
  EXPECT_EQ(why(NATS_SSL_ERROR, "", at("nats://h")).code, ec::tls_failed);
  EXPECT_EQ(
    lost_error(NATS_CONNECTION_CLOSED, at("nats://h"), "User Authentication Expired", civil_now())
      .code,
    ec::authentication_failed);
  EXPECT_EQ(lost_error(NATS_IO_ERROR, at("nats://h"), "Connection reset", civil_now()).code,
            ec::nats_unreachable);
}

TEST(connect_failure, never_shows_a_credential) {
  for (const auto* detail : {"dial nats://alice:s3cret@h", "Authorization Violation"}) {
    auto where = at("nats://alice:s3cret@h");
    EXPECT_FALSE(says(why(NATS_NO_SERVER, detail, where), "s3cret"));
    where.identity.token = "s3cret";
    EXPECT_FALSE(says(why(NATS_CONNECTION_AUTH_FAILED, detail, where), "s3cret"));
  }
}

TEST(connect_failure, of_credentials_names_where_they_were_set) {
  const auto refused = [](const endpoint& where) {
    return why(NATS_CONNECTION_AUTH_FAILED, "(conn.c:1): 'Authorization Violation'", where);
  };
  EXPECT_TRUE(says(refused(at("nats://h")), "asks for credentials, and none are set"));
  EXPECT_TRUE(says(refused(at("nats://t0ken@h")), "the token in the address of NATS_URL"));
  EXPECT_TRUE(says(refused(at("nats://ann:p@h")), "the user with the password in the address"));
  auto where = at("nats://ann:p@h");
  where.identity.token = "t";
  EXPECT_TRUE(says(refused(where), "the token of NATS_TOKEN"))
    << "a setting goes before an address";
  where.identity = {};
  where.urls = "nats://h";
  where.identity.late_token = [] { return std::string{"t"}; };
  EXPECT_TRUE(says(refused(where), "the token of the private NATS server"));
}

TEST(connect_failure, of_verification_has_a_sentence_for_each_reason) {
  const auto verified = [](const std::string& found) {
    return why(NATS_SSL_ERROR, "(conn.c:565): SSL handshake error: " + found, at("tls://h"));
  };
  const std::string rest = ":depth=0:cert=/CN=h:issuer=/CN=a";
  EXPECT_TRUE(says(verified("10:certificate has expired" + rest), "its certificate has expired"));
  EXPECT_TRUE(says(verified("9:certificate is not yet valid" + rest), "is not valid yet"));
  EXPECT_TRUE(says(verified("62:hostname mismatch:expected=h:cert=/CN=g"), "another name"));
  EXPECT_TRUE(says(verified("64:IP address mismatch" + rest), "another name"));
  for (const auto* unknown :
       {"18:self-signed certificate", "19:self-signed certificate in chain",
        "20:unable to get local issuer certificate", "7:certificate signature failure"}) {
    EXPECT_TRUE(says(verified(unknown + rest), "Set NATS_TLS_CA")) << unknown;
  }
  EXPECT_TRUE(says(verified("23:certificate revoked" + rest), "certificate revoked"));
  EXPECT_TRUE(says(verified("23:certificate revoked" + rest), "cannot be trusted"));
}

TEST(connect_failure, of_a_client_certificate_is_known_by_every_alert_a_server_sends) {
  const testing::temporary_directory folder;
  const testing::certificate_authority authority{folder.path(), "authority"};
  const auto client = authority.issue({"client", {}});
  auto with = at("tls://h");
  with.tls = {{}, client.certificate, client.key};
  for (const auto* alert : {"sslv3 alert bad certificate", "sslv3 alert certificate expired",
                            "sslv3 alert certificate unknown",
                            "sslv3 alert unsupported certificate", "tlsv1 alert unknown ca",
                            "tlsv13 alert certificate required", "tlsv1 alert access denied"}) {
    const auto none = why(NATS_PROTOCOL_ERROR, "Expected 'PONG', got ''", at("tls://h"), alert);
    EXPECT_EQ(none.code, ec::tls_failed);
    EXPECT_TRUE(says(none, "asks for a client certificate, and none is set")) << alert;
    EXPECT_TRUE(says(none, alert));
    const auto refused = why(NATS_PROTOCOL_ERROR, "Expected 'PONG', got ''", with, alert);
    EXPECT_TRUE(
      says(refused, "client.pem\" of NATS_TLS_CERT, which is signed by \"/CN=authority\""))
      << refused.message;
    // TLS 1.2 has it in the handshake.
    const auto shaking =
      why(NATS_SSL_ERROR, std::string{"SSL handshake error: "} + alert, at("tls://h"));
    EXPECT_TRUE(says(shaking, "asks for a client certificate")) << alert;
  }
  const auto later = civil_now() + 48h;
  EXPECT_TRUE(says(connect_error({NATS_SSL_ERROR, "", "sslv3 alert bad certificate"}, with, later),
                   "client.pem\" of NATS_TLS_CERT has expired at 2"));
}

TEST(connect_failure, whose_alert_was_lost_is_tried_again_and_says_what_may_be) {
  const auto lost = why(NATS_PROTOCOL_ERROR, "Expected 'PONG', got ''", at("tls://h"));
  EXPECT_EQ(lost.code, ec::nats_unreachable) << "it may be a server that just ends";
  EXPECT_TRUE(says(lost, "a server that refuses or misses a client certificate"));
  EXPECT_FALSE(says(why(NATS_PROTOCOL_ERROR, "Expected 'PONG', got ''", at("nats://h")),
                    "client certificate"));
}

TEST(connect_failure, without_tls_says_who_asks_for_it) {
  const auto plain = [](const endpoint& where) {
    return why(NATS_SECURE_CONNECTION_WANTED, "Secure Connection not available", where);
  };
  EXPECT_TRUE(says(plain(at("tls://h")), "which the tls:// in NATS_URL asks for"));
  auto where = at("nats://h");
  where.tls.certificate = "/c";
  EXPECT_TRUE(says(plain(where), "which NATS_TLS_CERT asks for"));
  where.tls.ca = "/a";
  EXPECT_TRUE(says(plain(where), "which NATS_TLS_CA asks for"));
}

TEST(tls_alert, is_taken_from_what_openssl_remembers) {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
  EXPECT_EQ(take_tls_alert(), "");
  ERR_raise(ERR_LIB_SSL, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED);
  ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_MESSAGE);
  EXPECT_EQ(take_tls_alert(), "tlsv13 alert certificate required");
  EXPECT_EQ(take_tls_alert(), "");
}

} // namespace
} // namespace nats_mcp::transport::connect_failure_test
