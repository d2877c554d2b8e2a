// SPDX-License-Identifier: MIT
// TLS and mutual TLS as docs/howto/secure-nats.md sets them up, before a real nats-server: who may
// be trusted, who is refused, and that each reason has words of its own.
#include "tests/integration/secured_agents.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/nats_identities.hpp"

#include <cstdlib>

namespace nats_mcp::testing {
namespace {

class tls : public secured_agents {
protected:
  /// Lines for nats-server. @param clients whether it asks for a certificate of its clients.
  [[nodiscard]] std::vector<std::string> speaks_tls(const certificate_files& with,
                                                    bool clients = false) const {
    return {"tls { cert_file: \"" + with.certificate.string() + "\", key_file: \""
            + with.key.string() + "\""
            + (clients ? ", verify: true, ca_file: \"" + ours_.certificate().string() + "\"" : "")
            + " }"};
  }
  [[nodiscard]] certificate_files server_certificate() const { return ours_.issue({"server"}); }

  static variables trusting(const certificate_authority& whom) {
    return {{"NATS_TLS_CA", whom.certificate().string()}};
  }
  [[nodiscard]] variables showing(const certificate_files& client) const {
    auto out = trusting(ours_);
    out["NATS_TLS_CERT"] = client.certificate.string();
    out["NATS_TLS_KEY"] = client.key.string();
    return out;
  }
  [[nodiscard]] variables showing(const std::filesystem::path& certificate,
                                  const std::filesystem::path& key) const {
    return showing(certificate_files{certificate, key});
  }

