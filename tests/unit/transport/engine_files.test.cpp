// SPDX-License-Identifier: MIT
#include "transport/engine/engine_files.hpp"

#include "protocol/limits.hpp"

#include "transport/engine/engine_log.hpp"
#include "transport/process/process_table.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;

namespace {

mode_t mode_of(const std::filesystem::path& file) {
  struct stat facts {};
  EXPECT_EQ(::lstat(file.c_str(), &facts), 0) << file;
  return facts.st_mode & 07777U;
}

class engine_files_test : public ::testing::Test {
protected:
  nats_mcp::testing::temporary_directory folder_;
  engine_files files_{folder_.path() / "deep" / "nats-mcp"};
};

} // namespace

TEST_F(engine_files_test, makes_a_directory_that_only_its_user_may_enter) {
  ASSERT_TRUE(files_.prepare().has_value());
  EXPECT_EQ(mode_of(files_.directory()), 0700U);
}

TEST_F(engine_files_test, tightens_a_directory_that_was_open_to_others) {
  std::filesystem::create_directories(files_.directory());
  ::chmod(files_.directory().c_str(), 0755);
  ASSERT_TRUE(files_.prepare().has_value());
  EXPECT_EQ(mode_of(files_.directory()), 0700U);
}

TEST_F(engine_files_test, refuses_a_link_in_place_of_the_directory) {
  std::filesystem::create_directories(files_.directory().parent_path());
  std::filesystem::create_directory_symlink("/tmp", files_.directory());
  const auto prepared = files_.prepare();
  ASSERT_FALSE(prepared.has_value());
  EXPECT_NE(prepared.error().message.find("is not a directory of this user"), std::string::npos);
}

TEST_F(engine_files_test, says_why_the_directory_cannot_be_made) {
  const engine_files nowhere{"/proc/nats-mcp"};
  const auto prepared = nowhere.prepare();
  ASSERT_FALSE(prepared.has_value());
  EXPECT_EQ(prepared.error().code, ec::system_error);
  EXPECT_NE(prepared.error().message.find("/proc/nats-mcp"), std::string::npos);
}

TEST_F(engine_files_test, lets_many_share_a_lock_and_nobody_exclude_them) {
  ASSERT_TRUE(files_.prepare().has_value());
  const auto first = take_lock(files_.users_lock(), lock_kind::shared);
  const auto second = take_lock(files_.users_lock(), lock_kind::shared);
  EXPECT_TRUE(first.has_value());
  EXPECT_TRUE(second.has_value());
  const auto exclusive = take_lock(files_.users_lock(), lock_kind::exclusive);
  ASSERT_FALSE(exclusive.has_value());
  EXPECT_EQ(exclusive.error().code, ec::busy);
  EXPECT_EQ(mode_of(files_.users_lock()), 0600U);
}

TEST_F(engine_files_test, frees_a_lock_with_its_descriptor) {
  ASSERT_TRUE(files_.prepare().has_value());
  { const auto lock = take_lock(files_.engine_lock(), lock_kind::exclusive); }
  EXPECT_TRUE(take_lock(files_.engine_lock(), lock_kind::exclusive).has_value());
}

TEST_F(engine_files_test, replaces_a_file_for_its_user_only) {
  ASSERT_TRUE(files_.prepare().has_value());
  ::umask(0);
  ASSERT_TRUE(replace_file(files_.record(), "one").has_value());
  ASSERT_TRUE(replace_file(files_.record(), "two").has_value());
  ::umask(022);
  EXPECT_EQ(read_small_file(files_.record(), 100), "two");
  EXPECT_EQ(mode_of(files_.record()), 0600U);
}

TEST_F(engine_files_test, never_shows_a_reader_half_a_file) {
  ASSERT_TRUE(files_.prepare().has_value());
  const std::string even(50'000, 'e');
  const std::string odd(50'000, 'o');
  ASSERT_TRUE(replace_file(files_.record(), even).has_value());
  std::thread writer{[&] {
    for (int round = 0; round < 200; ++round) {
      ASSERT_TRUE(replace_file(files_.record(), round % 2 == 0 ? odd : even).has_value());
    }
  }};
  for (int round = 0; round < 200; ++round) {
    const auto text = read_small_file(files_.record(), 100'000);
    ASSERT_TRUE(text == even || text == odd);
  }
  writer.join();
}

TEST_F(engine_files_test, keeps_the_log_bounded_and_one_older_log) {
  ASSERT_TRUE(files_.prepare().has_value());
  const auto log = engine_log::open(files_);
  ASSERT_TRUE(log.has_value());
  const std::string sentence(limits::engine_log_bytes_max, 'x');
  log->note(sentence);
  log->keep_bounded();
  log->note("The last words");
  EXPECT_LT(std::filesystem::file_size(files_.log()), 200U);
  EXPECT_GT(std::filesystem::file_size(files_.older_log()), limits::engine_log_bytes_max);
  EXPECT_NE(log->last_line().find("[engine] The last words"), std::string::npos);
  EXPECT_EQ(mode_of(files_.log()), 0600U);
}
