// SPDX-License-Identifier: MIT
#include "actors/http/http_actor.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits/http.hpp"
#include "protocol/text.hpp"

#include "actors/supervision/actor_shell.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>
#include <vector>

namespace nats_mcp {

using transport::question;
using transport::question_id;
using transport::question_kind;

namespace {

/// Tells the actor, if there still is one, from any thread.
std::function<void()> telling(asking_actor<http_actor>* self) {
  const caf::weak_actor_ptr weak{self->ctrl()};
  return [weak] {
    if (auto strong = weak.lock()) {
      caf::anon_send(caf::actor_cast<http_actor>(std::move(strong)), http_news{});
    }
  };
}

} // namespace

http_state::http_state(asking_actor<http_actor>* self, http_actor_options options)
  : self_{self}
  , options_{std::move(options)}
  , attached_{options_.door->attach(telling(self_))} {
  options_.door->desk.answer_for_predecessor();
  self_->send(self_, http_news{}); // there may be something before there was an actor to tell
}

http_state::~http_state() { options_.door->detach(attached_); }

http_actor::behavior_type http_state::make_behavior() {
  return {
    [this](const http_news&) {
      take_questions();
      see_to_pages();
    },
    [this](const http_look_due& due) {
      if (due.generation == timer_) {
        look();
      }
    },
  };
}

// -- questions -----------------------------------------------------------------------------------

void http_state::take_questions() {
  for (const auto& [id, what] : options_.door->desk.take()) {
    switch (what.kind) {
      case question_kind::metrics:
        ask_for_metrics(id);
        break;
      case question_kind::readiness:
        ask_for_readiness(id);
        break;
      case question_kind::retry:
        retry(id, what);
        break;
      case question_kind::discard:
        discard(id, what);
        break;
    }
  }
}

void http_state::ask_for_metrics(question_id id) {
  ask<metrics_text>(
    self_, options_.overview, metrics_query{}, "overview",
    [this, id](const metrics_text& numbers) { options_.door->desk.answer(id, numbers.text); },
    [this, id](const error& why) { options_.door->desk.answer(id, tl::make_unexpected(why)); });
}

void http_state::ask_for_readiness(question_id id) {
  ask<readiness>(
    self_, options_.overview, readiness_query{}, "overview",
    [this, id](const readiness& now) {
      auto& desk = options_.door->desk;
      if (now.is_ready) {
        desk.answer(id, "ready\n");
      } else {
        desk.answer(id, fail(ec::unavailable, now.reason));
      }
    },
    [this, id](const error& why) { options_.door->desk.answer(id, tl::make_unexpected(why)); });
}

void http_state::retry(question_id id, const question& what) {
  // Somebody looked at it: it gets all its attempts again.
  retry_dead_letters request{{what.item_id, std::nullopt, true}, what.deadline};
  ask<tools::retry_dead_letter_item_result>(
    self_, options_.dead_letters, std::move(request), "dead letters",
    [this, id](const tools::retry_dead_letter_item_result& done) {
      options_.door->desk.answer(id, "Retried: the item waits for a worker with \""
                                       + done.capability + "\" again, with all its attempts.\n");
    },
    [this, id](const error& why) { options_.door->desk.answer(id, tl::make_unexpected(why)); });
}

void http_state::discard(question_id id, const question& what) {
  ask<tools::discard_dead_letter_item_result>(
    self_, options_.dead_letters, discard_dead_letter{{what.item_id}, what.deadline},
    "dead letters",
    [this, id](const tools::discard_dead_letter_item_result&) {
      options_.door->desk.answer(id, "Discarded: nobody will work on this item any more.\n");
    },
    [this, id](const error& why) { options_.door->desk.answer(id, tl::make_unexpected(why)); });
}

// -- pages ---------------------------------------------------------------------------------------

void http_state::see_to_pages() {
  const auto audience = options_.door->board.audience();
  if (audience == audience_) {
    return;
  }
  audience_ = audience;
  told_.clear();
  ++timer_; // whatever was due was for others
  if (audience_ != 0) {
    look();
  }
}

void http_state::look() {
  self_->delayed_send(self_, limits::page_look_interval, http_look_due{++timer_});
  if (is_looking_) {
    if (++looks_missed_ == limits::page_looks_missed_max) {
      tell_sight("The coordinator is busy, or has not seen everything yet.");
    }
    return;
  }
  is_looking_ = true;
  looks_missed_ = 0;
  ask<page_parts>(
    self_, options_.overview, page_query{}, "overview",
    [this](page_parts now) {
      is_looking_ = false;
      publish(std::move(now.parts));
      tell_sight(now.stale);
    },
    [this](const error& why) {
      is_looking_ = false;
      tell_sight(why.message);
    });
}

void http_state::tell_sight(const std::string& trouble) {
  const json::value sight{
    {"ok", trouble.empty()},
    {"reason", first_characters(trouble, limits::page_reason_characters_max)}};
  publish({{"sight", json::write(sight)}});
}

void http_state::publish(std::vector<coordination::overview_event> parts) {
  std::vector<coordination::overview_event> changed;
  for (auto& part : parts) {
    auto& told = told_[part.name];
    if (told != part.data) {
      told = part.data;
      changed.push_back(std::move(part));
    }
  }
  if (!changed.empty()) {
    options_.door->board.publish(std::move(changed));
  }
}

http_actor spawn_http(caf::local_actor* parent, http_actor_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<http_actor, http_state>(*parent, name, probe, std::move(options));
}

} // namespace nats_mcp