  certificate_authority ours_{folder_.path(), "authority"};
  certificate_authority other_{folder_.path(), "another-authority"};
};

constexpr auto no_tls = "No TLS connection to the NATS server at ";

TEST_F(tls, admits_who_trusts_the_right_authority) {
  const nats_server nats{{true, speaks_tls(server_certificate())}};
  expect_admitted({{"an address", address("tls", nats), trusting(ours_)},
                   {"a name", address("tls", nats, "localhost"), trusting(ours_)},
                   {"nats:// to a server that asks for TLS", nats.url(), trusting(ours_)},
                   {"the system's authorities",
                    address("tls", nats),
                    {{"SSL_CERT_FILE", ours_.certificate().string()}}}});
}

TEST_F(tls, trusts_nobody_else) {
  const nats_server nats{{true, speaks_tls(server_certificate())}};
  auto system_too = trusting(other_);
  system_too["SSL_CERT_FILE"] = ours_.certificate().string();
  expect_refused({
    {"no authority",
     address("tls", nats),
     {},
     {no_tls, "signed by an authority that is not trusted here", "Set NATS_TLS_CA"}},
    {"another authority",
     address("tls", nats),
     trusting(other_),
     {no_tls, "another-authority.pem\" of NATS_TLS_CA", "read again"}},
    {"another authority, and the right one among the system's",
     address("tls", nats),
     system_too,
     {no_tls, "another-authority.pem\" of NATS_TLS_CA"}},
    {"nats:// and no authority",
     nats.url(),
     {},
     {no_tls, "Set NATS_TLS_CA", "begin its address with tls://"}},
  });
}

TEST_F(tls, says_what_is_wrong_with_the_servers_certificate) {
  const nats_server misnamed{
    {true, speaks_tls(ours_.issue({"nats.example.org", "DNS:nats.example.org"}))}};
  certificate_request old{"old-server"};
  old.valid = validity::expired;
  const nats_server expired{{true, speaks_tls(ours_.issue(old))}};
  certificate_request early{"early-server"};
  early.valid = validity::not_yet;
  const nats_server not_yet{{true, speaks_tls(ours_.issue(early))}};
  expect_refused({
    {"another address",
     address("tls", misnamed),
     trusting(ours_),
     {no_tls, "made out to another name than the one in the address", "CN=nats.example.org"}},
    {"another name",
     address("tls", misnamed, "localhost"),
     trusting(ours_),
     {no_tls, "made out to another name than the one in the address", "expected=localhost"}},
    {"expired",
     address("tls", expired),
     trusting(ours_),
     {no_tls, "its certificate has expired", "Whoever runs the server has to renew it"}},
    {"not valid yet",
     address("tls", not_yet),
     trusting(ours_),
     {no_tls, "its certificate is not valid yet"}},
  });
}

TEST_F(tls, says_which_side_speaks_none) {
  const nats_server plain;
  expect_refused({
    {"tls:// to a plain server",
     address("tls", plain),
     {},
     {no_tls, "it speaks no TLS, which the tls:// in NATS_URL asks for", "nats:// address"}},
    {"an authority and a plain server",
     plain.url(),
     trusting(ours_),
     {no_tls, "it speaks no TLS, which NATS_TLS_CA asks for"}},
  });
}

TEST_F(tls, says_what_is_wrong_with_a_file) {
  const nats_server nats{{true, speaks_tls(server_certificate())}};
  const auto client = ours_.issue({"client", {}});
  const auto other = ours_.issue({"other-client", {}});
  const auto url = address("tls", nats);
  const auto garbage = file("garbage.pem", "nothing\n");
  const auto nowhere = (folder_.path() / "nowhere.pem").string();
  const auto locked = folder_.path() / "locked.key";
  std::filesystem::copy(client.key, locked);
  std::filesystem::permissions(locked, std::filesystem::perms::none);
  const auto encrypted = folder_.path() / "encrypted.key";
  encrypt_key(client.key, encrypted);
  expect_refused({
    {"no such authority",
     url,
     {{"NATS_TLS_CA", nowhere}},
     {"nowhere.pem\" of NATS_TLS_CA cannot be used: it does not exist"}},
    {"an authority that is none",
     url,
     {{"NATS_TLS_CA", garbage}},
     {"garbage.pem\" of NATS_TLS_CA cannot be used: it holds no certificate in PEM"}},
    {"a folder", url, {{"NATS_TLS_CA", folder_.path().string()}}, {"it is a folder"}},
    {"no such certificate",
     url,
     showing(nowhere, client.key),
     {"nowhere.pem\" of NATS_TLS_CERT cannot be used: it does not exist"}},
    {"no such key",
     url,
     showing(client.certificate, nowhere),
     {"nowhere.pem\" of NATS_TLS_KEY cannot be used: it does not exist"}},
    {"a key that is none",
     url,
     showing(client.certificate, garbage),
     {"garbage.pem\" of NATS_TLS_KEY cannot be used: it holds no private key in PEM"}},
    {"a key of somebody else",
     url,
     showing(client.certificate, locked),
     {"locked.key\" of NATS_TLS_KEY cannot be used: this process may not read it"},
     without_privilege()},
    {"the key of another certificate",
     url,
     showing(client.certificate, other.key),
     {"other-client.key\" of NATS_TLS_KEY cannot be used: it does not belong to the client"
      " certificate"}},
    {"a key with a passphrase",
     url,
     showing(client.certificate, encrypted),
     {"encrypted.key\" of NATS_TLS_KEY cannot be used: it is encrypted", "openssl pkey"}},
  });
}

TEST_F(tls, needs_certificate_and_key) {
  const nats_server nats{{true, speaks_tls(server_certificate())}};
  auto half = trusting(ours_);
  half["NATS_TLS_CERT"] = ours_.certificate().string();
  const auto one = start(address("tls", nats), half);
  const auto sent = send(*one);
  EXPECT_TRUE(sent.is_error);
  EXPECT_NE(sent.text.find("natsTlsCert: needs natsTlsKey beside it"), std::string::npos)
    << sent.text;
}

TEST_F(tls, admits_clients_with_a_certificate_where_one_is_asked_for) {
  const nats_server nats{{true, speaks_tls(server_certificate(), true)}};
  const auto client = ours_.issue({"client", {}});
  expect_admitted({{"a client with a certificate", address("tls", nats), showing(client)}});
}

TEST_F(tls, says_why_a_client_certificate_is_refused) {
  const nats_server nats{{true, speaks_tls(server_certificate(), true)}};
  const auto url = address("tls", nats);
  const auto old = ours_.issue({"old-client", {}, validity::expired});
  const auto early = ours_.issue({"early-client", {}, validity::not_yet});
  const auto strange = other_.issue({"strange-client", {}});
  expect_refused({
    {"none",
     url,
     trusting(ours_),
     {no_tls, "it asks for a client certificate, and none is set",
      "NATS_TLS_CERT and NATS_TLS_KEY"}},
    {"an old one",
     url,
     showing(old),
     {no_tls, "old-client.pem\" of NATS_TLS_CERT has expired at 2"}},
    {"an early one",
     url,
     showing(early),
     {no_tls, "early-client.pem\" of NATS_TLS_CERT is not valid before 2"}},
    {"a stranger's",
     url,
     showing(strange),
     {no_tls,
      "strange-client.pem\" of NATS_TLS_CERT, which is signed by \"/CN=another-authority\""}},
  });
}

TEST_F(tls, protects_credentials_too) {
  const nats_operator who;
  auto lines = who.configuration();
  const auto more = speaks_tls(server_certificate());
  lines.insert(lines.end(), more.begin(), more.end());
  const nats_server nats{{true, lines}};
  auto right = trusting(ours_);
  right["NATS_CREDS"] = file("ann.creds", credentials_text(who.account()));
  expect_admitted({{"TLS and credentials", address("tls", nats), right}});
  auto strange = trusting(ours_);
  strange["NATS_CREDS"] = file("stranger.creds", credentials_text(nkey{nkey::kind::account}));
  auto untrusting = right;
  untrusting["NATS_TLS_CA"] = other_.certificate().string();
  expect_refused({
    {"a stranger over TLS",
     address("tls", nats),
     strange,
     {"refused the credentials (Authorization Violation)", "stranger.creds"}},
    {"somebody who does not trust the server", address("tls", nats), untrusting, {no_tls}},
  });
}

} // namespace
} // namespace nats_mcp::testing
