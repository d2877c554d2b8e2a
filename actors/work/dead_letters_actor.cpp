// SPDX-License-Identifier: MIT
#include "actors/work/dead_letters_actor.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/facts.hpp"
#include "protocol/work/may_see.hpp"
#include "protocol/work/stream_page.hpp"

#include "actors/supervision/guarded_promise.hpp"

#include <memory>
#include <utility>

namespace nats_mcp {

namespace {

error no_item_id(const std::string& text) {
  return {ec::not_found,
          "There is no work item \""
            + one_line(first_characters(text, limits::quoted_characters_max))
            + "\". list_dead_letter_items shows the IDs of those that are dead.",
          0};
}

} // namespace

dead_letters_state::dead_letters_state(asking_actor<dead_letters_actor>* self,
                                       dead_letters_options options)
  : self_{self}
  , options_{std::move(options)}
  , api_{make_api_caller(self, options_.gateway)}
  , time_{{api_, options_.world.random, [this] { return scripts_.clock(); }}}
  , scripts_{{make_command_caller<work::work_script>(self, options_.gateway), &time_,
              [this] { return now(); }, options_.world}}
  , streams_{api_, options_.retention}
  , pages_{api_, make_pull_caller(self, options_.gateway), options_.world.random}
  , retries_{{&pages_, &scripts_,
              [this](monotonic_time deadline, stream_keeper::ready then) {
                prepare(deadline, std::move(then));
              },
              [this](const std::string& capability) { return patterns(&capability); },
              [this] { return visible(); }}}
  , sweep_{{api_, make_pull_caller(self, options_.gateway), &scripts_, &time_, &streams_,
            options_.lanes, options_.reach, options_.project_id, [this] { return now(); }}}
  , records_{{api_, &pages_, &scripts_, &time_, &streams_, options_.retention.dead_letter_ttl,
              options_.reach, options_.project_id, options_.world.random,
              [this] { return now(); }}} {
  if (options_.registry) {
    self_->send(options_.registry, identity_wanted{});
  }
}

template <class T, class Start>
caf::result<T> dead_letters_state::answer_later(Start start) {
  auto promise = self_->make_response_promise<T>();
  const auto guarded = std::make_shared<guarded_promise<T>>(promise, options_.child_id);
  start([guarded](const result<T>& outcome) {
    if (outcome) {
      guarded->deliver(*outcome);
    } else {
      guarded->fail(outcome.error());
    }
  });
  return promise;
}

dead_letters_actor::behavior_type dead_letters_state::make_behavior() {
  return {
    [this](const list_dead_letters& request) {
      return answer_later<tools::list_dead_letter_items_result>(
        [&](auto done) { list(request, std::move(done)); });
    },
    [this](const retry_dead_letters& request) {
      return answer_later<tools::retry_dead_letter_item_result>(
        [&](auto done) { retry(request, std::move(done)); });
    },
    [this](const discard_dead_letter& request) {
      return answer_later<tools::discard_dead_letter_item_result>(
        [&](auto done) { discard(request, std::move(done)); });
    },
    [this](const identity_changed& changed) { identity_is(changed.now); },
    [this](const sweep_due& due) {
      if (due.generation == timer_) {
        sweep();
      }
    },
  };
}

// -- tools -------------------------------------------------------------------------------------

std::vector<std::string> dead_letters_state::patterns(const std::string* capability) const {
  const auto token = capability == nullptr ? std::string{} : work::capability_token(*capability);
  if (options_.reach == work_reach::everything) {
    return {work::dead_letters_pattern("*", token)};
  }
  std::vector<std::string> out{work::dead_letters_pattern(work::public_scope, token)};
  if (!options_.project_id.empty()) {
    out.push_back(work::dead_letters_pattern(options_.project_id, token));
  }
  return out;
}

work::visibility_rule dead_letters_state::visible() const {
  return [reach = options_.reach, project = options_.project_id,
          self = who_.guid](const work::item_record& record) {
    return reach == work_reach::everything || work::may_see(record, self, project);
  };
}

void dead_letters_state::prepare(monotonic_time deadline, stream_keeper::ready then) {
  // An item that is dead has a record: without the bucket there is none.
  api_(jetstream::stream_info_request(jetstream::stream_of_bucket(work::items_bucket), deadline),
       [this, deadline, then = std::move(then)](const result<jetstream::api_reply>& reply) {
         if (reply) {
           streams_.ensure(deadline, then);
         } else if (reply.error().code == ec::not_found) {
           then({});
         } else {
           then(tl::make_unexpected(reply.error()));
         }
       });
}

void dead_letters_state::list(const list_dead_letters& request,
                              finished<tools::list_dead_letter_items_result> done) {
  const auto& arguments = request.arguments;
  const auto start = work::page_start(arguments.cursor, "list_dead_letter_items");
  if (!start) {
    done(tl::make_unexpected(start.error()));
    return;
  }
  page_reader::request what;
  what.stream = work::dead_letter_stream_name;
  what.filters = patterns(arguments.capability ? &*arguments.capability : nullptr);
  what.start_sequence = *start;
  what.bounds = {static_cast<std::uint64_t>(arguments.limit), limits::read_bytes_max};
  what.deadline = request.deadline;
  pages_.start(std::move(what), [done = std::move(done)](const result<work::stream_page>& page) {
    done(page.map([](const work::stream_page& read) {
      tools::list_dead_letter_items_result out;
      for (const auto& message : read.messages) {
        out.items.push_back(work::letter_fact(
          work::read_dead_letter(message.subject, message.payload, message.stored_at)));
      }
      out.next_cursor = read.next ? work::page_cursor(*read.next) : std::string{};
      return out;
    }));
  });
}

void dead_letters_state::retry(const retry_dead_letters& request,
                               finished<tools::retry_dead_letter_item_result> done) {
  using work::attempts_after_retry;
  using outcome = tools::retry_dead_letter_item_result;
  const auto then = [this, done = std::move(done)](const result<outcome>& got) {
    if (!got || !got->failures.empty()) {
      streams_.forget(); // somebody may have deleted the queue
    }
    done(got);
  };
  const auto& arguments = request.arguments;
  const letter_retries::terms how{arguments.reset_attempts ? attempts_after_retry::reset
                                                           : attempts_after_retry::kept,
                                  request.deadline};
  if (arguments.capability) {
    retries_.all(*arguments.capability, how, then);
  } else if (const auto id = arguments.item_id.value_or(std::string{}); work::is_item_id(id)) {
    retries_.one(id, how, then);
  } else {
    then(tl::make_unexpected(no_item_id(id)));
  }
}

void dead_letters_state::discard(const discard_dead_letter& request,
                                 finished<tools::discard_dead_letter_item_result> done) {
  const auto& id = request.arguments.item_id;
  if (!work::is_item_id(id)) {
    done(tl::make_unexpected(no_item_id(id)));
    return;
  }
  prepare(request.deadline, [this, id, deadline = request.deadline,
                             done = std::move(done)](const result<void>& there) {
    if (!there) {
      done(tl::make_unexpected(there.error()));
      return;
    }
    scripts_.run<work::dead_letter_discard>(
      std::make_shared<work::dead_letter_discard>(id, visible(), scripts_.world({})), deadline,
      [](const work::dead_letter_discard&) {
        // Told when the letter is gone as well: whoever lists them next does not find it.
      },
      [id, done](const work::dead_letter_discard& script) {
        done(script.end()->map(
          [&](const work::work_item&) { return tools::discard_dead_letter_item_result{id}; }));
      });
  });
}

// -- the sweep ---------------------------------------------------------------------------------

void dead_letters_state::identity_is(const agent_identity& now) {
  const bool same = now.guid == who_.guid && now.session_id == who_.session_id;
  who_ = now; // what it can do counts from the next sweep on
  if (same) {
    return;
  }
  sweep_.abandon();
  records_.abandon();
  ++timer_;
  if (registered()) {
    schedule();
  }
}

void dead_letters_state::schedule() {
  // Agents that start together do not sweep together.
  const auto slack = static_cast<std::uint64_t>(limits::sweep_interval.count() / 4);
  const auto wait =
    limits::sweep_interval + std::chrono::milliseconds{options_.world.random() % (slack + 1)};
  self_->delayed_send(self_, wait, sweep_due{++timer_});
}

void dead_letters_state::sweep() {
  const auto later = [this, timer = timer_] {
    if (timer == timer_) {
      schedule();
    }
  };
  ask<jetstream::gateway_status>(
    self_, options_.gateway, gateway_status_query{}, "gateway",
    [this, later, timer = timer_](const jetstream::gateway_status& status) {
      if (timer != timer_) {
        return;
      }
      if (status.state != jetstream::connection_state::connected) {
        later(); // nothing here is worth a connection
        return;
      }
      ask<agent_identity>(
        self_, options_.registry, confirm_identity{now() + limits::work_request_max}, "registry",
        [this, later, timer](const agent_identity& who) {
          if (timer == timer_) {
            sweep_as(who, later);
          }
        },
        [later](const error&) { later(); });
    },
    [later](const error&) { later(); });
}

void dead_letters_state::sweep_as(const agent_identity& who, std::function<void()> done) {
  sweep_.begin(who, [this, who, done = std::move(done)] { records_.begin(who, done); });
}

dead_letters_actor spawn_dead_letters(caf::local_actor* parent, dead_letters_options options) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<dead_letters_actor, dead_letters_state>(*parent, name, probe,
                                                             std::move(options));
}

} // namespace nats_mcp
