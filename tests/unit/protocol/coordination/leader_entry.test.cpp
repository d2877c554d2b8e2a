// SPDX-License-Identifier: MIT
#include "protocol/coordination/leader_entry.hpp"

#include "protocol/identifiers.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace nats_mcp::coordination::leader_entry_test {
namespace {

/// As it stands in JSON: broken UTF-8 does not survive.
std::string any_entry_text() {
  return json::parse(json::write(*rc::gen::arbitrary<std::string>())).value().get<std::string>();
}

RC_GTEST_PROP(a_leaders_entry, comes_back_as_it_was_written, ()) {
  const leader_entry entry{make_uuid([] { return *rc::gen::arbitrary<std::uint64_t>(); }),
                           any_entry_text(), *rc::gen::arbitrary<bool>()};
  RC_PRE(count_characters(entry.host) <= limits::hostname_characters_max);
  const auto write_id = any_entry_text();
  const auto back = read_leader_entry(write_leader_entry(entry, write_id));
  RC_ASSERT(back.entry == entry);
  RC_ASSERT(back.write_id == write_id);
}

RC_GTEST_PROP(a_leaders_entry, is_nobodys_when_it_is_read_out_of_any_bytes,
              (const std::string& value)) {
  RC_ASSERT(read_leader_entry(value).entry == leader_entry{});
}

TEST(a_leaders_entry, of_a_stranger_names_no_guid_that_is_none_and_no_endless_host) {
  const auto back = read_leader_entry(json::write(
    json::value{{"guid", "../x"}, {"host", std::string(5000, 'h')}, {"released", "yes"}}));
  EXPECT_EQ(back.entry.guid, "");
  EXPECT_EQ(count_characters(back.entry.host), limits::hostname_characters_max + 1);
  EXPECT_FALSE(back.entry.released);
}

} // namespace
} // namespace nats_mcp::coordination::leader_entry_test
