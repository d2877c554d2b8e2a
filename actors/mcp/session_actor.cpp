// SPDX-License-Identifier: MIT
#include "actors/mcp/session_actor.hpp"

#include "protocol/limits.hpp"
#include "protocol/overloaded.hpp"
#include "protocol/tools/hints.hpp"
#include "protocol/tools/resources.hpp"

#include "transport/stdio/unanswered.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace nats_mcp {

namespace {

/// Lines taken before other messages get their turn.
constexpr int lines_per_turn = 64;
/// How often a call that waits reports that it still does.
constexpr auto progress_every = std::chrono::seconds{5};

mcp::session_options numbered(mcp::session_options options, const random_source& random) {
  // Calls of an earlier incarnation may still be under way elsewhere; theirs are other numbers.
  options.first_call = random();
  return options;
}

/// What the predecessor left, or what the configuration begins with.
session_memory memory_of(const checkpoint& last, const session_actor_options& options) {
  if (const auto* memory = last.as<session_memory>()) {
    return *memory;
  }
  session_memory first;
  first.tools.who.handle = options.dispatch.configuration->value.handle;
  return first;
}

} // namespace

session_state::session_state(asking_actor<session_actor>* self, session_actor_options options,
                             checkpoint last)
  : self_{self}
  , options_{std::move(options)}
  , session_{numbered(options_.protocol, options_.world.random), memory_of(last, options_).protocol}
  , dispatch_{self, options_.dispatch, memory_of(last, options_).tools,
              [this](call_id call, mcp::tool_answer answer) { answered(call, std::move(answer)); },
              [this] { save(); }}
  , desk_{self, options_.dispatch,
          [this](call_id call, const result<std::string>& text) { resource_read(call, text); }} {
  answer_for_predecessor();
  perform(session_.resume(self_->clock().now()));
  register_for_hints();
  self_->send(self_, input_waiting{}); // lines may have come before there was an actor to tell
}

/// Whatever ended the session: what it answered last is not kept from the client until another one
/// runs.
session_state::~session_state() { push(); }

session_actor::behavior_type session_state::make_behavior() {
  return {
    [this](const input_waiting&) {
      more_lines_announced_ = false;
      take_lines();
    },
    [this](const output_drained&) {
      note_sent();
      take_lines();
    },
    [this](const output_ready&) {
      push_announced_ = false;
      push();
    },
    [this](const finish_session& request) { return finish(request); },
    [this](const identity_changed& news) { dispatch_.identity_changed(news); },
    [this](const unread_mail& news) { mail_news(news.unread); },
    [this](const channel_changed& news) { channel_news(news); },
    [this](const agents_changed&) { resource_changed(std::string{tools::agents_uri}); },
    [this](const observation_wanted&) { desk_.say_again(); },
    [this](const claims_in_doubt& asked) { dispatch_.claims_in_doubt(asked.calls); },
    [this](const session_timer& due) { timer(due); },
  };
}

void session_state::answer_for_predecessor() {
  transport::answer_for_dead_session(*options_.link);
  if (options_.link->input_ended()) {
    options_
      .on_end_of_input(); // the end was handed to a predecessor that may not have passed it on
  }
}

void session_state::take_lines() {
  for (int taken = 0; taken < lines_per_turn; ++taken) {
    if (options_.link->output_congested()) {
      return; // `output_drained` will come
    }
    const auto input = options_.link->next();
    if (!input) {
      return; // `input_waiting` will come
    }
    take(*input);
    options_.link->done();
  }
  if (!more_lines_announced_) {
    more_lines_announced_ = true;
    self_->send(self_, input_waiting{});
  }
}

void session_state::take(const transport::input& input) {
  using kind = transport::input_kind;
  const auto now = self_->clock().now();
  switch (input.kind) {
    case kind::line:
      perform(session_.on_line(*input.line, now));
      register_for_hints();
      break;
    case kind::overlong_line:
      perform(session_.on_overlong_line(now));
      break;
    case kind::end_of_input:
      options_.on_end_of_input();
      break;
  }
}

void session_state::register_for_hints() {
  // Who wants to be woken has asked for it: it cannot wait for a call (docs/push.md).
  if (session_.checkpoint().takes_hints && !asked_for_hints_) {
    asked_for_hints_ = true;
    keep_registering();
  }
}

void session_state::keep_registering() {
  if (dispatch_.is_to_register_itself() && !finishing_.pending()) {
    dispatch_.register_unasked();
    register_timer_ = ++timers_;
    self_->delayed_send(self_, limits::registration_retry, session_timer{register_timer_});
  }
}

void session_state::perform(std::vector<mcp::effect> effects) {
  for (auto& effect : effects) {
    std::visit(overloaded{
                 [this](mcp::send_line& out) {
                   if (!out.line.empty()) {
                     write(out.line);
                   }
                   for (const auto& id : out.settles) {
                     options_.link->settle(id);
                   }
                   for (const auto call : out.carries) {
                     carried_.push_back({options_.link->output_taken(), call});
                   }
                   for (const auto call : out.withholds) {
                     dispatch_.withheld(call);
                   }
                 },
                 [this](mcp::owe& duty) { options_.link->owe(std::move(duty.answer)); },
                 [this](mcp::start_call& start) {
                   dispatch_.start(start.call, start.tool, start.arguments);
                   if (start.wants_progress) {
                     schedule_progress();
                   }
                 },
                 [this](mcp::read_resource& wanted) { desk_.read(wanted.call, wanted.uri); },
                 [this](mcp::watch_resources& wanted) { desk_.watch(wanted.uris); },
                 [this](mcp::cancel_call& withdrawn) { dispatch_.cancel(withdrawn.call); },
                 [this](mcp::save_state&) { save(); },
               },
               effect);
  }
}

