// SPDX-License-Identifier: MIT
// The search for secrets finds what is shown (else its silence in all other tests would say
// nothing), and the shipped binary shows none of what it is trusted with, whichever way it logs in
// and whether that succeeds.
#include "tests/support/secrets.hpp"

#include "tests/integration/commands.hpp"
#include "tests/integration/operator_identity.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/server_process.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace nats_mcp::testing::secrets_test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

strings texts_of(const std::vector<secret>& secrets) {
  strings out;
  for (const auto& one : secrets) {
    out.push_back(one.text);
  }
  return out;
}

// -- the search ----------------------------------------------------------------------------------

TEST(secrets, are_what_an_environment_trusts_a_process_with) {
  EXPECT_EQ(texts_of(secrets_in({{"NATS_TOKEN", "token-of-ann"},
                                 {"NATS_PASSWORD", "password-of-ann"},
                                 {"NATS_MCP_HTTP_TOKEN", "token-of-page"},
                                 {"NATS_USER", "ann-her-name"},
                                 {"NATS_URL", "nats://ann:pass%40word@a:1, tls://the-token@b,c"}})),
            (strings{"token-of-ann", "password-of-ann", "token-of-page", "pass%40word", "pass@word",
                     "the-token"}));
}

TEST(secrets, are_what_the_files_hold_that_an_environment_names) {
  const temporary_directory folder;
  folder.write("creds", credentials_file(user_jwt, user_seed));
  folder.write("seed", user_seed + "\n");
  EXPECT_EQ(texts_of(secrets_in({{"NATS_CREDS", folder.path() / "creds"}})),
            (strings{user_jwt, user_seed}));
  EXPECT_EQ(texts_of(secrets_in({{"NATS_NKEY_SEED_FILE", folder.path() / "seed"}})),
            strings{user_seed});
}

TEST(secrets, are_long_enough_not_to_be_found_by_chance) {
  EXPECT_THROW((void)secrets_in({{"NATS_TOKEN", "short"}}), std::runtime_error);
}

TEST(secrets, are_found_however_a_text_is_cut) {
  const std::string text = "before hidden-text after";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    secret_search search{{{"A", "hidden-text"}, {"B", "something else"}}};
    search.take(text.substr(0, cut));
    search.take({});
    search.take(text.substr(cut));
    EXPECT_EQ(search.found(), strings{"A"}) << cut;
  }
  secret_search search{{{"A", "hidden-text"}}};
  for (const char letter : text) {
    search.take({&letter, 1});
  }
  EXPECT_EQ(search.found(), strings{"A"});
}

server_options script(const std::string& text) {
  server_options out;
  out.binary = "/bin/sh";
  out.arguments = {"-c", text};
  return out;
}

void run(const server_options& options) {
  server_process process{options};
  (void)process.wait_exit();
}

TEST(secrets, shown_in_a_log_fail_the_test) {
  EXPECT_NONFATAL_FAILURE(run(script("echo cannot log in with $NATS_TOKEN >&2")),
                          "the secret in NATS_TOKEN is shown in the log of sh");
}

