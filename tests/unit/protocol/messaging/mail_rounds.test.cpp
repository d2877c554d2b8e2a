// SPDX-License-Identifier: MIT
// Whatever goes wrong between an inbox and its reader, and in whatever order: every round ends,
// asks for no more than there is room for, and what was lost on the way is found again.
#include "protocol/limits.hpp"
#include "protocol/messaging/held_mail.hpp"
#include "protocol/messaging/mail_source.hpp"

#include "tests/unit/protocol/messaging/inbox_server.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nats_mcp::messaging::mail_rounds_test {
namespace {

using jetstream::pull_end;
using purpose = mail_source::purpose;
using sequences = std::set<std::uint64_t>;
using testing::me;

constexpr auto ann = "22222222-2222-4222-8222-222222222222";
constexpr auto bob = "33333333-3333-4333-8333-333333333333";

constexpr held_mail::bounds bounds{5, 2000, 1000};
/// Of one round, besides one for each message: it looks at most as often as it may be in trouble.
constexpr std::size_t steps_max = 10 * (limits::mail_troubles_max + 2);

std::uint64_t sequence_of(const tools::direct_message& message) { return std::stoull(message.id); }

/// A process that reads its mail, as the inbox actor does, at a server where anything happens.
class world {
public:
  enum class ending { finished, gave_up, failed };

  /// From now on nothing goes wrong, and nothing happens meanwhile.
  void calm_down() {
    calm_ = true;
    server_.make_stream();
    stream_is_known_ = true;
  }

  /// From now on no pull is answered, and everything else is.
  void fall_silent() { silent_ = true; }

  ending play_round(mail_source::round what) {
    auto step = std::optional{source_.begin(what)};
    look_at_server();
    const auto most = steps_max + server_.stored().size();
    for (std::size_t steps = 0;; ++steps) {
      RC_ASSERT(steps <= 2 * most);
      if (!step || *step == mail_step::give_up) {
        source_.distrust();
        return step ? ending::gave_up : ending::failed;
      }
      if (*step == mail_step::finish) {
        return ending::finished;
      }
      meanwhile();
      step = answer(*step, what);
    }
  }

  /// One of the things that happen at any time.
  void happen() {
    switch (below(9)) {
      case 0:
      case 1:
      case 2:
        return server_.store(*rc::gen::element(ann, bob),
                             *rc::gen::element<std::size_t>(0, 900, 2500));
      case 3:
        return read_some();
      case 4:
        return acknowledge_again();
      case 5:
        return server_.ack_wait_passes();
      case 6:
        source_.distrust();
        return;
      case 7:
        return server_.delete_consumer();
      default:
        if (below(3) == 0) {
          server_.delete_stream();
        }
    }
  }
  /// Another process that has this inbox is handed out something and dies.
  void steal() {
    if (server_.has_consumer()) {
      (void)server_.pull({static_cast<std::uint32_t>(1 + below(3)), {}, 0});
    }
  }

  void want(mail_filter filter, std::size_t limit) {
    filter_ = std::move(filter);
    limit_ = limit;
  }
  void read_all() {
    (void)mail_.none_shown();
    answers_.clear();
    while (mail_.unread() > 0) {
      take_answer({}, 1000);
      show(answers_.begin()->first);
    }
    acknowledge_again();
  }

  [[nodiscard]] mail_demand demand() const {
    const auto found = mail_.matching(filter_, limit_);
    return found == limit_ ? mail_demand::met
           : found > 0     ? mail_demand::open
                           : mail_demand::nothing_yet;
  }
  [[nodiscard]] const held_mail& mail() const { return mail_; }
  [[nodiscard]] const mail_source& source() const { return source_; }
  [[nodiscard]] sequences stored() const { return server_.stored(); }
  /// What nobody was shown.
  [[nodiscard]] sequences unread() const {
    auto all = held();
    all.merge(server_.stored());
    return without(all, shown_);
  }
  /// What the server had when it was heard last, and nobody was shown or holds.
  [[nodiscard]] sequences missed() const { return without(without(seen_, shown_), held()); }

private:
  static sequences without(const sequences& all, const sequences& some) {
    sequences rest;
    std::set_difference(all.begin(), all.end(), some.begin(), some.end(),
                        std::inserter(rest, rest.end()));
    return rest;
  }
  static int below(int count) { return *rc::gen::inRange(0, count); }
  [[nodiscard]] bool goes_wrong() const { return !calm_ && !silent_ && below(5) == 0; }
  void meanwhile() {
    if (!calm_ && below(4) == 0) {
      happen();
    }
  }

