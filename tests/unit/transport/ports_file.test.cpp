// SPDX-License-Identifier: MIT
#include "transport/process/ports_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

using namespace nats_mcp::transport;

namespace {

const std::string complete{
  R"({"nats":["nats://127.0.0.1:39431"],"monitoring":["http://127.0.0.1:8222"]})"};

} // namespace

TEST(ports_file, names_the_port_of_the_clients_listener) {
  EXPECT_EQ(client_port(complete), 39431);
}

TEST(ports_file, is_read_with_an_address_of_ip_version_6) {
  EXPECT_EQ(client_port(R"({"nats":["nats://[::1]:4222"]})"), 4222);
}

TEST(ports_file, has_no_port_while_it_is_only_half_written) {
  for (std::size_t length = 0; length < complete.size(); ++length) {
    EXPECT_EQ(client_port(complete.substr(0, length)), std::nullopt) << "at " << length;
  }
}

TEST(ports_file, without_a_usable_port_has_none) {
  for (const auto* text : {"{}", "[]", "null", "4222", R"({"nats":[]})", R"({"nats":"nats://h:1"})",
                           R"({"nats":[4222]})", R"({"nats":["nats://127.0.0.1"]})",
                           R"({"nats":["nats://127.0.0.1:0"]})", R"({"nats":["nats://h:65536"]})",
                           R"({"nats":["nats://h:-1"]})", R"({"nats":["nats://h:42x"]})"}) {
    EXPECT_EQ(client_port(text), std::nullopt) << text;
  }
}

TEST(ports_file, skips_an_address_it_cannot_read) {
  EXPECT_EQ(client_port(R"({"nats":["nats://h","nats://h:4223"]})"), 4223);
}

TEST(ports_file, is_named_after_the_program_and_its_process) {
  EXPECT_EQ(ports_file_name("/usr/sbin/nats-server", 6086), "nats-server_6086.ports");
}

RC_GTEST_PROP(ports_file, takes_any_bytes_without_harm, (const std::string& bytes)) {
  const auto port = client_port(bytes);
  RC_ASSERT((!port || *port > 0));
}
