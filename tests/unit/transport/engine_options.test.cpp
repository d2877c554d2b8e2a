// SPDX-License-Identifier: MIT
#include "transport/engine/engine_options.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;

namespace {

engine_environment with_home(const std::string& home) {
  engine_environment environment;
  environment.home = home;
  return environment;
}

} // namespace

TEST(engine_directory, is_below_xdg_data_home) {
  auto environment = with_home("/home/ada");
  environment.xdg_data_home = "/data";
  EXPECT_EQ(engine_directory(environment), "/data/nats-mcp");
}

TEST(engine_directory, is_below_the_home_directory_when_xdg_data_home_is_unset) {
  EXPECT_EQ(engine_directory(with_home("/home/ada")), "/home/ada/.local/share/nats-mcp");
}

TEST(engine_directory, ignores_a_relative_xdg_data_home) {
  auto environment = with_home("/home/ada");
  environment.xdg_data_home = "data";
  EXPECT_EQ(engine_directory(environment), "/home/ada/.local/share/nats-mcp");
}

TEST(engine_directory, asks_the_user_database_when_no_home_is_set) {
  const std::filesystem::path home{::getpwuid(::geteuid())->pw_dir};
  EXPECT_EQ(engine_directory({}), home / ".local/share/nats-mcp");
}

TEST(server_binary, is_the_first_executable_one_in_path) {
  const nats_mcp::testing::temporary_directory folder;
  const auto file = folder.path() / "nats-server";
  std::ofstream{file} << "#!/bin/sh\n";
  engine_environment environment;
  environment.path = "/nonexistent:relative::" + folder.path().string();
  EXPECT_NE(find_server_binary(environment), file) << "it is not executable yet";
  ::chmod(file.c_str(), 0755);
  EXPECT_EQ(find_server_binary(environment), file);
}

TEST(server_binary, is_found_where_debian_puts_it_although_path_does_not_say_so) {
  EXPECT_EQ(find_server_binary({}), "/usr/sbin/nats-server");
}

TEST(engine_options, are_off_when_the_environment_says_never) {
  auto environment = with_home("/home/ada");
  EXPECT_EQ(default_engine_options(environment)->use, local_engine_use::automatic);
  environment.local = "auto";
  EXPECT_EQ(default_engine_options(environment)->use, local_engine_use::automatic);
  environment.local = "never";
  EXPECT_EQ(default_engine_options(environment)->use, local_engine_use::never);
}

TEST(engine_options, refuse_a_word_that_means_nothing) {
  engine_environment environment;
  environment.local = "nevr";
  const auto options = default_engine_options(environment);
  ASSERT_FALSE(options.has_value());
  EXPECT_EQ(options.error().code, ec::configuration_invalid);
  EXPECT_NE(options.error().message.find("NATS_MCP_LOCAL is `nevr`"), std::string::npos);
}