  // -- requests --------------------------------------------------------------------------------

  /// What comes next; nothing when the round ends with an error.
  std::optional<mail_step> answer(mail_step step, const mail_source::round& what) {
    switch (step) {
      case mail_step::ensure_stream_again:
        stream_is_known_ = false;
        [[fallthrough]];
      case mail_step::ensure_stream:
        if (!std::exchange(stream_is_known_, true)) {
          server_.make_stream();
        }
        return source_.stream_is_there();
      case mail_step::make:
        if (server_.has_stream()) {
          server_.make_consumer();
        }
        [[fallthrough]];
      case mail_step::describe:
        return describe();
      case mail_step::acknowledge:
        acknowledge_again();
        return source_.acknowledged();
      case mail_step::remove:
        mail_.forget_unread(me);
        server_.delete_consumer();
        meanwhile();
        return goes_wrong() ? std::nullopt : std::optional{source_.removed()};
      default:
        return pull(what);
    }
  }

  std::optional<mail_step> describe() {
    const auto held_before = mail_.size(me);
    meanwhile();
    if (goes_wrong()) {
      return std::nullopt;
    }
    if (!server_.has_stream()) {
      return source_.stream_missing();
    }
    if (!server_.has_consumer()) {
      const auto next = source_.consumer_missing();
      mail_.consumer_gone(me);
      return next;
    }
    look_at_server();
    const auto state = server_.state();
    meanwhile();
    return source_.described(state, {mail_.not_read(me), held_before});
  }

  mail_step pull(const mail_source::round& what) {
    const auto terms = source_.next_pull();
    RC_ASSERT(terms.batch >= 1U);
    RC_ASSERT(terms.batch <= mail_.room());
    RC_ASSERT(what.why == purpose::count || terms.batch <= what.batch);
    RC_ASSERT(terms.batch == 1U || (0U < terms.bytes_max && terms.bytes_max <= mail_.bytes_room()));
    meanwhile();
    if (!server_.has_consumer()) {
      return pulled({{}, *rc::gen::element(pull_end::no_responders, pull_end::consumer_gone)});
    }
    if (silent_ || goes_wrong()) {
      return pulled({{}, *rc::gen::element(pull_end::silence, pull_end::disconnected)});
    }
    auto got = server_.pull(terms);
    look_at_server();
    lose_some(got);
    meanwhile();
    return pulled(got);
  }

  void lose_some(jetstream::pull_result& got) const {
    const auto sent = got.deliveries.size();
    if (goes_wrong()) {
      std::erase_if(got.deliveries, [](const auto&) { return below(2) == 0; });
    }
    if (got.deliveries.size() < sent && got.end == pull_end::batch_full) {
      got.end = *rc::gen::element(pull_end::silence, pull_end::disconnected, pull_end::expired);
    }
  }

  mail_step pulled(const jetstream::pull_result& got) {
    for (const auto& delivery : got.deliveries) {
      if (mail_.add(delivery, me) == held_mail::arrival::read) {
        acknowledge(delivery.stream_sequence);
      }
    }
    const auto pending = got.deliveries.empty() ? 0 : got.deliveries.back().pending;
    return source_.pulled(got.end, got.deliveries.size(), pending, demand());
  }

  void look_at_server() { seen_ = server_.stored(); }

  // -- readers ---------------------------------------------------------------------------------

  void take_answer(const mail_filter& filter, std::size_t most) {
    const call_id call{++calls_};
    for (const auto& message : mail_.take(call, filter, {most})) {
      answers_[call].insert(sequence_of(message));
    }
  }
  void show(call_id call) {
    for (const auto sequence : mail_.shown(call)) {
      acknowledge(sequence);
    }
    const auto answer = answers_.extract(call);
    for (const auto sequence : answer.mapped()) {
      RC_ASSERT(shown_.insert(sequence).second);
    }
  }
  void read_some() {
    if (below(2) == 0) {
      take_answer({}, 1 + static_cast<std::size_t>(below(3)));
    } else if (!answers_.empty() && below(3) > 0) {
      show(answers_.begin()->first);
    } else {
      (void)mail_.none_shown();
      answers_.clear();
    }
  }

