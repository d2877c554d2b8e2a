// SPDX-License-Identifier: MIT
// The shipped coordinator over HTTP, on a real nats-server with real agents: what it shows of them,
// what its buttons do, and how it ends.
#include "tests/fault/coordinators_at_work.hpp"
#include "tests/integration/work_agents.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <mutex>
#include <thread>

namespace nats_mcp::testing::coordinator_page_test {
namespace {

using namespace std::chrono_literals;

/// An open page, as far as it reads.
class open_page {
public:
  explicit open_page(int port)
    : client_{"127.0.0.1", port}
    , reading_{[this] {
      (void)client_.Get("/events", [this](const char* bytes, std::size_t count) {
        const std::lock_guard lock{mutex_};
        heard_.append(bytes, count);
        return true;
      });
    }} {
    // nop
  }
  ~open_page() { client_.stop(); }
  open_page(const open_page&) = delete;
  open_page& operator=(const open_page&) = delete;

  [[nodiscard]] bool heard(std::string_view what) const {
    const std::lock_guard lock{mutex_};
    return heard_.find(what) != std::string::npos;
  }

private:
  mutable std::mutex mutex_;
  std::string heard_;
  httplib::Client client_;
  std::jthread reading_;
};

class coordinator_page : public work_agents {
protected:
  static constexpr auto soon = 15s;

  coordinator_page() { settings_ = {{"NATS_MCP_HEARTBEAT_INTERVAL", "1000"}}; }

  [[nodiscard]] server_options options(const std::string& address, variables more = {}) const {
    auto out = coordinator_process(nats_.url(), folder_);
    out.arguments = {"--http", address};
    out.environment.insert(more.begin(), more.end());
    return out;
  }

  void start_coordinator(variables more = {}) {
    process_ = std::make_unique<server_process>(options("127.0.0.1:0", std::move(more)));
    constexpr std::string_view mark = "http://127.0.0.1:";
    ASSERT_TRUE(eventually(soon, [&] {
      const auto log = process_->standard_error();
      const auto at = log.find(mark);
      port_ = at == std::string::npos ? 0 : std::atoi(log.c_str() + at + mark.size());
      return observation{port_ != 0, log};
    }));
  }
  [[nodiscard]] httplib::Client client() const {
    httplib::Client out{"127.0.0.1", port_};
    out.set_read_timeout(30s);
    return out;
  }
  [[nodiscard]] int get(const std::string& path, const httplib::Headers& headers = {}) const {
    const auto answer = client().Get(path, headers);
    return answer ? answer->status : -1;
  }
  [[nodiscard]] std::string metrics() const {
    const auto answer = client().Get("/metrics");
    return answer ? answer->body : std::string{};
  }
  [[nodiscard]] auto change(const std::string& item, const std::string& action) const {
    return client().Post("/dead-letters/" + item + "/" + action, {{"X-Nats-Mcp", "test"}}, "", "");
  }
  static int exit_code_of(const server_options& options) {
    server_process process{options};
    const auto ended = process.wait_exit();
    return ended && ended->code ? *ended->code : -1;
  }

