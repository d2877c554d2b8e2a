// SPDX-License-Identifier: MIT
// The files we are let in with: what is read of them, and what is said of those that cannot be
// used.
#include "transport/nats/material.hpp"

#include "transport/nats/certificate_files.hpp"
#include "transport/nats/identity_files.hpp"
#include "transport/nats/nkey.hpp"
#include "transport/nats/user_jwt.hpp"

#include "tests/support/certificates.hpp"
#include "tests/support/nats_identities.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace nats_mcp::transport::material_test {
namespace {

using namespace std::chrono_literals;
using testing::credentials_text;

constexpr auto seed_text = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
constexpr auto public_text = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

TEST(user_nkey, has_the_public_key_of_its_seed) {
  const auto key = user_nkey::from_seed(seed_text);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->public_key(), public_text);
}

TEST(user_nkey, signs_as_ed25519_does) {
  // RFC 8032, section 7.1, test 2, its secret written as the seed of a user.
  const auto key =
    user_nkey::from_seed("SUAEZTIITMUP7FW2TW3MGRXMCFHA6W4KGGPTLK5GETNIZ5XNJ64KN63OVI");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->public_key(), "UA6UAF6D5BBYSWUSW4FKOTI3P26JZGBMZ4XMJFUMYDGVL4JK6RTAYUDN");
  std::string hex;
  for (const auto byte : key->sign("\x72")) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  EXPECT_EQ(hex, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(user_nkey, refuses_broken_seeds_without_showing_them) {
  for (const auto* seed : {"", "SUA", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VX",
                           "not a seed at all, and much too long to be one of any kind at all"}) {
    const auto key = user_nkey::from_seed(seed);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, ec::authentication_failed);
    EXPECT_EQ(key.error().message.find("SUACSSL3"), std::string::npos);
  }
}

TEST(user_jwt, tells_whose_it_is_and_how_long) {
  const testing::nkey account{testing::nkey::kind::account};
  const auto ends = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto text = credentials_text(account, ends);
  const auto begin = text.find("eyJ");
  const auto jwt =
    read_user_jwt(std::string_view{text}.substr(begin, text.find('\n', begin) - begin));
  ASSERT_TRUE(jwt);
  EXPECT_EQ(jwt->issuer, account.public_key());
  EXPECT_EQ(jwt->subject.front(), 'U');
  EXPECT_EQ(jwt->type, "user");
  EXPECT_EQ(jwt->expires, wall_time{ends});
  EXPECT_EQ(jwt->begins, std::nullopt);
}

TEST(user_jwt, takes_nothing_else_for_one) {
  for (const auto* text : {"", ".", "..", "a.b", "a.!.b", "eyJ0.W10.x", "eyJ0.e30"}) {
    EXPECT_FALSE(read_user_jwt(text)) << text;
  }
  const auto empty = read_user_jwt("eyJ0.e30.x");
  ASSERT_TRUE(empty) << "an empty object";
  EXPECT_EQ(empty->expires, std::nullopt);
}

class material : public ::testing::Test {
protected:
  std::string file(const std::string& name, const std::string& text) const {
    folder_.write(name, text);
    const auto path = folder_.path() / name;
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    return path;
  }

  static std::vector<std::string> odd(const std::vector<material_fact>& all) {
    std::vector<std::string> out;
    for (const auto& one : all) {
      if (one.how == material_fact::mark::odd) {
        out.push_back(one.sentence);
      }
    }
    return out;
  }

  static bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  testing::temporary_directory folder_;
  testing::nkey account_{testing::nkey::kind::account};
  wall_time now_ = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
};

TEST_F(material, a_file_is_named_with_its_setting_and_its_whole_path) {
  const auto missing = read_credentials_file("here.creds");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "The credentials file \"" + (std::filesystem::current_path() / "here.creds").string()
              + "\" of NATS_CREDS cannot be used: it does not exist. Correct the path, or the file;"
                " it is read again with every attempt to connect.");
}