  /// The request may be lost, and so may its answer: then the consumer may be gone.
  void acknowledge(std::uint64_t sequence) {
    if (mail_.receipt_of(sequence) == nullptr) {
      return;
    }
    if (server_.has_consumer() && !goes_wrong()) {
      server_.acknowledge(sequence);
      if (!goes_wrong()) {
        mail_.acknowledged(sequence);
        return;
      }
    }
    source_.distrust();
  }
  void acknowledge_again() {
    for (const auto sequence : mail_.unacknowledged()) {
      acknowledge(sequence);
    }
  }
  [[nodiscard]] sequences held() const {
    sequences all;
    for (const auto& message : mail_.peek({}, {1000, 1'000'000})) {
      all.insert(sequence_of(message));
    }
    for (const auto& [call, answer] : answers_) {
      all.insert(answer.begin(), answer.end());
    }
    return all;
  }

  testing::inbox_server server_;
  held_mail mail_{bounds};
  mail_source source_{&mail_};
  mail_filter filter_;
  std::size_t limit_ = 1;
  bool calm_ = false;
  bool silent_ = false;
  bool stream_is_known_ = false;
  std::uint64_t calls_ = 0;
  /// Taken for an answer that is under way.
  std::map<call_id, sequences> answers_;
  sequences shown_;
  /// What was stored when the server was heard last.
  sequences seen_;
};

/// Some rounds of any kind, with anything between them.
void live(world& all) {
  const auto rounds = *rc::gen::inRange(1, 6);
  for (int round = 0; round < rounds; ++round) {
    const auto events = *rc::gen::inRange(0, 8);
    for (int event = 0; event < events; ++event) {
      if (*rc::gen::inRange(0, 8) == 0) {
        all.steal();
      } else {
        all.happen();
      }
    }
    all.want(*rc::gen::element(mail_filter{}, mail_filter{{}, ann}),
             *rc::gen::inRange<std::size_t>(1, 5));
    const auto why = *rc::gen::element(purpose::count, purpose::fetch, purpose::announced);
    (void)all.play_round({why, *rc::gen::inRange<std::size_t>(1, 8)});
  }
}

RC_GTEST_PROP(mail_rounds, end_and_ask_for_no_more_than_there_is_room_for, ()) {
  world all;
  live(all);
}

RC_GTEST_PROP(mail_rounds, end_though_no_pull_is_answered_ever, ()) {
  world all;
  live(all);
  all.fall_silent();
  live(all);
}

RC_GTEST_PROP(mail_rounds, find_nothing_only_where_nothing_was_left_or_lost, ()) {
  world all;
  live(all);
  all.want({}, *rc::gen::inRange<std::size_t>(1, 5));
  const auto how = all.play_round({purpose::fetch, *rc::gen::inRange<std::size_t>(1, 8)});
  if (how == world::ending::finished && all.demand() == mail_demand::nothing_yet
      && all.mail().room() > 0) {
    RC_ASSERT(all.missed() == sequences{});
  }
}

RC_GTEST_PROP(mail_rounds, bring_everything_as_soon_as_nothing_goes_wrong_any_more, ()) {
  world all;
  live(all);
  all.calm_down();
  all.read_all();
  all.want({}, *rc::gen::inRange<std::size_t>(1, 5));
  while (!all.stored().empty()) {
    const auto before = all.stored().size();
    const bool has_unread = !all.unread().empty();
    RC_ASSERT(all.play_round({purpose::fetch, *rc::gen::inRange<std::size_t>(1, 8)})
              == world::ending::finished);
    RC_ASSERT(has_unread == (all.mail().unread() > 0));
    all.read_all();
    RC_ASSERT(all.stored().size() < before);
  }
}

RC_GTEST_PROP(mail_rounds, count_what_nobody_was_shown_as_soon_as_nothing_goes_wrong, ()) {
  world all;
  live(all);
  all.calm_down();
  RC_ASSERT(all.play_round({purpose::count, limits::mail_batch_max}) == world::ending::finished);
  if (all.mail().room() > 0) { // else what is held cannot be told from what is not
    const auto told = all.source().pending() + all.mail().unread() + all.mail().in_answers();
    RC_ASSERT(told == all.unread().size());
  }
}

} // namespace
} // namespace nats_mcp::messaging::mail_rounds_test
