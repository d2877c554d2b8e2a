// SPDX-License-Identifier: MIT
// Credentials and certificates that end, change or are renewed while programs run: what is told
// meanwhile, and that nobody has to be started again once the material is right.
#include "tests/fault/coordinators_at_work.hpp"
#include "tests/integration/secured_agents.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/nats_identities.hpp"

#include <chrono>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using civil_clock = std::chrono::system_clock;

/// An attempt to connect again comes within 5 seconds.
constexpr auto patience = 60s;

class renewal : public secured_agents {
protected:
  static std::size_t times(const server_process& one, const std::string& event) {
    return times_said(one, "\"" + event + "\"");
  }

  static ::testing::AssertionResult comes_back(const server_process& one,
                                               std::size_t times_before) {
    return eventually(patience, [&] {
      return observation{times(one, "gateway.reconnected") > times_before, one.standard_error()};
    });
  }

  /// The agent's calls fail, and say so.
  static ::testing::AssertionResult comes_to_say(agent& one, const std::string& part) {
    return eventually(patience, [&] {
      const auto sent = send(one);
      return observation{sent.is_error && sent.text.find(part) != std::string::npos, sent.text};
    });
  }

  static ::testing::AssertionResult comes_to_talk(agent& one) {
    return eventually(patience, [&] {
      const auto sent = send(one);
      return observation{!sent.is_error, sent.text};
    });
  }

  /// Replaced as a whole, as a careful program does it.
  void replace(const std::string& name, const std::string& text) const {
    const auto next = file(name + ".next", text);
    std::filesystem::rename(next, folder_.path() / name);
  }

  static void replace(const std::filesystem::path& old, const std::filesystem::path& by) {
    std::filesystem::rename(by, old);
  }
};

TEST_F(renewal, of_a_jwt_in_time_goes_unnoticed_by_the_agent) {
  const nats_operator who;
  const nats_server nats{{true, who.configuration()}};
  const auto creds = file("ann.creds", credentials_text(who.account(), civil_clock::now() + 5s));
  const auto one = start(nats.url(), {{"NATS_CREDS", creds}});
  expect_conversation(*one, "before");
  replace("ann.creds", credentials_text(who.account()));
  ASSERT_TRUE(comes_back(one->process(), 0));
  EXPECT_EQ(times(one->process(), "gateway.unreachable"), 0U) << one->process().standard_error();
  expect_conversation(*one, "after");
}

TEST_F(renewal, of_a_jwt_too_late_needs_no_restart) {
  const nats_operator who;
  const nats_server nats{{true, who.configuration()}};
  const auto creds = file("ann.creds", credentials_text(who.account(), civil_clock::now() + 5s));
  const auto one = start(nats.url(), {{"NATS_CREDS", creds}});
  expect_conversation(*one, "before");
  ASSERT_TRUE(comes_to_say(*one, "ann.creds\" of NATS_CREDS has expired at 2"));
  replace("ann.creds", credentials_text(who.account()));
  ASSERT_TRUE(comes_back(one->process(), 0));
  expect_conversation(*one, "after");
}

TEST_F(renewal, of_a_file_that_was_not_there_needs_no_restart) {
  const nkey user{nkey::kind::user};
  const nats_server nats{
    {true, {"authorization { users: [ { nkey: " + user.public_key() + " } ] }"}}};
  const auto one =
    start(nats.url(), {{"NATS_NKEY_SEED_FILE", (folder_.path() / "user.nk").string()}});
  ASSERT_TRUE(comes_to_say(*one, "user.nk\" of NATS_NKEY_SEED_FILE cannot be used"));
  replace("user.nk", user.seed());
  EXPECT_TRUE(comes_to_talk(*one));
}

TEST_F(renewal, of_the_servers_token_is_told_and_overcome) {
  const std::vector<std::string> first{"authorization { token: first-t0ken }"};
  const std::vector<std::string> second{"authorization { token: second-t0ken }"};
  secrets_ = {"first-t0ken", "second-t0ken"};
  nats_server nats{{true, first}};
  const auto one = start(nats.url(), {{"NATS_TOKEN", "first-t0ken"}});
  expect_conversation(*one, "before");
  nats.reload(second);
  ASSERT_TRUE(comes_to_say(*one, "the token of NATS_TOKEN"));
  nats.reload(first);
  ASSERT_TRUE(comes_back(one->process(), 0));
  expect_conversation(*one, "after");
  expect_no_secret(one->process().standard_error());
}

TEST_F(renewal, of_an_nkey_at_the_server_and_in_the_file_needs_no_restart) {
  const nkey first{nkey::kind::user};
  const nkey second{nkey::kind::user};
  const auto knows = [](const nkey& whom) {
    return std::vector<std::string>{"authorization { users: [ { nkey: " + whom.public_key()
                                    + " } ] }"};
  };
  nats_server nats{{true, knows(first)}};
  const auto one = start(nats.url(), {{"NATS_NKEY_SEED_FILE", file("user.nk", first.seed())}});
  expect_conversation(*one, "before");
  nats.reload(knows(second));
  ASSERT_TRUE(comes_to_say(*one, "the server does not know the public key " + first.public_key()));
  replace("user.nk", second.seed());
  ASSERT_TRUE(comes_back(one->process(), 0));
  expect_conversation(*one, "after");
}

