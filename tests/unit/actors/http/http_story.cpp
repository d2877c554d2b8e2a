// SPDX-License-Identifier: MIT
#include "tests/unit/actors/http/http_story.hpp"

#include "tests/support/eventually.hpp"

#include <caf/send.hpp>

#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

class scripted_overview {
public:
  scripted_overview(overview_actor::pointer self, std::shared_ptr<http_script> script)
    : self_{self}
    , script_{std::move(script)} {
    // nop
  }

  overview_actor::behavior_type make_behavior() {
    return {
      [this](const page_query&) -> caf::result<page_parts> {
        ++script_->page_queries;
        if (script_->holds_pages) {
          script_->held_pages.push_back(self_->make_response_promise<page_parts>());
          return script_->held_pages.back();
        }
        if (script_->overview_failure) {
          return to_caf(*script_->overview_failure);
        }
        return page_parts{script_->parts, script_->stale};
      },
      [this](const metrics_query&) -> caf::result<metrics_text> {
        for (auto& held : std::exchange(script_->held_pages, {})) {
          held.deliver(page_parts{script_->parts, script_->stale});
        }
        if (script_->overview_failure) {
          return to_caf(*script_->overview_failure);
        }
        return metrics_text{"numbers\n"};
      },
      [this](const readiness_query&) { return script_->ready; },
    };
  }

private:
  overview_actor::pointer self_;
  std::shared_ptr<http_script> script_;
};

class scripted_letters {
public:
  scripted_letters(dead_letters_actor::pointer /*self*/, std::shared_ptr<http_script> script)
    : script_{std::move(script)} {
    // nop
  }

  dead_letters_actor::behavior_type make_behavior() {
    return {
      [](const list_dead_letters&) { return tools::list_dead_letter_items_result{}; },
      [this](
        const retry_dead_letters& request) -> caf::result<tools::retry_dead_letter_item_result> {
        script_->retries.push_back(request);
        if (script_->letters_failure) {
          return to_caf(*script_->letters_failure);
        }
        tools::retry_dead_letter_item_result out;
        out.capability = "rust";
        return out;
      },
      [this](
        const discard_dead_letter& request) -> caf::result<tools::discard_dead_letter_item_result> {
        script_->discards.push_back(request);
        if (script_->letters_failure) {
          return to_caf(*script_->letters_failure);
        }
        return tools::discard_dead_letter_item_result{request.arguments.item_id};
      },
      [](const identity_changed&) {},
      [](const sweep_due&) {},
    };
  }

private:
  std::shared_ptr<http_script> script_;
};

} // namespace

void http_story::SetUp() {
  overview_ =
    adopt(spawn_shell<overview_actor, scripted_overview>(system(), "overview", nullptr, script_));
  letters_ = adopt(
    spawn_shell<dead_letters_actor, scripted_letters>(system(), "dead letters", nullptr, script_));
  start();
}

void http_story::TearDown() {
  script_->held_pages.clear();
  deterministic::TearDown();
}

void http_story::release_pages() {
  script_->holds_pages = false;
  (void)ask(overview_, metrics_query{});
}

void http_story::start() {
  http_actor_options options;
  options.child_id = "http";
  options.door = door_;
  options.overview = overview_;
  options.dead_letters = letters_;
  http_ = adopt(spawn_shell<http_actor, http_state>(system(), "http", nullptr, std::move(options)));
  run();
  (void)door_->attach([this] { news_ = true; }); // instead of the actor's, which sends at once
}

void http_story::run() {
  if (news_.exchange(false)) {
    caf::anon_send(http_, http_news{});
  }
  deterministic::run();
}

void http_story::restart() {
  caf::anon_send_exit(http_, caf::exit_reason::kill);
  run();
  start();
}

std::future<result<std::string>> http_story::ask_at_the_door(transport::question_kind kind,
                                                             std::string item_id) {
  return std::async(std::launch::async, [this, kind, item_id] {
    const auto until = std::chrono::steady_clock::now() + 20s;
    return door_->desk.ask({kind, item_id, until}, until);
  });
}

result<std::string> http_story::answer_of(std::future<result<std::string>> asked) {
  EXPECT_TRUE(eventually(10s, [&] {
    run();
    return asked.wait_for(0s) == std::future_status::ready;
  }));
  return asked.get();
}

std::string http_story::told(transport::event_board::page& page) {
  std::string out;
  for (const auto& [number, event] : page.news(seen_)) {
    out += event.name + "=" + event.data + " ";
    seen_ = number;
  }
  return out;
}

} // namespace nats_mcp::testing