  temporary_directory folder_;
  std::unique_ptr<server_process> process_;
  int port_ = 0;
};

TEST_F(coordinator_page, lives_at_once_and_is_ready_when_it_leads) {
  nats_.stop();
  start_coordinator();
  EXPECT_EQ(get("/healthz"), 200);
  const auto early = client().Get("/readyz");
  ASSERT_TRUE(early);
  EXPECT_EQ(early->status, 503);
  EXPECT_GT(early->body.size(), 10U) << "says why not";
  nats_.start();
  EXPECT_TRUE(eventually(30s, [this] { return get("/readyz") == 200; }));
}

TEST_F(coordinator_page, counts_agents_and_work) {
  start_coordinator();
  const auto manager = worker("manager", json::value::array());
  const auto developer = worker("developer");
  (void)offer(*manager, "t1", {{"priority", 7}});
  EXPECT_TRUE(eventually(soon, [this] {
    const auto text = metrics();
    return observation{
      text.find("nats_mcp_agents{status=\"online\"} 2\n") != std::string::npos
        && text.find("nats_mcp_queue_depth{capability=\"typescript\",priority=\"7\"} 1\n")
             != std::string::npos
        && text.find("nats_mcp_coordinator_leader 1\n") != std::string::npos,
      text};
  }));
}

TEST_F(coordinator_page, shows_agents_their_words_and_their_work) {
  // As the worker's: channels belong to a namespace.
  folder_.write(".mcp-config.json", R"({"namespace": "of-developer", "channels": [)"
                                    R"({"name": "planning", "description": "Plans"}]})");
  start_coordinator();
  ASSERT_TRUE(eventually(soon, [this] { return get("/readyz") == 200; }));
  open_page page{port_};
  const auto developer = worker("developer");
  EXPECT_TRUE(eventually(soon, [&] { return page.heard("\"handle\":\"developer\""); }));
  const auto sent =
    developer->call("send_message", {{"channel", "planning"}, {"message", "Ready at last."}});
  EXPECT_FALSE(sent.is_error) << sent.text;
  // How soon exactly is for the browser's test to say (tests/page), which runs without sanitizers.
  EXPECT_TRUE(eventually(soon, [&] { return page.heard("Ready at last."); }));
  const auto item = offer(*developer, "t1");
  EXPECT_EQ(item_in(claim(*developer).text), item);
  EXPECT_TRUE(eventually(soon, [&] { return page.heard("\"state\":\"claimed\""); }));
}

TEST_F(coordinator_page, puts_a_dead_item_back_by_its_button) {
  start_coordinator();
  ASSERT_TRUE(eventually(soon, [this] { return get("/readyz") == 200; }));
  open_page page{port_};
  const auto developer = worker("developer");
  const auto item = offer(*developer, "t1");
  EXPECT_EQ(item_in(claim(*developer).text), item);
  with(*developer, "fail_work", item, {{"error", "No such branch."}, {"retryable", false}});
  ASSERT_TRUE(eventually(soon, [&] { return page.heard("No such branch."); }));
  const auto answer = change(item, "retry");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_EQ(item_in(claim(*developer).text), item);
  with(*developer, "complete_work", item);
  const auto again = change(item, "retry");
  ASSERT_TRUE(again);
  EXPECT_GE(again->status, 400) << "it is not dead any more";
}

TEST_F(coordinator_page, discards_a_dead_item_by_its_button) {
  start_coordinator();
  const auto developer = worker("developer");
  const auto item = offer(*developer, "t1");
  EXPECT_EQ(item_in(claim(*developer).text), item);
  with(*developer, "fail_work", item, {{"error", "No such branch."}, {"retryable", false}});
  const auto answer = change(item, "discard");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_TRUE(says(status(*developer, item), "discarded"));
}

TEST_F(coordinator_page, asks_for_the_token_it_was_given) {
  start_coordinator({{"NATS_MCP_HTTP_TOKEN", "a-token-nobody-can-guess"}});
  EXPECT_EQ(get("/healthz"), 200);
  EXPECT_EQ(get("/metrics"), 401);
  EXPECT_TRUE(eventually(soon, [this] {
    return get("/metrics", {{"Authorization", "Bearer a-token-nobody-can-guess"}}) == 200;
  }));
}

TEST_F(coordinator_page, is_not_served_where_it_must_not_or_cannot_be) {
  EXPECT_EQ(exit_code_of(options("0.0.0.0:0")), 2);
  EXPECT_EQ(exit_code_of(options("example.org:80")), 2);
  EXPECT_EQ(exit_code_of(options("127.0.0.1:0", {{"NATS_MCP_HTTP_TOKEN", "not-enough"}})), 2);
  start_coordinator();
  EXPECT_EQ(exit_code_of(options("127.0.0.1:" + std::to_string(port_))), 1);
}

TEST_F(coordinator_page, does_not_keep_the_process_from_ending) {
  start_coordinator();
  open_page page{port_};
  ASSERT_TRUE(eventually(soon, [&] { return page.heard("retry:"); }));
  process_->signal(SIGTERM);
  const auto ended = process_->wait_exit();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0) << process_->standard_error();
}

} // namespace
} // namespace nats_mcp::testing::coordinator_page_test