class renewal_of_certificates : public renewal {
protected:
  [[nodiscard]] std::vector<std::string> speaks_tls(const certificate_files& with) const {
    return {"tls { cert_file: \"" + with.certificate.string() + "\", key_file: \""
            + with.key.string() + "\", verify: true, ca_file: \"" + ours_.certificate().string()
            + "\" }"};
  }
  [[nodiscard]] variables showing(const certificate_files& client) const {
    return {{"NATS_TLS_CA", trusted_.string()},
            {"NATS_TLS_CERT", client.certificate.string()},
            {"NATS_TLS_KEY", client.key.string()}};
  }
  static void restart(nats_server& nats, std::vector<std::string> lines) {
    nats.stop();
    nats.configure(std::move(lines));
    nats.start();
  }

  certificate_authority ours_{folder_.path(), "authority"};
  certificate_authority next_{folder_.path(), "next-authority"};
  std::filesystem::path trusted_{[this] {
    std::filesystem::copy(ours_.certificate(), folder_.path() / "trusted.pem");
    return folder_.path() / "trusted.pem";
  }()};
};

TEST_F(renewal_of_certificates, by_another_authority_waits_for_its_certificate) {
  nats_server nats{{true, speaks_tls(ours_.issue({"server"}))}};
  const auto one = start(address("tls", nats), showing(ours_.issue({"client", {}})));
  expect_conversation(*one, "before");
  restart(nats, speaks_tls(next_.issue({"next-server"})));
  ASSERT_TRUE(comes_to_say(*one, "trusted.pem\" of NATS_TLS_CA"));
  replace(trusted_, next_.certificate());
  ASSERT_TRUE(comes_back(one->process(), 0));
  expect_conversation(*one, "after");
}

TEST_F(renewal_of_certificates, of_the_server_by_the_same_authority_goes_on) {
  nats_server nats{{true, speaks_tls(ours_.issue({"server", "IP:127.0.0.1", validity::expired}))}};
  const auto one = start(address("tls", nats), showing(ours_.issue({"client", {}})));
  ASSERT_TRUE(comes_to_say(*one, "its certificate has expired"));
  nats.reload(speaks_tls(ours_.issue({"renewed-server"})));
  EXPECT_TRUE(comes_to_talk(*one));
}

TEST_F(renewal_of_certificates, of_a_client_needs_no_restart) {
  const nats_server nats{{true, speaks_tls(ours_.issue({"server"}))}};
  const auto old = ours_.issue({"client", {}, validity::expired});
  const auto one = start(address("tls", nats), showing(old));
  ASSERT_TRUE(comes_to_say(*one, "client.pem\" of NATS_TLS_CERT has expired at 2"));
  const auto renewed = ours_.issue({"renewed-client", {}});
  replace(old.key, renewed.key);
  replace(old.certificate, renewed.certificate);
  EXPECT_TRUE(comes_to_talk(*one));
}

TEST_F(renewal_of_certificates, is_waited_for_by_a_coordinator) {
  const nats_server nats{{true, speaks_tls(ours_.issue({"server"}))}};
  const auto old = ours_.issue({"coordinator", {}, validity::expired});
  auto options = coordinator_process(address("tls", nats), folder_);
  for (const auto& [name, text] : showing(old)) {
    options.environment[name] = text;
  }
  const server_process coordinator{options};
  ASSERT_TRUE(eventually(patience, [&] {
    const auto log = coordinator.standard_error();
    return observation{log.find("of NATS_TLS_CERT has expired at 2") != std::string::npos, log};
  }));
  const auto renewed = ours_.issue({"renewed-coordinator", {}});
  replace(old.key, renewed.key);
  replace(old.certificate, renewed.certificate);
  EXPECT_TRUE(eventually(patience, [&] {
    return observation{is_leading(coordinator), coordinator.standard_error()};
  }));
}

TEST_F(renewal, of_credentials_is_waited_for_by_a_coordinator) {
  const nats_operator who;
  const nats_server nats{{true, who.configuration()}};
  auto options = coordinator_process(nats.url(), folder_);
  options.environment["NATS_CREDS"] =
    file("coordinator.creds", credentials_text(who.account(), civil_clock::now() - 1h));
  const server_process coordinator{options};
  ASSERT_TRUE(eventually(patience, [&] {
    const auto log = coordinator.standard_error();
    return observation{log.find("of NATS_CREDS has expired at 2") != std::string::npos, log};
  }));
  replace("coordinator.creds", credentials_text(who.account()));
  EXPECT_TRUE(eventually(patience, [&] {
    return observation{is_leading(coordinator), coordinator.standard_error()};
  }));
}

} // namespace
} // namespace nats_mcp::testing
