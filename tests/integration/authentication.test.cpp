// SPDX-License-Identifier: MIT
// Every way docs/howto/secure-nats.md tells of to say who one is, before a real nats-server that
// asks for it; and what is said when the material is wrong, old, damaged or not there.
#include "tests/integration/secured_agents.hpp"
#include "tests/support/nats_identities.hpp"

#include <chrono>
#include <filesystem>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

using authentication = secured_agents;

constexpr auto refused = "refused the credentials (Authorization Violation)";
/// Says that there is none, so that none is planted (tests/support/secrets.hpp).
const std::map<std::string, std::string> no_token{{"NATS_TOKEN", ""}};
constexpr auto nothing_set = "asks for credentials, and none are set (Authorization Violation)";

TEST_F(authentication, by_nothing_where_nothing_is_asked_for) {
  const nats_server nats;
  expect_admitted({{"nobody", nats.url(), {}}});
}

TEST_F(authentication, by_token) {
  const nats_server nats{{true, {R"(authorization { token: "right-t0ken" })"}}};
  secrets_ = {"right-t0ken", "wr0ng-t0ken"};
  const auto host = "127.0.0.1:" + std::to_string(nats.port());
  expect_admitted({{"a token in a setting", nats.url(), {{"NATS_TOKEN", "right-t0ken"}}},
                   {"a token in the address", "nats://right-t0ken@" + host, {}}});
  expect_refused({{"a wrong token",
                   nats.url(),
                   {{"NATS_TOKEN", "wr0ng-t0ken"}},
                   {refused, "the token of NATS_TOKEN", "start this program again"}},
                  {"a wrong token in the address",
                   "nats://wr0ng-t0ken@" + host,
                   {},
                   {refused, "the token in the address of NATS_URL"}},
                  {"no token",
                   nats.url(),
                   no_token,
                   {nothing_set, "Set NATS_CREDS, NATS_NKEY_SEED_FILE, NATS_TOKEN"}},
                  {"a user instead",
                   nats.url(),
                   {{"NATS_USER", "ann"}, {"NATS_PASSWORD", "wr0ng-t0ken"}},
                   {refused, "the user of NATS_USER with the password of NATS_PASSWORD"}}});
}

TEST_F(authentication, by_user_and_password) {
  const nats_server nats{
    {true, {R"(authorization { users: [ { user: ann, password: "right-passw0rd" } ] })"}}};
  secrets_ = {"right-passw0rd", "wr0ng-passw0rd"};
  const auto host = "127.0.0.1:" + std::to_string(nats.port());
  expect_admitted(
    {{"settings", nats.url(), {{"NATS_USER", "ann"}, {"NATS_PASSWORD", "right-passw0rd"}}},
     {"the address", "nats://ann:right-passw0rd@" + host, {}}});
  expect_refused({{"a wrong password",
                   nats.url(),
                   {{"NATS_USER", "ann"}, {"NATS_PASSWORD", "wr0ng-passw0rd"}},
                   {refused, "the user of NATS_USER with the password of NATS_PASSWORD"}},
                  {"another user",
                   nats.url(),
                   {{"NATS_USER", "bob"}, {"NATS_PASSWORD", "right-passw0rd"}},
                   {refused, "NATS_USER"}},
                  {"a wrong password in the address",
                   "nats://ann:wr0ng-passw0rd@" + host,
                   {},
                   {refused, "the user with the password in the address of NATS_URL"}},
                  {"nothing", nats.url(), no_token, {nothing_set}}});
}

TEST_F(authentication, takes_every_character_of_a_password) {
  const std::string odd = R"(a"b\c{d}'e f)";
  const nats_server nats{
    {true, {R"(authorization { users: [ { user: ann, password: "a\"b\\c{d}'e f" } ] })"}}};
  expect_admitted(
    {{"an odd password", nats.url(), {{"NATS_USER", "ann"}, {"NATS_PASSWORD", odd}}}});
}

