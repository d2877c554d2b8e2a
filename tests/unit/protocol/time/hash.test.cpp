// SPDX-License-Identifier: MIT
#include "protocol/hash.hpp"

#include <gtest/gtest.h>

namespace nats_mcp {
namespace {

TEST(hash, is_the_sha_256_of_the_standard) {
  EXPECT_EQ(sha256("abc").value(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("").value(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(hash, has_a_short_form_of_sixteen_digits) {
  EXPECT_EQ(short_hash("abc").value(), "ba7816bf8f01cfea");
}

} // namespace
} // namespace nats_mcp