void session_state::schedule_updates() {
  const auto due = session_.next_due();
  if (due && (!updates_due_ || *due < *updates_due_)) {
    updates_due_ = due;
    update_timer_ = ++timers_;
    const auto left = std::max(*due - self_->clock().now(), monotonic_time::duration{0});
    self_->delayed_send(self_, left, session_timer{update_timer_});
  }
}

void session_state::write(const std::string& line) {
  options_.link->write(line);
  if (!push_announced_) {
    // Behind what waits in the mailbox: answers that are ready now leave together.
    push_announced_ = true;
    self_->send(self_, output_ready{});
  }
}

void session_state::push() {
  options_.link->push();
  note_sent();
}

void session_state::note_sent() {
  const auto sent = carried_.empty() ? 0 : options_.link->output_sent();
  while (!carried_.empty() && carried_.front().sent <= sent) {
    dispatch_.delivered(carried_.front().call);
    carried_.pop_front();
  }
}

void session_state::answered(call_id call, mcp::tool_answer answer) {
  perform(session_.on_answer(call, std::move(answer), self_->clock().now()));
  finish_if_idle();
}

void session_state::resource_read(call_id call, const result<std::string>& text) {
  perform(session_.on_resource(call, text, self_->clock().now()));
  finish_if_idle();
}

// -- what changed ------------------------------------------------------------------------------

void session_state::resource_changed(const std::string& uri) {
  perform(session_.on_resource_changed(uri, self_->clock().now()));
  schedule_updates();
}

void session_state::channel_news(const channel_changed& news) {
  resource_changed(tools::channel_uri(news.channel));
  // Nobody is woken by what it wrote itself, nor for nothing.
  if (news.author == channel_author::somebody_else) {
    perform(session_.on_hint(tools::channel_hint(news.channel), self_->clock().now()));
    schedule_updates();
  }
}

void session_state::mail_news(std::uint64_t unread) {
  dispatch_.mail_counted(unread);
  const auto before = std::exchange(unread_mail_, unread);
  resource_changed(std::string{tools::inbox_uri});
  if (unread > before) {
    perform(session_.on_hint(tools::mail_hint(unread), self_->clock().now()));
  } else {
    // The agent has read some itself, if anything: that is no news, but a hint that waits has to
    // stay true.
    session_.correct_hint(std::string{tools::mail_hint_subject},
                          unread == 0 ? std::nullopt : std::optional{tools::mail_hint(unread)});
  }
  schedule_updates();
}

void session_state::timer(const session_timer& due) {
  if (due.generation == progress_timer_) {
    progress_timer_ = 0;
    report_progress();
  } else if (due.generation == update_timer_) {
    updates_due_.reset();
    perform(session_.on_time(self_->clock().now()));
    schedule_updates();
  } else if (due.generation == register_timer_) {
    keep_registering();
  } else if (due.generation == finish_timer_ && finishing_.pending()) {
    finish_now();
  }
}

// -- what is kept ------------------------------------------------------------------------------

void session_state::save() {
  if (options_.dispatch.supervisor) {
    self_->send(options_.dispatch.supervisor,
                save_checkpoint{options_.child_id,
                                {session_memory{session_.checkpoint(), dispatch_.remembered()}}});
  }
}

void session_state::schedule_progress() {
  if (progress_timer_ == 0 && !dispatch_.waiting(self_->clock().now()).empty()) {
    progress_timer_ = ++timers_;
    self_->delayed_send(self_, progress_every, session_timer{progress_timer_});
  }
}

void session_state::report_progress() {
  const auto now = self_->clock().now();
  for (const auto& waiting : dispatch_.waiting(now)) {
    using seconds = std::chrono::duration<double>;
    perform(session_.on_progress(waiting.call,
                                 {seconds{waiting.passed}.count(), seconds{waiting.total}.count(),
                                  "Waiting for " + std::string{waiting.what} + "."},
                                 now));
  }
  schedule_progress();
}

caf::result<session_finished> session_state::finish(const finish_session& request) {
  auto promise = self_->make_response_promise<session_finished>();
  finishing_ = {promise, options_.child_id};
  const auto left = std::max(request.deadline - self_->clock().now(), monotonic_time::duration{0});
  finish_timer_ = ++timers_;
  self_->delayed_send(self_, left, session_timer{finish_timer_});
  finish_if_idle();
  return promise;
}

void session_state::finish_if_idle() {
  if (finishing_.pending() && session_.calls_in_flight() == 0) {
    finish_now();
  }
}

void session_state::finish_now() {
  perform(session_.finish("The server is shutting down. Whether this call took effect is not known:"
                          " look before you repeat it."));
  push();
  finishing_.deliver({});
}

session_actor spawn_session(caf::local_actor* parent, session_actor_options options,
                            checkpoint last) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<session_actor, session_state>(*parent, name, probe, std::move(options),
                                                   std::move(last));
}

} // namespace nats_mcp