TEST_F(authentication, by_nkey) {
  const nkey user{nkey::kind::user};
  const nkey stranger{nkey::kind::user};
  secrets_ = {user.seed(), stranger.seed()};
  const nats_server nats{
    {true, {"authorization { users: [ { nkey: " + user.public_key() + " } ] }"}}};
  const auto with = [&](const std::string& name, const std::string& text) {
    return variables{{"NATS_NKEY_SEED_FILE", file(name, text)}};
  };
  expect_admitted({
    {"a seed", nats.url(), with("user.nk", user.seed() + "\n")},
    {"a seed without an end of line", nats.url(), with("bare.nk", user.seed())},
    {"a seed among spaces", nats.url(), with("spaces.nk", "\r\n \t" + user.seed() + " \r\n\r\n")},
    {"a seed below its public key", nats.url(),
     with("both.nk", "# of ann\n" + user.public_key() + "\n" + user.seed() + "\n")},
    {"a decorated seed", nats.url(),
     with("decorated.nk",
          "-----BEGIN USER NKEY SEED-----\n" + user.seed() + "\n------END USER NKEY SEED------\n")},
  });
  auto damaged = user.seed();
  damaged[30] = damaged[30] == 'A' ? 'B' : 'A';
  const auto folder = folder_.path().string();
  expect_refused({
    {"a stranger's seed",
     nats.url(),
     with("stranger.nk", stranger.seed()),
     {refused, stranger.public_key(), "stranger.nk\" of NATS_NKEY_SEED_FILE", "read again"}},
    {"no such file",
     nats.url(),
     {{"NATS_NKEY_SEED_FILE", folder + "/nowhere.nk"}},
     {"nowhere.nk\" of NATS_NKEY_SEED_FILE cannot be used: it does not exist"}},
    {"a folder",
     nats.url(),
     {{"NATS_NKEY_SEED_FILE", folder}},
     {"of NATS_NKEY_SEED_FILE cannot be used: it is a folder"}},
    {"a file without a seed",
     nats.url(),
     with("empty.nk", "nothing\n"),
     {"empty.nk\" of NATS_NKEY_SEED_FILE cannot be used: it holds no seed of a user"}},
    {"the seed of an account",
     nats.url(),
     with("account.nk", nkey{nkey::kind::account}.seed()),
     {"it holds no seed of a user (a line that begins with SU)"}},
    {"a damaged seed",
     nats.url(),
     with("damaged.nk", damaged),
     {"damaged.nk\" of NATS_NKEY_SEED_FILE cannot be used: the checksum"}},
    {"nothing", nats.url(), no_token, {nothing_set}},
  });
}

class authentication_by_jwt : public secured_agents {
protected:
  [[nodiscard]] variables with(const std::string& name, const std::string& text) const {
    return {{"NATS_CREDS", file(name, text)}};
  }

  nats_operator operator_;
  nats_server nats_{{true, operator_.configuration()}};
};

TEST_F(authentication_by_jwt, admits_who_is_signed_by_an_account) {
  auto spacious = credentials_text(operator_.account());
  for (auto at = spacious.find('\n'); at != std::string::npos; at = spacious.find('\n', at + 5)) {
    spacious.replace(at, 1, " \r\n  ");
  }
  expect_admitted(
    {{"a credentials file", nats_.url(), with("ann.creds", credentials_text(operator_.account()))},
     {"one that ends some day", nats_.url(),
      with("some-day.creds",
           credentials_text(operator_.account(), std::chrono::system_clock::now() + 1h))},
     {"one with spaces and other ends of lines", nats_.url(), with("spaces.creds", spacious)}});
}

