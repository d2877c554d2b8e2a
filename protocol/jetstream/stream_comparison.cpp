// SPDX-License-Identifier: MIT
#include "protocol/jetstream/stream_comparison.hpp"

#include "protocol/json/member.hpp"

#include <algorithm>
#include <limits>

namespace nats_mcp::jetstream {

namespace {

using std::chrono::nanoseconds;

std::string shown(std::int64_t limit) { return limit <= 0 ? "unlimited" : std::to_string(limit); }

std::string shown(nanoseconds span) {
  return span <= nanoseconds{0}
           ? "unlimited"
           : to_text(std::chrono::duration_cast<std::chrono::milliseconds>(span));
}

std::string yes_or_no(bool setting) { return setting ? "true" : "false"; }

/// For comparing: no limit is the greatest.
std::int64_t extent_of(std::int64_t limit) {
  return limit <= 0 ? std::numeric_limits<std::int64_t>::max() : limit;
}

std::int64_t extent_of(nanoseconds span) { return extent_of(span.count()); }

class comparing {
public:
  comparing(const stream_config& existing, const stream_config& wanted)
    : existing_{existing}
    , wanted_{wanted} {
    out_.after_start = existing;
    out_.after_apply = existing;
  }

  stream_comparison run() {
    subjects();
    limit("maxMessages", &stream_config::max_messages);
    limit("maxBytes", &stream_config::max_bytes);
    age();
    limit("messages per subject", &stream_config::max_messages_per_subject);
    duplicate_window();
    change("replicas", &stream_config::replicas,
           [](std::int64_t count) { return std::to_string(count); });
    change("discard", &stream_config::discard, [](discard_policy policy) {
      return std::string{policy == discard_policy::old_messages ? "old" : "new"};
    });
    change("full subjects refuse messages", &stream_config::discard_new_per_subject, yes_or_no);
    change("direct reads", &stream_config::allow_direct, yes_or_no);
    rollups();
    unchangeable();
    return std::move(out_);
  }

private:
  void subjects() {
    for (const auto& subject : wanted_.subjects) {
      const auto& there = existing_.subjects;
      if (std::any_of(there.begin(), there.end(),
                      [&](const auto& pattern) { return covers(pattern, subject); })) {
        continue;
      }
      // Nothing could be sent without it, and more subjects delete nothing.
      out_.raised.push_back({"subjects", "without " + subject, "with " + subject});
      out_.after_start.subjects.push_back(subject);
      out_.after_apply.subjects.push_back(subject);
    }
  }

  void age() {
    if (wanted_.age_by == age_decision::longest_wish) {
      limit("maxAge", &stream_config::max_age);
    } else {
      change("maxAge", &stream_config::max_age, [](nanoseconds span) { return shown(span); });
    }
  }

  template <class Limit>
  void limit(const char* name, Limit stream_config::*setting) {
    const auto before = extent_of(existing_.*setting);
    const auto after = extent_of(wanted_.*setting);
    if (before == after) {
      return;
    }
    out_.after_apply.*setting = wanted_.*setting;
    const stream_difference difference{name, shown(existing_.*setting), shown(wanted_.*setting)};
    if (after > before) {
      out_.after_start.*setting = wanted_.*setting;
      out_.raised.push_back(difference);
    } else {
      out_.left.push_back(difference);
    }
  }

  /// Not a limit with "none" at 0: longer remembers more, and it may not exceed the greatest age.
  void duplicate_window() {
    const auto before = existing_.duplicate_window;
    const auto after = wanted_.duplicate_window;
    if (before == after) {
      return;
    }
    const stream_difference difference{"time in which duplicates are noticed", shown(before),
                                       shown(after)};
    out_.after_apply.duplicate_window = after;
    if (after > before) {
      out_.after_start.duplicate_window = after;
      out_.raised.push_back(difference);
    } else {
      out_.left.push_back(difference);
    }
  }

  template <class Setting, class Show>
  void change(const char* name, Setting stream_config::*setting, Show show) {
    if (existing_.*setting != wanted_.*setting) {
      out_.after_apply.*setting = wanted_.*setting;
      out_.left.push_back({name, show(existing_.*setting), show(wanted_.*setting)});
    }
  }

  void rollups() {
    constexpr auto setting = "allow_rollup_hdrs";
    if (json::true_member(existing_.other, setting) && !json::true_member(wanted_.other, setting)) {
      out_.after_apply.other[setting] = false;
      out_.left.push_back({"one message may replace all others", "true", "false"});
    }
  }

  void unchangeable() {
    if (extent_of(existing_.max_consumers) < extent_of(wanted_.max_consumers)) {
      out_.fixed.push_back(
        {"readers at once", shown(existing_.max_consumers), shown(wanted_.max_consumers)});
    }
    const auto before = to_json(existing_);
    const auto after = to_json(wanted_);
    for (const auto* setting : {"retention", "storage"}) {
      if (before[setting] != after[setting]) {
        out_.fixed.push_back(
          {setting, before[setting].get<std::string>(), after[setting].get<std::string>()});
      }
    }
  }

  const stream_config& existing_;
  const stream_config& wanted_;
  stream_comparison out_;
};

std::string_view take_token(std::string_view& subject) noexcept {
  const auto dot = subject.find('.');
  const auto token = subject.substr(0, dot);
  subject = dot == std::string_view::npos ? std::string_view{} : subject.substr(dot + 1);
  return token;
}

} // namespace

stream_comparison compare(const stream_config& existing, const stream_config& wanted) {
  return comparing{existing, wanted}.run();
}

deletion_bounds deletions(const stream_info& existing, const stream_config& after, wall_time now) {
  deletion_bounds out;
  const auto messages = existing.extent.messages;
  if (messages == 0) {
    return out;
  }
  const auto grow = [&out](std::uint64_t at_least, std::uint64_t at_most) {
    out.at_least = std::max(out.at_least, at_least);
    out.at_most = std::max(out.at_most, at_most);
  };
  if (after.max_messages > 0 && messages > static_cast<std::uint64_t>(after.max_messages)) {
    const auto surplus = messages - static_cast<std::uint64_t>(after.max_messages);
    grow(surplus, surplus);
  }
  if (after.max_bytes > 0 && existing.bytes > static_cast<std::uint64_t>(after.max_bytes)) {
    grow(1, messages);
  }
  if (after.max_messages_per_subject > 0
      && extent_of(after.max_messages_per_subject)
           < extent_of(existing.config.max_messages_per_subject)) {
    grow(0, messages);
  }
  if (after.max_age > nanoseconds{0}) {
    const auto kept_from =
      now - std::chrono::duration_cast<std::chrono::milliseconds>(after.max_age);
    if (existing.last_at && *existing.last_at < kept_from) {
      grow(messages, messages);
    } else if (existing.first_at && *existing.first_at < kept_from) {
      grow(1, messages - 1);
    }
  }
  return out;
}

bool covers(std::string_view pattern, std::string_view subject) noexcept {
  while (!pattern.empty() && !subject.empty()) {
    const auto wanted = take_token(pattern);
    const auto given = take_token(subject);
    if (wanted == ">") {
      return true;
    }
    if (wanted != "*" && wanted != given) {
      return false;
    }
  }
  return pattern.empty() && subject.empty();
}

} // namespace nats_mcp::jetstream
