// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/broken_product.hpp"

#include "protocol/json/value.hpp"
#include "protocol/messaging/channel_names.hpp"

#include "tests/simulation/simulate/broken_work.hpp"
#include "tests/simulation/simulate/passing_link.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace nats_mcp::simulation {

namespace {

/// Acknowledges a message as soon as it is written, with the number it would probably get: what a
/// product does that trusts its send buffer.
class hasty_link final : public passing_link {
public:
  hasty_link(link_ptr inner, std::shared_ptr<network> wires)
    : passing_link{std::move(inner)}
    , wires_{std::move(wires)} {
    // nop
  }

  std::uint64_t attach(std::function<void()> wake) override {
    wake_ = wake;
    return passing_link::attach(std::move(wake));
  }

  [[nodiscard]] result<void> subscribe(transport::subscription_key key, const std::string& subject,
                                       const std::string& queue_group) override {
    keys_[subject] = key;
    return passing_link::subscribe(key, subject, queue_group);
  }

  [[nodiscard]] std::vector<transport::event> take_events() override {
    auto events = passing_link::take_events();
    for (auto& one : std::exchange(early_, {})) {
      events.push_back(std::move(one));
    }
    return events;
  }

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto written = passing_link::write(epoch, message);
    if (written && !jetstream::header(message.headers, "Nats-Msg-Id").empty()) {
      acknowledge(message);
    }
    return written;
  }

private:
  void acknowledge(const jetstream::outgoing& message) {
    const auto channel = messaging::parse_channel_subject(message.subject);
    // The lane's subscription is the reply subject without its last token.
    const auto lane = keys_.find(message.reply.substr(0, message.reply.rfind('.')) + ".*");
    if (!channel || lane == keys_.end()) {
      return;
    }
    const auto name = messaging::channel_stream_name(channel->channel_namespace, channel->channel);
    const auto* stream = wires_->nats().find_stream(name);
    if (stream == nullptr) {
      return;
    }
    jetstream::incoming receipt;
    receipt.subject = message.reply;
    receipt.payload = json::write({{"stream", name}, {"seq", stream->log().last_sequence() + 1}});
    early_.emplace_back(transport::message_received{lane->second, std::move(receipt)});
    wake_();
  }

  std::shared_ptr<network> wires_;
  std::function<void()> wake_;
  std::map<std::string, transport::subscription_key> keys_;
  std::vector<transport::event> early_;
};

/// Gives a message that is repeated another id, so that JetStream cannot know it again.
class renaming_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto renamed = message;
    for (auto& [name, value] : renamed.headers) {
      if (name == "Nats-Msg-Id") {
        value += "-" + std::to_string(++writes_);
      }
    }
    return passing_link::write(epoch, renamed);
  }

private:
  std::uint64_t writes_ = 0;
};

/// Acknowledges every direct message as soon as it is fetched, shown or not.
class unseeing_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] std::vector<transport::event> take_events() override {
    auto events = passing_link::take_events();
    for (const auto& one : events) {
      const auto* received = std::get_if<transport::message_received>(&one);
      const auto made = current();
      if (received != nullptr && made
          && received->message.reply.starts_with("$JS.ACK.AGENT_INBOX.")) {
        (void)passing_link::write(made->epoch, {received->message.reply, {}, {}, "+ACK"});
      }
    }
    return events;
  }
};

/// Writes some keys over whatever stands there.
class careless_link : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto careless = message;
    if (overwrites(message.subject)) {
      std::erase_if(careless.headers, [](const auto& header) {
        return header.first == "Nats-Expected-Last-Subject-Sequence";
      });
    }
    return passing_link::write(epoch, careless);
  }

private:
  [[nodiscard]] virtual bool overwrites(std::string_view subject) const = 0;
};

/// Who speaks as an agent: whoever wakes up takes its GUID back.
class usurping_link final : public careless_link {
public:
  using careless_link::careless_link;

private:
  [[nodiscard]] bool overwrites(std::string_view subject) const override {
    return subject.starts_with("$KV.agent_sessions.")
           && !subject.starts_with("$KV.agent_sessions.key.");
  }
};

/// Who leads: it takes the leader's place whoever holds it.
class leading_link final : public careless_link {
public:
  using careless_link::careless_link;

private:
  [[nodiscard]] bool overwrites(std::string_view subject) const override {
    return subject == "$KV.coordinator.leader";
  }
};

/// Writes the way back without the other GUIDs of its name: who is killed before it returns to the
/// GUID it had leaves an inbox behind that nobody knows of.
class forgetful_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto narrow = message;
    if (message.subject.starts_with("$KV.agent_sessions.key.")) {
      if (auto way = json::parse(message.payload); way && way->is_object()) {
        way->erase("others");
        narrow.payload = json::write(*way);
      }
    }
    return passing_link::write(epoch, narrow);
  }
};

/// Asks for the mail in its own inbox alone: finds former ones, and never looks into them.
class incurious_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    constexpr std::string_view count = "$JS.API.STREAM.INFO.AGENT_INBOX";
    auto blind = message;
    if (message.subject == count && message.payload.find("subjects_filter") != std::string::npos) {
      blind.payload = R"({"subjects_filter":"inbox.nobody.*"})";
    }
    return passing_link::write(epoch, blind);
  }
};

/// Watches all agents there are where it should watch those of its user.
class prying_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto wide = message;
    if (message.subject.starts_with("$JS.API.CONSUMER.CREATE.KV_agents.")) {
      widen(wide.subject);
      widen(wide.payload);
    }
    return passing_link::write(epoch, wide);
  }

private:
  static void widen(std::string& text) {
    constexpr std::string_view narrow = "$KV.agents.user.";
    if (const auto begin = text.find(narrow); begin != std::string::npos) {
      const auto end = text.find('>', begin);
      text.replace(begin, end - begin, "$KV.agents.");
    }
  }
};

struct breakage {
  /// Whose checkers notice.
  std::string_view workload;
  link_filter filter;
};

const std::map<std::string_view, breakage>& breakages() {
  static const std::map<std::string_view, breakage> table{
    {"acknowledge-early",
     {"channels",
      [](link_ptr inner, const std::shared_ptr<network>& wires) -> link_ptr {
        return std::make_shared<hasty_link>(std::move(inner), wires);
      }}},
    {"ack-before-done", {"work", acknowledging_before_done()}},
    {"acknowledge-unseen", {"mail", through<unseeing_link>()}},
    {"finish-blindly", {"work", finishing_blindly()}},
    {"forget-former-guids", {"mail", through<forgetful_link>()}},
    {"forget-history", {"work", forgetting_history()}},
    {"leave-former-mail", {"mail", through<incurious_link>()}},
    {"lease-by-delivery-count", {"work", leasing_by_delivery_count()}},
    {"lead-unasked", {"coordination", through<leading_link>()}},
    {"rename-repeated", {"channels", through<renaming_link>()}},
    {"take-back", {"registry", through<usurping_link>()}},
    {"take-live-lease", {"work", taking_live_leases()}},
    {"watch-everybody", {"registry", through<prying_link>()}},
  };
  return table;
}

} // namespace

std::vector<std::string_view> broken_products() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : breakages()) {
    names.push_back(name);
  }
  return names;
}

link_filter broken_product(std::string_view name) {
  return name.empty() ? link_filter{} : breakages().at(name).filter;
}

std::string_view workload_that_notices(std::string_view name) {
  return breakages().at(name).workload;
}

} // namespace nats_mcp::simulation
