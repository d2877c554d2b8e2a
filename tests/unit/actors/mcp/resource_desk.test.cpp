// SPDX-License-Identifier: MIT
// What a resource says is asked of the actor that knows, and marks nothing as read.
#include "protocol/limits.hpp"

#include "tests/unit/actors/mcp/desk_story.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace nats_mcp::testing {
namespace {

using namespace std::chrono_literals;
using names = std::set<std::string>;

/// A session that has nothing but a desk; `session_timer` makes it do what the test wants.
class desk_owner {
public:
  using work = std::function<void(resource_desk&)>;

  struct shared {
    dispatch_options parts;
    work next;
    std::vector<result<std::string>> read;
  };

  desk_owner(asking_actor<session_actor>* self, std::shared_ptr<shared> common)
    : common_{std::move(common)}
    , desk_{self, common_->parts, [this](call_id call, const result<std::string>& text) {
              EXPECT_EQ(call, call_id{7});
              common_->read.push_back(text);
            }} {
    // nop
  }

  session_actor::behavior_type make_behavior() {
    return {
      [](const input_waiting&) {},
      [](const output_drained&) {},
      [](const output_ready&) {},
      [](const finish_session&) { return session_finished{}; },
      [](const identity_changed&) {},
      [](const unread_mail&) {},
      [](const channel_changed&) {},
      [](const agents_changed&) {},
      [](const observation_wanted&) {},
      [](const claims_in_doubt&) {},
      [this](const session_timer&) { common_->next(desk_); },
    };
  }

private:
  std::shared_ptr<shared> common_;
  resource_desk desk_;
};

class resource_desk_test : public deterministic {
protected:
  void SetUp() override {
    auto loaded = std::make_shared<config::loaded_configuration>();
    loaded->value.call_timeout = 3s;
    loaded->problems = problems_;
    common_->parts.configuration = loaded;
    common_->parts.inbox =
      adopt(spawn_shell<inbox_actor, desk_inbox>(system(), "inbox", message_probe{}, script_));
    common_->parts.registry = adopt(
      spawn_shell<registry_actor, desk_registry>(system(), "registry", message_probe{}, script_));
    common_->parts.channels = adopt(
      spawn_shell<channels_actor, desk_channels>(system(), "channels", message_probe{}, script_));
    start();
  }

  void start() {
    owner_ =
      adopt(spawn_shell<session_actor, desk_owner>(system(), "session", message_probe{}, common_));
    run();
  }

  void make(desk_owner::work work) {
    common_->next = std::move(work);
    tell(owner_, session_timer{});
  }

  result<std::string> read(const std::string& uri) {
    common_->read.clear();
    make([&](resource_desk& desk) { desk.read(call_id{7}, uri); });
    EXPECT_EQ(common_->read.size(), 1U) << uri;
    return common_->read.empty() ? result<std::string>{} : common_->read.front();
  }

  std::vector<config::problem> problems_;
  std::shared_ptr<desk_script> script_ = std::make_shared<desk_script>();
  std::shared_ptr<desk_owner::shared> common_ = std::make_shared<desk_owner::shared>();
  session_actor owner_;
};

TEST_F(resource_desk_test, shows_the_inbox_without_counting_it_as_read) {
  script_->inbox =
    tools::read_direct_messages_result{{{"id", "guid", "analyst", "text", "now", "Hello.", {}}}, 0};
  EXPECT_EQ(read("nats-mcp://inbox"), tools::render(*script_->inbox));
  ASSERT_EQ(script_->inbox_reads.size(), 1U);
  EXPECT_TRUE(script_->inbox_reads[0].peek);
  EXPECT_EQ(script_->inbox_reads[0].arguments.limit, limits::inbox_shown_max);
  EXPECT_EQ(script_->inbox_reads[0].arguments.timeout, 0ms);
  EXPECT_EQ(script_->inbox_reads[0].deadline, now() + 3s);
}

TEST_F(resource_desk_test, shows_the_agents_that_are_there) {
  tools::agent_summary somebody;
  somebody.handle = "analyst";
  script_->agents = tools::discover_agents_result{{somebody}, 1, ""};
  EXPECT_EQ(read("nats-mcp://agents"), tools::render(*script_->agents));
  ASSERT_EQ(script_->discoveries.size(), 1U);
  EXPECT_FALSE(script_->discoveries[0].arguments.include_offline);
}

TEST_F(resource_desk_test, shows_the_newest_messages_of_a_channel_and_moves_no_read_position) {
  tools::read_messages_result planning;
  planning.channel = "planning";
  script_->channel = planning;
  EXPECT_EQ(read("nats-mcp://channels/planning"), tools::render(planning));
  ASSERT_EQ(script_->channel_reads.size(), 1U);
  const auto& arguments = script_->channel_reads[0].arguments;
  EXPECT_EQ(arguments.channel, "planning");
  EXPECT_EQ(arguments.limit, limits::channel_messages_shown);
  EXPECT_FALSE(arguments.unread);
  EXPECT_FALSE(arguments.after);
}

TEST_F(resource_desk_test, says_why_a_resource_cannot_be_read) {
  for (const auto* uri : {"nats-mcp://inbox", "nats-mcp://agents", "nats-mcp://channels/x"}) {
    EXPECT_EQ(read(uri).error().code, ec::unavailable) << uri;
  }
  EXPECT_EQ(read("nats-mcp://nothing").error().code, ec::not_found);
}

TEST_F(resource_desk_test, answers_for_parts_that_do_not_exist) {
  common_->parts.inbox = inbox_actor{};
  common_->parts.registry = registry_actor{};
  common_->parts.channels = channels_actor{};
  start();
  EXPECT_EQ(read("nats-mcp://inbox").error().code, ec::unavailable);
  EXPECT_EQ(read("nats-mcp://channels/x").error().code, ec::unavailable);
  make([](resource_desk& desk) { desk.watch({"nats-mcp://agents"}); });
  EXPECT_TRUE(script_->agents_observed.empty());
}

TEST_F(resource_desk_test, tells_the_parts_what_is_watched_and_says_it_again) {
  make([](resource_desk& desk) {
    desk.watch({"nats-mcp://inbox", "nats-mcp://agents", "nats-mcp://channels/planning"});
  });
  ASSERT_EQ(script_->channels_observed.size(), 1U);
  EXPECT_EQ(script_->channels_observed[0].channels, names{"planning"});
  ASSERT_EQ(script_->agents_observed.size(), 1U);
  EXPECT_TRUE(script_->agents_observed[0].wanted);
  make([](resource_desk& desk) { desk.say_again(); });
  EXPECT_EQ(script_->channels_observed.at(1).channels, names{"planning"});
  make([](resource_desk& desk) { desk.watch({}); });
  EXPECT_TRUE(script_->channels_observed.at(2).channels.empty());
  EXPECT_FALSE(script_->agents_observed.at(2).wanted);
}

class unusable_desk : public resource_desk_test {
protected:
  unusable_desk() { problems_.push_back({".mcp-config.json", 3, "channels", "", "is wrong", ""}); }
};

TEST_F(unusable_desk, answers_every_resource_with_what_is_wrong_with_the_configuration) {
  const auto answer = read("nats-mcp://inbox");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find(".mcp-config.json:3"), std::string::npos);
  EXPECT_TRUE(script_->inbox_reads.empty());
}

} // namespace
} // namespace nats_mcp::testing