TEST(secrets, shown_to_a_client_fail_the_test) {
  EXPECT_NONFATAL_FAILURE(run(script(R"(echo "\"$NATS_MCP_HTTP_TOKEN\"")")),
                          "the secret in NATS_MCP_HTTP_TOKEN is shown in the output of sh");
}

TEST(secrets, shown_in_what_nobody_read_fail_the_test) {
  const auto leave_unread = [] {
    server_process process{script(R"(echo 1; echo "\"$NATS_TOKEN\""; echo done >&2; sleep 60)")};
    ASSERT_TRUE(eventually(10s, [&] {
      return observation{process.standard_error() == "done\n", ""};
    }));
  };
  EXPECT_NONFATAL_FAILURE(leave_unread(), "the secret in NATS_TOKEN is shown in the output of sh");
}

void store_a_secret() {
  nats_server nats;
  temporary_directory project;
  project.write(".mcp-config.json", R"({"namespace": "demo", "channels": [{"name": "planning"}]})");
  server_options options;
  options.environment = {{"NATS_URL", nats.url()}, {"NATS_TOKEN", "not-for-everybody"}};
  options.working_directory = project.path();
  server_process process{options};
  process.request("initialize", {{"protocolVersion", "2025-11-25"},
                                 {"capabilities", json::value::object()},
                                 {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
  const auto call = [&process](const char* tool, const json::value& arguments) {
    return json::write(process.request("tools/call", {{"name", tool}, {"arguments", arguments}}));
  };
  call("set_handle", {{"handle", "ann"}});
  const auto sent =
    call("send_message", {{"channel", "planning"}, {"message", "it is not-for-everybody"}});
  ASSERT_NE(sent.find("Message sent"), std::string::npos) << sent;
}

TEST(secrets, stored_in_nats_fail_the_test) {
  EXPECT_NONFATAL_FAILURE(store_a_secret(), "the secret in NATS_TOKEN is shown in");
}

// -- the shipped binary --------------------------------------------------------------------------

class login : public commands {
protected:
  using environment = std::map<std::string, std::string>;

  /// Lets an agent use NATS for a while and looks at what it says of it; then `doctor`.
  /// @returns whether it was let in.
  bool is_let_in(environment more) {
    more.try_emplace("NATS_URL", url_);
    more["LOG_LEVEL"] = "DEBUG";
    more["NATS_MCP_CALL_TIMEOUT"] = "3000";
    server_options options;
    options.environment = more;
    options.working_directory = project_.path();
    configure("");
    server_process process{options};
    process.request("initialize", {{"protocolVersion", "2025-11-25"},
                                   {"capabilities", json::value::object()},
                                   {"clientInfo", {{"name", "test"}, {"version", "1"}}}});
    const auto call = [&process](const char* tool, const json::value& arguments) {
      return json::write(process.request("tools/call", {{"name", tool}, {"arguments", arguments}}));
    };
    const auto registered = call("register_agent", {{"agentType", "developer"}});
    call("server_status", json::value::object());
    const bool in = registered.find("registered successfully") != std::string::npos;
    const auto* event = in ? "gateway.connected" : "gateway.unreachable";
    EXPECT_NE(process.standard_error().find(event), std::string::npos)
      << registered << process.standard_error();
    process.close_input();
    (void)process.wait_exit();
    more["LOG_LEVEL"] = "ERROR";
    variables_ = more;
    EXPECT_EQ(commands::run({"doctor"}).exit_code, in ? 0 : 1);
    return in;
  }

  /// The same server, which lets these in from now on.
  void let_in(const std::vector<std::string>& configuration) {
    nats_.stop();
    nats_.configure(configuration);
    nats_.start();
  }

  [[nodiscard]] std::string address(const std::string& who) const {
    return "nats://" + who + "@127.0.0.1:" + std::to_string(nats_.port());
  }

  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    project_.write(name, text);
    return project_.path() / name;
  }
};

TEST_F(login, shows_no_token) {
  let_in({R"(authorization { token: "the-right-token" })"});
  EXPECT_TRUE(is_let_in({{"NATS_TOKEN", "the-right-token"}}));
  EXPECT_TRUE(is_let_in({{"NATS_URL", address("the-right-token")}}));
  EXPECT_FALSE(is_let_in({{"NATS_TOKEN", "the-wrong-token"}}));
  EXPECT_FALSE(is_let_in({{"NATS_URL", address("the-wrong-token")}}));
}

TEST_F(login, shows_no_password) {
  let_in({R"(authorization { user: ann, password: "the right/one" })"});
  EXPECT_TRUE(is_let_in({{"NATS_USER", "ann"}, {"NATS_PASSWORD", "the right/one"}}));
  EXPECT_FALSE(is_let_in({{"NATS_USER", "ann"}, {"NATS_PASSWORD", "the wrong \"one"}}));
  EXPECT_FALSE(is_let_in({{"NATS_URL", address("ann:the-wrong-one")}}));
}

TEST_F(login, shows_no_seed_of_an_nkey) {
  let_in({"authorization { users: [ { nkey:"
          " UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 } ] }"});
  const auto right =
    file("right.nk", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY\n");
  EXPECT_TRUE(is_let_in({{"NATS_NKEY_SEED_FILE", right}}));
  EXPECT_FALSE(is_let_in({{"NATS_NKEY_SEED_FILE", file("wrong.nk", user_seed + "\n")}}));
  auto broken = user_seed;
  broken[20] = broken[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(is_let_in({{"NATS_NKEY_SEED_FILE", file("broken.nk", broken + "\n")}}));
}

TEST_F(login, shows_no_credentials) {
  let_in(operator_configuration());
  const auto right = file("right.creds", credentials_file(user_jwt, user_seed));
  EXPECT_TRUE(is_let_in({{"NATS_CREDS", right}}));
  auto broken = user_jwt;
  broken[broken.size() - 10] = broken[broken.size() - 10] == 'A' ? 'B' : 'A';
  const auto wrong = file("wrong.creds", credentials_file(broken, user_seed));
  EXPECT_FALSE(is_let_in({{"NATS_CREDS", wrong}}));
  EXPECT_FALSE(is_let_in({{"NATS_CREDS", file("none.creds", "not-credentials-at-all\n")}}));
}

TEST_F(login, shows_nothing_a_server_without_users_does_not_ask_for) {
  EXPECT_TRUE(is_let_in({{"NATS_TOKEN", "asked-for-by-nobody"}}));
  EXPECT_TRUE(is_let_in({{"NATS_USER", "ann"}, {"NATS_PASSWORD", "asked-for-by-nobody"}}));
}

TEST_F(login, shows_no_secret_of_a_configuration_that_is_wrong) {
  variables_ = {{"NATS_TOKEN", "first-of-two-ways"},
                {"NATS_USER", "ann"},
                {"NATS_PASSWORD", "second-of-two-ways"},
                {"NATS_MCP_CALL_TIMEOUT", "never"}};
  EXPECT_EQ(commands::run({"doctor"}).exit_code, 1);
  variables_ = {{"NATS_URL", "http://ann:the-password@127.0.0.1"}};
  EXPECT_EQ(commands::run({"doctor"}).exit_code, 1);
  EXPECT_NE(commands::run({"apply"}).exit_code, 0);
}

} // namespace
} // namespace nats_mcp::testing::secrets_test
