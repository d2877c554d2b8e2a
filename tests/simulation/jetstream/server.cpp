// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/server.hpp"

#include "tests/simulation/jetstream/subject.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace nats_mcp::simulation {

namespace {

constexpr std::string_view api_prefix = "$JS.API.";
constexpr std::string_view ack_prefix = "$JS.ACK.";

behaviour behaviour_of(const server::options& choice) {
  if (choice.falsehood == mutation::checks_in_the_other_order) {
    const auto first = choice.order == check_order::message_id_first;
    return {first ? check_order::expected_sequence_first : check_order::message_id_first,
            mutation::none};
  }
  return {choice.order, choice.falsehood};
}

} // namespace

server::server(options choice)
  : options_{std::move(choice)}
  , random_{options_.seed}
  , outlet_{
      [this](const std::string& subject) {
        return std::any_of(subscriptions_.begin(), subscriptions_.end(),
                           [&](const auto& each) { return matches(each.second.pattern, subject); });
      },
      [this](const std::string& to, jetstream::incoming message) { send(to, std::move(message)); },
      options_.on_stored}
  , account_{behaviour_of(options_), outlet_} {
  // nop
}

connection_id server::connect() { return connection_id{++last_connection_}; }

void server::disconnect(connection_id connection, instant now) {
  advance(now);
  const auto begin = subscriptions_.lower_bound({connection, 0});
  auto end = begin;
  while (end != subscriptions_.end() && end->first.first == connection) {
    ++end;
  }
  subscriptions_.erase(begin, end);
  account_.interest_changed(now);
}

void server::subscribe(connection_id connection, std::uint64_t subscription, std::string pattern,
                       std::string queue_group, instant now) {
  advance(now);
  subscriptions_[{connection, subscription}] = {std::move(pattern), std::move(queue_group)};
  account_.interest_changed(now);
}

void server::unsubscribe(connection_id connection, std::uint64_t subscription, instant now) {
  advance(now);
  subscriptions_.erase({connection, subscription});
  account_.interest_changed(now);
}

void server::publish(connection_id connection, const jetstream::outgoing& message, instant now) {
  advance(now);
  for (const auto& pattern : options_.denied) {
    if (matches(pattern, message.subject)) {
      output_.push_back({connection, refused_publish{message.subject}});
      return;
    }
  }
  const auto heard = !listeners(message.subject).empty();
  if (heard) {
    route(message.subject, {message.subject, message.reply, message.headers, message.payload, 0});
  }
  if (!reaches_jetstream(message, now) && !heard && !message.reply.empty()) {
    send(message.reply, status_message(503, {}));
  }
}

bool server::reaches_jetstream(const jetstream::outgoing& message, instant now) {
  if (options_.jetstream == jetstream_mode::off) {
    return false;
  }
  const std::string_view subject = message.subject;
  if (subject.starts_with(api_prefix)) {
    answer_jetstream(message, subject.substr(api_prefix.size()), now);
    return true;
  }
  if (options_.jetstream == jetstream_mode::off_for_account) {
    return false;
  }
  if (subject.starts_with(ack_prefix)) {
    const auto known = account_.acknowledge(subject, message.payload, now);
    if (known && !message.reply.empty()) {
      send(message.reply, {});
    }
    return known;
  }
  const auto receipt = account_.publish(message, now);
  if (receipt && !message.reply.empty()) {
    jetstream::incoming answer;
    answer.payload = *receipt;
    send(message.reply, std::move(answer));
  }
  return receipt.has_value();
}

void server::answer_jetstream(const jetstream::outgoing& message, std::string_view verb,
                              instant now) {
  if (options_.jetstream == jetstream_mode::on) {
    account_.call(verb, message, now);
    return;
  }
  const auto refused =
    answer_of("error_response", refuse(503, 10039, "JetStream not enabled for account"));
  jetstream::incoming answer;
  answer.payload = json::write(refused);
  send(message.reply, std::move(answer));
}

std::vector<server::address> server::listeners(const std::string& subject) {
  std::vector<address> out;
  std::map<std::pair<std::string, std::string>, std::vector<address>> groups;
  for (const auto& [where, how] : subscriptions_) {
    if (!matches(how.pattern, subject)) {
      continue;
    }
    if (how.queue_group.empty() || options_.falsehood == mutation::queue_group_hears_everything) {
      out.push_back(where);
    } else {
      groups[{how.pattern, how.queue_group}].push_back(where);
    }
  }
  for (const auto& [group, members] : groups) {
    out.push_back(members[random_() % members.size()]);
  }
  return out;
}

void server::route(const std::string& subject, const jetstream::incoming& message) {
  for (const auto& [connection, subscription] : listeners(subject)) {
    output_.push_back({connection, delivered_message{subscription, message}});
  }
}

void server::send(const std::string& to, jetstream::incoming message) {
  // A delivery keeps the subject it was stored under; everything else arrives as what it was sent
  // to.
  if (message.subject.empty()) {
    message.subject = to;
  }
  route(to, message);
}

void server::advance(instant now) {
  for (auto due = account_.next_due(); due && *due <= now; due = account_.next_due()) {
    now_ = std::max(now_, *due);
    account_.advance(now_);
  }
  now_ = std::max(now_, now);
}

std::optional<instant> server::next_due() const { return account_.next_due(); }

void server::restart(instant now) {
  advance(now);
  account_.announce_shutdown();
  subscriptions_.clear();
  account_.restarted(now);
}

void server::kill(std::chrono::nanoseconds unsynced, instant now) {
  advance(now);
  subscriptions_.clear();
  account_.killed(unsynced, now);
}

} // namespace nats_mcp::simulation
