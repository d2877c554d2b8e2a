// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/talk_checker.hpp"

#include <algorithm>

namespace nats_mcp::testing {

namespace {

using place = said_event::place;
using receipt = said_event::receipt;

/// The message with this mark, as it was said.
using utterances = std::map<std::string, const said_event*>;

class talk_judge {
public:
  talk_judge(const talk_record& record, const talk_content& content, const last_lives& living)
    : record_{record}
    , content_{content}
    , living_{living}
    , violations_{record.wrong} {
    for (const auto& one : record.said) {
      said_[one.mark] = &one;
    }
  }

  std::vector<std::string> run() {
    calls();
    receipts();
    readers();
    mail();
    return std::move(violations_);
  }

private:
  void say(const std::string& what) { violations_.push_back(what); }

  void calls() {
    for (const auto& call : record_.calls) {
      if (call.how == call_event::end::none && record_.killed.count(call.who.life) == 0) {
        say(call.who.life + " gave no answer to " + call.tool
            + " and was not killed: " + call.text);
      }
    }
  }

  /// What the answers said is so.
  void receipts() {
    std::map<std::string, std::size_t> stored;
    for (const auto& [channel, marks] : content_.channels) {
      for (const auto& mark : marks) {
        ++stored[mark];
        const auto found = said_.find(mark);
        if (found == said_.end() || found->second->to != channel) {
          say(mark + " stands in the channel " + channel + " and nobody said it there");
        }
      }
    }
    for (const auto& one : record_.said) {
      const auto count = stored[one.mark];
      if (one.where == place::channel && one.how == receipt::stored && count == 0) {
        say(one.mark + " was reported as sent and is not stored in " + one.to);
      }
      if (one.where == place::channel && count > 1) {
        say(one.mark + " is stored " + std::to_string(count) + " times in " + one.to);
      }
      if (one.how == receipt::not_sent && (count > 0 || content_.unread.count(one.mark) > 0)) {
        say(one.mark + " was reported as not sent and is stored");
      }
    }
  }

  /// What each life was shown of each channel, as long as it lived.
  void readers() {
    std::map<std::string, std::map<std::string, std::vector<std::string>>> shown;
    std::map<std::string, std::string> members;
    for (const auto& one : record_.shown) {
      if (one.where == place::channel) {
        auto& into = shown[one.who.life][one.from];
        into.insert(into.end(), one.marks.begin(), one.marks.end());
        members[one.who.life] = one.who.member;
      }
    }
    for (const auto& [member, life] : living_) {
      members[life] = member;
    }
    for (const auto& [life, member] : members) {
      const auto last = living_.find(member);
      const bool lives = last != living_.end() && last->second == life;
      for (const auto& [channel, stored] : content_.channels) {
        reader(life, member, channel, shown[life][channel], lives);
      }
    }
  }

  /// What others said, in the order of the stream: one's own may be shown or not.
  [[nodiscard]] std::vector<std::string> of_others(const std::vector<std::string>& marks,
                                                   const std::string& member) const {
    std::vector<std::string> out;
    for (const auto& mark : marks) {
      const auto found = said_.find(mark);
      if (found == said_.end() || found->second->who.member != member) {
        out.push_back(mark);
      }
    }
    return out;
  }

  void reader(const std::string& life, const std::string& member, const std::string& channel,
              const std::vector<std::string>& all_shown, bool lives) {
    std::set<std::string> once;
    for (const auto& mark : all_shown) {
      if (!once.insert(mark).second) {
        say(life + " was shown " + mark + " twice in the channel " + channel);
      }
    }
    const auto stored = of_others(content_.channels.at(channel), member);
    const auto shown = of_others(all_shown, member);
    if (shown.empty()) {
      if (lives && !stored.empty()) {
        say(life + " was shown nothing in the channel " + channel);
      }
      return;
    }
    auto at = std::find(stored.begin(), stored.end(), shown.front());
    for (const auto& mark : shown) {
      const auto here = std::find(at, stored.end(), mark);
      if (here == stored.end()) {
        say(life + " was shown " + mark + " in the channel " + channel
            + ", which is not stored there, or stands before what it was shown already");
        continue;
      }
      for (; at != here; ++at) {
        say(life + " was never shown " + *at + " in the channel " + channel);
      }
      at = here + 1;
    }
    for (; lives && at != stored.end(); ++at) {
      say(life + " was never shown " + *at + " in the channel " + channel);
    }
  }

  void mail() {
    for (const auto& [member, marks] : missing_mail(record_)) {
      for (const auto& mark : marks) {
        say(member + " was never shown the direct message " + mark
            + (content_.unread.count(mark) > 0 ? ", which is stored" : ", which is gone"));
      }
    }
    for (const auto& one : record_.shown) {
      for (const auto& mark : one.where == place::inbox ? one.marks : std::vector<std::string>{}) {
        const auto found = said_.find(mark);
        if (found == said_.end() || found->second->to != one.who.member) {
          say(one.who.life + " was shown the direct message " + mark + ", which is not for it");
        } else if (found->second->how == receipt::not_sent) {
          say(one.who.life + " was shown " + mark + ", which was reported as not sent");
        }
      }
    }
  }

  const talk_record& record_;
  const talk_content& content_;
  const last_lives& living_;
  utterances said_;
  std::vector<std::string> violations_;
};

} // namespace

std::vector<std::string> check_talk(const talk_record& record, const talk_content& content,
                                    const last_lives& living) {
  return talk_judge{record, content, living}.run();
}

std::map<std::string, std::set<std::string>> missing_mail(const talk_record& record) {
  std::map<std::string, std::set<std::string>> out;
  for (const auto& one : record.said) {
    if (one.where == place::inbox && one.how == receipt::stored) {
      out[one.to].insert(one.mark);
    }
  }
  for (const auto& one : record.shown) {
    for (const auto& mark : one.marks) {
      if (one.where == place::inbox && out.count(one.who.member) > 0) {
        out[one.who.member].erase(mark);
      }
    }
  }
  std::erase_if(out, [](const auto& one) { return one.second.empty(); });
  return out;
}

std::size_t shown_again(const talk_record& record) {
  std::map<std::string, std::size_t> times;
  std::size_t out = 0;
  for (const auto& one : record.shown) {
    for (const auto& mark : one.marks) {
      out += one.where == place::inbox && times[mark]++ > 0 ? 1 : 0;
    }
  }
  return out;
}

} // namespace nats_mcp::testing
