// SPDX-License-Identifier: MIT
#include "protocol/hash.hpp"

#include "protocol/agents/visibility.hpp"

#include <gtest/gtest.h>

namespace nats_mcp::hash_test {
namespace {

TEST(hash, is_the_sha_256_of_the_standard) {
  EXPECT_EQ(sha256("abc").value(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("").value(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(hash, has_a_short_form_of_sixteen_digits) {
  EXPECT_EQ(short_hash("abc").value(), "ba7816bf8f01cfea");
}

TEST(a_uuid_of_a_name, is_the_one_of_the_standard) {
  // RFC 9562, A.4: www.example.com in the space of domain names.
  EXPECT_EQ(make_uuid_of_name("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com").value(),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(a_uuid_of_a_name, is_the_same_each_time_in_one_project_alone) {
  const auto one = make_name_uuid("0123456789abcdef", "deploy-42").value();
  EXPECT_TRUE(agents::is_guid(one)) << one;
  EXPECT_EQ(make_name_uuid("0123456789abcdef", "deploy-42"), one);
  EXPECT_NE(make_name_uuid("0123456789abcdef", "deploy-43"), one);
  EXPECT_NE(make_name_uuid("0123456789abcdee", "deploy-42"), one);
}

TEST(a_uuid_of_a_name, keeps_apart_where_the_project_ends_and_the_name_begins) {
  EXPECT_NE(make_name_uuid("ab", "c"), make_name_uuid("a", "bc"));
  EXPECT_NE(make_name_uuid("a", ""), make_name_uuid("", "a"));
}

TEST(a_uuid_of_a_name, takes_any_name) {
  const std::string any{"\0\xff\n\r", 4};
  EXPECT_TRUE(agents::is_guid(make_name_uuid(any, any).value()));
}

} // namespace
} // namespace nats_mcp::hash_test
