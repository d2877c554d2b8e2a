// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/broken_work.hpp"

#include "protocol/jetstream/wire_message.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/simulation/jetstream/consumer.hpp"
#include "tests/simulation/simulate/passing_link.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace nats_mcp::simulation {

namespace {

constexpr std::string_view records = "$KV.work_items.";
constexpr std::string_view letters = "dead.";

/// What was delivered from the work queue.
struct delivered_work {
  std::string item;
  std::uint64_t count = 0;
};

std::optional<delivered_work> delivered_in(const transport::event& event) {
  const auto* received = std::get_if<transport::message_received>(&event);
  if (received == nullptr || !received->message.reply.starts_with("$JS.ACK.WORK.")) {
    return std::nullopt;
  }
  const auto name = parse_delivery_name(received->message.reply);
  const auto item = json::parse(received->message.payload);
  if (!name || !item) {
    return std::nullopt;
  }
  return delivered_work{std::string{json::text_member(*item, "id")}, name->delivery_count};
}

bool is_finished(std::string_view state) { return state == "completed" || state == "dead"; }

std::string state_in(const std::string& payload) {
  const auto record = json::parse(payload);
  return record ? std::string{json::text_member(*record, "state")} : std::string{};
}

class hasty_worker final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] std::vector<transport::event> take_events() override {
    auto events = passing_link::take_events();
    for (const auto& one : events) {
      if (const auto work = delivered_in(one)) {
        held_[work->item] = std::get<transport::message_received>(one).message.reply;
      }
    }
    return events;
  }

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    if (message.subject.starts_with(records) && is_finished(state_in(message.payload))) {
      const auto held = held_.find(message.subject.substr(records.size()));
      if (held != held_.end()) {
        (void)passing_link::write(epoch, {held->second, {}, {}, "+ACK"});
      }
    }
    return passing_link::write(epoch, message);
  }

private:
  /// Where an item's newest delivery is acknowledged.
  std::map<std::string, std::string> held_;
};

class blind_worker final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto careless = message;
    if (message.subject.starts_with(records) && is_finished(state_in(message.payload))) {
      std::erase_if(careless.headers, [](const auto& header) {
        return header.first == "Nats-Expected-Last-Subject-Sequence";
      });
    }
    return passing_link::write(epoch, careless);
  }
};

class forgetful_undertaker final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto brief = message;
    if (auto letter = json::parse(message.payload);
        letter && message.subject.starts_with(letters)) {
      (*letter)["errors"] = json::value::array();
      brief.payload = json::write(*letter);
    }
    return passing_link::write(epoch, brief);
  }
};

/// Makes the leases of other claims than its own end at once.
class impatient_worker : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] std::vector<transport::event> take_events() override {
    auto events = passing_link::take_events();
    for (auto& one : events) {
      if (const auto work = delivered_in(one)) {
        delivered(*work);
      } else if (auto* received = std::get_if<transport::message_received>(&one)) {
        shorten_lease(received->message);
      }
    }
    return events;
  }

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    if (message.subject.starts_with(records)) {
      if (const auto record = json::parse(message.payload)) {
        own_.emplace(json::text_member(*record, "claimId"));
      }
    }
    return passing_link::write(epoch, message);
  }

protected:
  virtual void delivered(const delivered_work&) {
    // nop
  }
  [[nodiscard]] virtual bool disbelieves(const std::string&) const { return true; }

private:
  void shorten_lease(jetstream::incoming& answer) const {
    const auto subject = jetstream::header(answer.headers, "Nats-Subject");
    auto record = json::parse(answer.payload);
    if (!record || !subject.starts_with(records)
        || !disbelieves(std::string{subject.substr(records.size())})
        || own_.contains(std::string{json::text_member(*record, "claimId")})) {
      return;
    }
    (*record)["leaseMs"] = 0;
    answer.payload = json::write(*record);
  }

  std::set<std::string> own_;
};

class counting_worker final : public impatient_worker {
public:
  using impatient_worker::impatient_worker;

protected:
  void delivered(const delivered_work& work) override {
    if (work.count > 1) {
      again_.insert(work.item);
    }
  }
  [[nodiscard]] bool disbelieves(const std::string& item) const override {
    return again_.contains(item);
  }

private:
  std::set<std::string> again_;
};

} // namespace

link_filter acknowledging_before_done() { return through<hasty_worker>(); }

link_filter finishing_blindly() { return through<blind_worker>(); }

link_filter forgetting_history() { return through<forgetful_undertaker>(); }

link_filter taking_live_leases() { return through<impatient_worker>(); }

link_filter leasing_by_delivery_count() { return through<counting_worker>(); }

} // namespace nats_mcp::simulation
