// SPDX-License-Identifier: MIT
// What the user reads when a real nats-server refuses us, one cause at a time.
#include "protocol/jetstream/command.hpp"

#include "tests/contract/real_world.hpp"
#include "tests/support/certificates.hpp"

#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;

result<jetstream::api_reply> ask_info(real_world& world,
                                      std::chrono::milliseconds limit = 10'000ms) {
  return world.ask(jetstream::api_request{"INFO", {}, jetstream::repeatable::yes, world.in(limit)});
}

transport::endpoint at(const std::string& urls) { return {urls, {}, {}, "errors"}; }

TEST(nats_gateway_errors, no_server_is_said_with_address_and_remedy_when_the_time_is_over) {
  const auto port = std::to_string(unused_port());
  real_world world{at("nats://127.0.0.1:" + port)};
  const auto outcome = ask_info(world, 500ms);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::nats_unreachable);
  EXPECT_EQ(outcome.error().message.find(
              "NATS connection failed. Make sure NATS server with JetStream is running. No server"
              " answers at nats://127.0.0.1:"
              + port),
            0U)
    << outcome.error().message;
  EXPECT_NE(outcome.error().message.find("nats-server -js"), std::string::npos);
}

TEST(nats_gateway_errors, disabled_jetstream_is_said) {
  real_world world{nats_server::options{false, {}}};
  const auto outcome = world.ask(jetstream::publish{"a", "b", "c", {}, world.in(10'000ms)});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::jetstream_disabled);
  EXPECT_EQ(outcome.error().message.find("JetStream not enabled"), 0U);
  EXPECT_EQ(ask_info(world).error().code, ec::jetstream_disabled);
}

TEST(nats_gateway_errors, a_missing_token_is_an_authentication_failure) {
  real_world world{nats_server::options{true, {"authorization { token: \"s3cret\" }"}}};
  const auto outcome = ask_info(world);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::authentication_failed);
  EXPECT_NE(outcome.error().message.find("NATS_TOKEN"), std::string::npos);
}

TEST(nats_gateway_errors, a_wrong_password_is_never_shown) {
  nats_server server{{true, {"authorization { user: alice, password: right }"}}};
  const auto address = "alice:wr0ng@127.0.0.1:" + std::to_string(server.port());
  real_world world{at("nats://" + address)};
  const auto outcome = ask_info(world);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::authentication_failed);
  EXPECT_EQ(outcome.error().message.find("wr0ng"), std::string::npos);
  EXPECT_NE(outcome.error().message.find(server.url()), std::string::npos);
}

TEST(nats_gateway_errors, credentials_of_every_kind_are_let_in) {
  nats_server with_token{{true, {"authorization { token: \"s3cret\" }"}}};
  auto token = at(with_token.url());
  token.identity.token = "s3cret";
  real_world first{token};
  EXPECT_TRUE(ask_info(first));

  auto late = at(with_token.url());
  late.identity.late_token = [] { return std::string{"s3cret"}; };
  real_world second{late};
  EXPECT_TRUE(ask_info(second));

  nats_server with_user{{true, {"authorization { user: alice, password: right }"}}};
  real_world third{at("nats://alice:right@127.0.0.1:" + std::to_string(with_user.port()))};
  EXPECT_TRUE(ask_info(third));
}

TEST(nats_gateway_errors, an_nkey_seed_file_is_enough) {
  nats_server server{{true,
                      {"authorization { users: [ { nkey:"
                       " UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 } ] }"}}};
  const auto seed = server.folder() / "user.nk";
  std::ofstream{seed} << "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY\n";
  auto where = at(server.url());
  where.identity.nkey_seed_file = seed.string();
  real_world world{where};
  const auto outcome = ask_info(world);
  EXPECT_TRUE(outcome) << outcome.error().message;
}

TEST(nats_gateway_errors, tls_is_never_given_up_for_plain_text) {
  nats_server server{{true, {}}};
  real_world world{at("tls://127.0.0.1:" + std::to_string(server.port()))};
  const auto outcome = ask_info(world);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::tls_failed) << outcome.error().message;
}

class nats_gateway_tls : public ::testing::Test {
protected:
  std::filesystem::path folder_ = make_certificate();
  nats_server server_{{true,
                       {"tls { cert_file: " + (folder_ / "certificate.pem").string()
                        + ", key_file: " + (folder_ / "key.pem").string() + " }"}}};

  void TearDown() override { std::filesystem::remove_all(folder_); }
};

TEST_F(nats_gateway_tls, plain_text_to_a_tls_server_says_what_to_do) {
  real_world world{at(server_.url())};
  const auto outcome = ask_info(world);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::tls_failed) << outcome.error().message;
  EXPECT_NE(outcome.error().message.find("tls://"), std::string::npos);
}

TEST_F(nats_gateway_tls, an_unknown_authority_is_refused) {
  real_world world{at("tls://127.0.0.1:" + std::to_string(server_.port()))};
  const auto outcome = ask_info(world);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::tls_failed) << outcome.error().message;
  EXPECT_NE(outcome.error().message.find("NATS_TLS_CA"), std::string::npos);
}