TEST_F(authentication_by_jwt, is_known_to_doctor_with_its_end) {
  const auto creds = file(
    "ann.creds", credentials_text(operator_.account(), std::chrono::system_clock::now() + 30h));
  std::filesystem::permissions(creds, std::filesystem::perms{0644});
  const auto told = running_command{{NATS_MCP_SERVER_BINARY, "doctor"},
                                    {"NATS_URL=" + nats_.url(), "NATS_CREDS=" + creds},
                                    folder_.path()}
                      .outcome();
  EXPECT_EQ(told.exit_code, 0) << told.said;
  EXPECT_TRUE(says(told, "ann.creds\" of NATS_CREDS ends at 2")) << told.said;
  EXPECT_TRUE(says(told, "in 29 hours: renew it.")) << told.said;
  EXPECT_TRUE(says(told, "`chmod 600` it.")) << told.said;
}

TEST_F(authentication_by_jwt, says_whom_the_server_does_not_know) {
  const nkey stranger{nkey::kind::account};
  const auto an_hour_ago = std::chrono::system_clock::now() - 1h;
  expect_refused({
    {"a stranger's",
     nats_.url(),
     with("stranger.creds", credentials_text(stranger)),
     {refused, "stranger.creds\" of NATS_CREDS", "is not signed by an account the server knows",
      stranger.public_key(), "read again"}},
    {"an old one",
     nats_.url(),
     with("old.creds", credentials_text(operator_.account(), an_hour_ago)),
     {refused, "old.creds\" of NATS_CREDS has expired at 2"}},
    {"a token",
     nats_.url(),
     {{"NATS_TOKEN", "another-token"}},
     {refused, "the token of NATS_TOKEN"}},
    {"nothing", nats_.url(), no_token, {nothing_set}},
  });
}

TEST_F(authentication_by_jwt, says_what_is_wrong_with_a_file) {
  const auto good = credentials_text(operator_.account());
  const auto other = credentials_text(operator_.account());
  const auto jwt_only = good.substr(0, good.find("*****"));
  const auto seed = good.substr(good.find("\nSU") + 1, 58);
  secrets_ = {seed, other.substr(other.find("\nSU") + 1, 58)};
  const auto seed_of_other = other.substr(other.find("-----BEGIN USER NKEY SEED"));
  const auto folder = folder_.path().string();
  const auto locked = file("locked.creds", good);
  std::filesystem::permissions(locked, std::filesystem::perms::none);
  expect_refused({
    {"no such file",
     nats_.url(),
     {{"NATS_CREDS", folder + "/nowhere.creds"}},
     {"nowhere.creds\" of NATS_CREDS cannot be used: it does not exist. Correct the path"}},
    {"a folder",
     nats_.url(),
     {{"NATS_CREDS", folder}},
     {"of NATS_CREDS cannot be used: it is a folder"}},
    {"a file of somebody else",
     nats_.url(),
     {{"NATS_CREDS", locked}},
     {"locked.creds\" of NATS_CREDS cannot be used: this process may not read it"},
     without_privilege()},
    {"an empty file",
     nats_.url(),
     with("empty.creds", ""),
     {"empty.creds\" of NATS_CREDS cannot be used: it holds neither a JWT nor a seed"}},
    {"a JWT alone",
     nats_.url(),
     with("jwt.creds", jwt_only),
     {"jwt.creds\" of NATS_CREDS cannot be used: it holds a JWT, and no seed"}},
    {"a seed alone",
     nats_.url(),
     with("seed.creds", seed),
     {"it holds the seed of an NKey, and no JWT", "NATS_NKEY_SEED_FILE instead"}},
    {"a JWT with another's seed",
     nats_.url(),
     with("mixed.creds", jwt_only + seed_of_other),
     {"mixed.creds\" of NATS_CREDS cannot be used: the JWT in it is not for the seed in it"}},
    {"a damaged JWT",
     nats_.url(),
     with("damaged.creds", "eyJ0.eyJ\n" + seed + "\n"),
     {"damaged.creds\" of NATS_CREDS cannot be used: the JWT in it is damaged"}},
    {"the file in another setting",
     nats_.url(),
     {{"NATS_NKEY_SEED_FILE", file("ann.creds", good)}},
     {"of NATS_NKEY_SEED_FILE cannot be used: it holds a JWT", "Name it in NATS_CREDS instead"}},
  });
}

} // namespace
} // namespace nats_mcp::testing
