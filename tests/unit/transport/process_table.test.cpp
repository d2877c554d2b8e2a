// SPDX-License-Identifier: MIT
#include "transport/process/process_table.hpp"

#include "transport/process/child_process.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <signal.h>
#include <unistd.h>

using namespace nats_mcp;
using namespace nats_mcp::transport;
using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::observation;

namespace {

const std::string table_head{"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
                             "retrnsmt   uid  timeout inode\n"};

std::string row(const std::string& local, const std::string& state, const std::string& user,
                const std::string& inode) {
  return "   1: " + local + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000  "
         + user + "        0 " + inode + " 1 00000000136bcdbf 100 0 0 10 0\n";
}

child_process sleeping_child() {
  child_options options;
  options.executable = "/bin/sleep";
  options.arguments = {"60"};
  return std::move(*child_process::start(options));
}

} // namespace

TEST(process_stat, is_read_with_blanks_and_parentheses_in_the_name) {
  const auto facts = parse_process_stat(
    "42 (a) b (c) T 1 42 42 0 -1 4194560 105 0 0 0 0 0 0 0 20 0 1 0 777 8908800 95 1 1");
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->identity, (process_identity{42, 777}));
  EXPECT_EQ(facts->condition, process_condition::stopped);
  EXPECT_EQ(facts->name, "a) b (c");
}

TEST(process_stat, that_is_cut_off_is_none) {
  EXPECT_EQ(parse_process_stat("").has_value(), false);
  EXPECT_EQ(parse_process_stat("42 (a").has_value(), false);
  EXPECT_EQ(parse_process_stat("42 (a) S 1 2").has_value(), false);
}

TEST(process_table, knows_this_process) {
  const auto self = look_up(::getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_EQ(self->user, ::geteuid());
  EXPECT_EQ(self->condition, process_condition::running);
  EXPECT_EQ(condition_of(self->identity), process_condition::running);
}

TEST(process_table, takes_a_later_process_with_the_same_number_for_gone) {
  auto identity = look_up(::getpid())->identity;
  identity.start_ticks -= 1;
  EXPECT_EQ(condition_of(identity), process_condition::gone);
  EXPECT_FALSE(signal_process(identity, 0));
}

TEST(process_table, tells_a_suspended_process_from_a_running_one) {
  auto child = sleeping_child();
  const auto identity = look_up(child.pid())->identity;
  EXPECT_EQ(condition_of(identity), process_condition::running);
  EXPECT_TRUE(signal_process(identity, SIGSTOP));
  EXPECT_TRUE(eventually(5s, [&] {
    return observation{condition_of(identity) == process_condition::stopped, "not stopped"};
  }));
}

TEST(process_table, takes_a_zombie_for_gone) {
  auto child = sleeping_child();
  const auto identity = look_up(child.pid())->identity;
  child.signal(SIGKILL);
  EXPECT_TRUE(eventually(5s, [&] {
    return observation{condition_of(identity) == process_condition::gone, "not gone"};
  }));
}

TEST(socket_table, finds_the_listener_on_the_loopback_address) {
  const auto table = table_head + row("0100007F:9A07", "01", "7", "1")
                     + row("0100007F:9A08", "0A", "7", "2")
                     + row("0100007F:9A07", "0A", "1000", "9937");
  const auto found = find_loopback_listener(table, 0x9A07);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user, 1000U);
  EXPECT_EQ(found->inode, 9937U);
}

TEST(socket_table, prefers_the_listener_that_the_kernel_prefers) {
  const auto everywhere = row("00000000:9A07", "0A", "0", "1");
  const auto exactly = row("0100007F:9A07", "0A", "1000", "2");
  EXPECT_EQ(find_loopback_listener(table_head + everywhere + exactly, 0x9A07)->inode, 2U);
  EXPECT_EQ(find_loopback_listener(table_head + exactly + everywhere, 0x9A07)->inode, 2U);
  EXPECT_EQ(find_loopback_listener(table_head + everywhere, 0x9A07)->inode, 1U);
}

TEST(socket_table, has_no_listener_on_other_ports_and_addresses) {
  const auto table = table_head + row("0200007F:9A07", "0A", "0", "1") + "garbage\n\n";
  EXPECT_FALSE(find_loopback_listener(table, 0x9A07).has_value());
  EXPECT_FALSE(find_loopback_listener("", 0x9A07).has_value());
}

TEST(listener, belongs_to_the_process_that_opened_it_and_to_no_other) {
  const nats_mcp::testing::loopback_listener listener{""};
  const auto child = sleeping_child();
  EXPECT_TRUE(owns_loopback_listener(look_up(::getpid())->identity, listener.port()));
  EXPECT_FALSE(owns_loopback_listener(look_up(child.pid())->identity, listener.port()));
}

TEST(open_files, are_found_by_their_holders) {
  const nats_mcp::testing::temporary_directory folder;
  const auto file = folder.path() / "held";
  std::ofstream{file} << "x";
  EXPECT_TRUE(processes_with_open(file).empty());
  child_options options;
  options.executable = "/bin/sh";
  options.arguments = {"-c", "exec sleep 60 < " + file.string()};
  auto child = child_process::start(options);
  ASSERT_TRUE(child.has_value());
  EXPECT_TRUE(eventually(5s, [&] {
    const auto holders = processes_with_open(file);
    return observation{holders.size() == 1 && holders[0].identity.pid == child->pid(),
                       std::to_string(holders.size()) + " holders"};
  }));
}