TEST_F(nats_gateway_tls, a_known_authority_is_let_through) {
  auto where = at("tls://127.0.0.1:" + std::to_string(server_.port()));
  where.tls.ca = (folder_ / "certificate.pem").string();
  real_world world{where};
  for (int i = 0; i < 20; ++i) {
    const auto outcome = ask_info(world);
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
}

TEST(nats_gateway_errors, one_dead_server_in_a_list_does_not_matter) {
  nats_server server{{true, {}}};
  const auto dead = "nats://127.0.0.1:" + std::to_string(unused_port());
  real_world world{at(dead + "," + server.url())};
  EXPECT_TRUE(ask_info(world));
}

TEST(nats_gateway_errors, a_message_that_is_too_large_is_measured_against_the_servers_limit) {
  real_world world{nats_server::options{true, {"max_payload: 1000"}}};
  ASSERT_TRUE(ask_info(world));
  const auto outcome = world.ask(
    jetstream::publish{"acme.roadmap", std::string(1000, 'x'), "id", {}, world.in(10'000ms)});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::limit_exceeded);
  // 12 bytes around the block of headers, 17 of "Nats-Msg-Id: id" and its end of line.
  EXPECT_EQ(outcome.error().message,
            "The message to #roadmap is too large: with its envelope it has 1029 bytes, and the"
            " NATS server takes at most 1000 (its max_payload). Nothing was sent. Shorten it, or"
            " send it in parts.");
}

class nats_gateway_permissions : public ::testing::Test {
protected:
  real_world world_{nats_server::options{
    true,
    {"authorization { users: [ { user: alice, password: right, permissions: {",
     "  publish: [\"$JS.API.>\", \"good.>\", \"_INBOX.>\"], subscribe: [\"_INBOX.>\", \"good.>\"]",
     "} } ] }", "no_auth_user: alice"}}};
};

TEST_F(nats_gateway_permissions, a_refused_publish_fails_at_once_and_names_the_subject) {
  ASSERT_TRUE(ask_info(world_));
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) {
    const auto outcome =
      world_.ask(jetstream::publish{"bad.subject", "b", {}, {}, world_.in(10'000ms)});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ec::permission_denied);
    EXPECT_NE(outcome.error().message.find("publish to \"bad.subject\""), std::string::npos);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_TRUE(ask_info(world_)) << "everything else goes on";
}

TEST_F(nats_gateway_permissions, every_one_of_many_refusals_at_once_reaches_its_request) {
  ASSERT_TRUE(ask_info(world_));
  constexpr int count = 300;
  caf::scoped_actor self{world_.system()};
  const auto deadline = world_.in(10'000ms);
  using pending = decltype(self->request(world_.gateway(), 60s, jetstream::publish{}));
  std::vector<pending> asked;
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const auto subject = "bad.s" + std::to_string(i % 100);
    asked.push_back(
      self->request(world_.gateway(), 60s, jetstream::publish{subject, "b", {}, {}, deadline}));
  }
  for (int i = 0; i < count; ++i) {
    const auto channel = "#s" + std::to_string(i % 100) + ". ";
    asked[static_cast<std::size_t>(i)].receive(
      [](const jetstream::publish_receipt&) { FAIL() << "stored"; },
      [&](const caf::error& failure) {
        const auto why = from_caf(failure, "gateway");
        EXPECT_EQ(why.code, ec::permission_denied) << why.message;
        EXPECT_NE(why.message.find(channel), std::string::npos) << why.message;
      });
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(nats_gateway_permissions, refused_subscriptions_at_once_are_all_none) {
  ASSERT_TRUE(ask_info(world_));
  auto heard = std::make_shared<hearing>();
  const auto listener = world_.listen(heard);
  caf::scoped_actor self{world_.system()};
  using pending = decltype(self->request(world_.gateway(), 60s, core_subscribe{}));
  std::vector<pending> asked;
  for (std::uint64_t i = 1; i <= 50; ++i) {
    const auto subject = i % 2 == 0 ? "good.s" : "bad.s" + std::to_string(i);
    asked.push_back(self->request(
      world_.gateway(), 60s,
      core_subscribe{jetstream::subscription_id{i}, subject, {}, listener, world_.in(10'000ms)}));
  }
  for (std::size_t i = 1; i <= asked.size(); ++i) {
    bool confirmed = false;
    asked[i - 1].receive([&](const subscribed&) { confirmed = true; },
                         [&](const caf::error& failure) {
                           EXPECT_EQ(from_caf(failure, "gateway").code, ec::permission_denied);
                         });
    EXPECT_EQ(confirmed, i % 2 == 0) << i;
  }
}

TEST_F(nats_gateway_permissions, a_refused_subscription_is_no_subscription) {
  auto heard = std::make_shared<hearing>();
  const auto outcome = world_.ask(core_subscribe{
    jetstream::subscription_id{1}, "bad.>", {}, world_.listen(heard), world_.in(10'000ms)});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::permission_denied);
  EXPECT_NE(outcome.error().message.find("subscribe to \"bad.>\""), std::string::npos);
}

} // namespace
} // namespace nats_mcp::testing