TEST_F(material, that_never_ends_is_given_up) {
  const auto endless = read_nkey_seed_file("/dev/zero");
  ASSERT_FALSE(endless);
  EXPECT_TRUE(says(endless.error().message, "File too large")) << endless.error().message;
  const auto pipe = folder_.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(read_nkey_seed_file(pipe)) << "and nobody waits for who writes into it";
}

TEST_F(material, of_another_kind_than_a_users_is_refused) {
  const auto text = credentials_text(account_);
  const auto seed = text.substr(text.find("\nSU"));
  // {"sub":"U","nats":{"type":"account"}}
  const auto wrong = read_credentials_file(
    file("account.creds", "eyJ0.eyJzdWIiOiJVIiwibmF0cyI6eyJ0eXBlIjoiYWNjb3VudCJ9fQ.x" + seed));
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(says(wrong.error().message, "not one of a user, but of the type \"account\""))
    << wrong.error().message;
}

TEST_F(material, that_is_in_order_is_told_of) {
  const testing::certificate_authority authority{folder_.path(), "authority"};
  testing::certificate_request long_lived{"client"};
  long_lived.valid = testing::validity::for_years;
  const auto client = authority.issue(long_lived);
  std::filesystem::permissions(client.key, std::filesystem::perms{0600});
  endpoint where;
  where.identity.creds_file = file("ann.creds", credentials_text(account_));
  where.tls = {{}, client.certificate, client.key};
  const auto facts = look_at_material(where, now_);
  EXPECT_TRUE(odd(facts).empty()) << odd(facts).front();
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_TRUE(says(facts[0].sentence, "of NATS_CREDS has no end.")) << facts[0].sentence;
  EXPECT_TRUE(says(facts[1].sentence, "of NATS_TLS_CERT is valid until 2")) << facts[1].sentence;
}

TEST_F(material, that_ends_soon_or_has_ended_is_told_of) {
  endpoint where;
  where.identity.creds_file = file("ann.creds", credentials_text(account_, now_ + 25h + 30min));
  auto facts = look_at_material(where, now_);
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].how, material_fact::mark::odd);
  EXPECT_TRUE(says(facts[0].sentence, ", in 25 hours: renew it.")) << facts[0].sentence;
  facts = look_at_material(where, now_ + 48h);
  EXPECT_TRUE(says(facts[0].sentence, "has expired at 2")) << facts[0].sentence;
}

TEST_F(material, that_everybody_may_read_is_told_of) {
  endpoint where;
  where.identity.nkey_seed_file = file("user.nk", seed_text);
  auto facts = look_at_material(where, now_);
  EXPECT_TRUE(odd(facts).empty());
  EXPECT_TRUE(says(facts.at(0).sentence, std::string{"holds the seed of "} + public_text + "."));
  std::filesystem::permissions(where.identity.nkey_seed_file, std::filesystem::perms{0644});
  facts = look_at_material(where, now_);
  ASSERT_EQ(odd(facts).size(), 1U);
  EXPECT_TRUE(says(odd(facts).front(), "`chmod 600` it")) << odd(facts).front();
  for (const auto& fact : facts) {
    EXPECT_FALSE(says(fact.sentence, seed_text));
  }
}

TEST_F(material, with_a_passphrase_is_refused_and_nobody_is_asked) {
  const testing::certificate_authority authority{folder_.path(), "authority"};
  const auto client = authority.issue({"client", {}});
  const auto encrypted = folder_.path() / "encrypted.key";
  testing::encrypt_key(client.key, encrypted);
  const auto checked = check_tls_files({{}, client.certificate, encrypted});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ec::tls_failed);
  EXPECT_TRUE(says(checked.error().message, "it is encrypted")) << checked.error().message;
  EXPECT_TRUE(check_tls_files({authority.certificate(), client.certificate, client.key}));
}

} // namespace
} // namespace nats_mcp::transport::material_test
