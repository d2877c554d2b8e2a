// SPDX-License-Identifier: MIT
#include "tests/support/channel_story.hpp"

#include "protocol/json/member.hpp"
#include "protocol/messaging/channel_message.hpp"

#include "tests/support/checkpoint_keeper.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

json::value as_json(const std::string& text) { return json::parse(text).value_or(json::value{}); }

} // namespace

void channel_story::SetUp() {
  script_->on_api_request = [this](const auto& what) { return answer_api(what); };
  script_->on_pull = [this](const auto& what) { return answer_pull(what); };
  script_->on_publish = [this](const jetstream::publish&) -> result<jetstream::publish_receipt> {
    messages_.insert(++last_sequence_);
    return jetstream::publish_receipt{"demo_PLANNING", last_sequence_, false};
  };
  gateway_ = adopt(spawn_stub_gateway(system(), script_));
  checkpoints_ = adopt(spawn_checkpoint_keeper(system(), saved_));
  session_ = adopt(spawn_stub_session(system(), ear_));
  channels_ = adopt(spawn_shell<channels_actor, channels_state>(
    system(), "channels", message_probe{}, options(), checkpoint{}));
  run();
}

void channel_story::stream_exists(const std::string&, limits_of_stream limits) {
  missing_ = false;
  max_messages_ = limits.max_messages;
}

void channel_story::stream_is_missing(const std::string&) { missing_ = true; }

void channel_story::stream_holds(const std::string&, std::uint64_t count) {
  messages_.clear();
  for (std::uint64_t sequence = 1; sequence <= count; ++sequence) {
    messages_.insert(messages_.end(), sequence);
  }
  last_sequence_ = count;
}

void channel_story::answer_publishes() {
  script_->holds_publishes = false;
  tell(gateway_, transport_events{});
}

void channel_story::hint() { deliver(0, "{}"); }

void channel_story::deliver(std::size_t subscription, const std::string& payload) {
  const auto& entry = script_->subscriptions.at(subscription);
  tell(entry.listener, jetstream::core_message{entry.id, entry.subject, payload});
}

void channel_story::connect(std::uint64_t epoch) {
  tell_observers({jetstream::connection_state::connected, epoch, {}, "nats://story"});
}

void channel_story::disconnect() {
  tell_observers({jetstream::connection_state::disconnected, 0, {}, "nats://story"});
}

void channel_story::tell_observers(const jetstream::connection_event& event) {
  const std::set<gateway_listener_actor> observers{script_->connection_observers.begin(),
                                                   script_->connection_observers.end()};
  for (const auto& observer : observers) {
    tell(observer, event);
  }
}

send_to_channel channel_story::send(std::string channel, std::string text) const {
  return {{"planner", {}}, {std::move(channel), std::move(text)}, now() + 5s};
}

read_channel channel_story::newest(std::string channel, std::int64_t limit) const {
  read_channel out;
  out.arguments.channel = std::move(channel);
  out.arguments.limit = limit;
  out.deadline = now() + 5s;
  return out;
}

wait_for_channels channel_story::wait_for(strings channel_names,
                                          std::chrono::milliseconds timeout) const {
  wait_for_channels out;
  out.call = call_id{7};
  out.arguments.channels = std::move(channel_names);
  out.arguments.timeout = timeout;
  out.deadline = now() + 5s;
  return out;
}

void channel_story::restart_from_checkpoint() {
  caf::anon_send_exit(channels_, caf::exit_reason::kill);
  run();
  channels_ = adopt(spawn_shell<channels_actor, channels_state>(
    system(), "channels", message_probe{}, options(), *saved_));
  run();
}

strings channel_story::verbs() const {
  strings out;
  for (const auto& request : script_->api_requests) {
    if (request.verb.rfind("CONSUMER.", 0) != 0) {
      out.push_back(request.verb);
    }
  }
  return out;
}

strings channel_story::texts(const tools::read_messages_result& read) {
  strings out;
  for (const auto& message : read.messages) {
    out.push_back(message.message);
  }
  return out;
}

channels_options channel_story::options() {
  channels_options out;
  out.child_id = "channels";
  out.channel_namespace = "demo";
  out.channels.push_back({"planning", "Sprint planning"});
  out.gateway = gateway_;
  out.session = session_;
  out.supervisor = checkpoints_;
  out.world.wall_clock = [] { return story_time; };
  // One source for all that copy it: two of them must not choose the same ids.
  out.world.random = [bits = random_bits_] { return ++*bits; };
  return out;
}

result<jetstream::api_reply> channel_story::answer_api(const jetstream::api_request& what) {
  const std::string_view verb{what.verb};
  if (verb.rfind("STREAM.INFO.", 0) == 0) {
    if (missing_) {
      return fail(ec::not_found, "stream not found");
    }
    const json::value info{
      {"config",
       {{"name", "demo_PLANNING"},
        {"subjects", {"demo.planning"}},
        {"retention", "limits"},
        {"storage", "file"},
        {"discard", "old"},
        {"max_msgs", max_messages_},
        {"max_bytes", 10 * 1024 * 1024},
        {"max_age", std::chrono::nanoseconds{24h}.count()},
        {"duplicate_window", std::chrono::nanoseconds{2min}.count()},
        {"max_consumers", 100'000},
        {"num_replicas", 1},
        {"allow_direct", true}}},
      {"state",
       {{"messages", messages_.size()},
        {"first_seq", messages_.empty() ? last_sequence_ + 1 : *messages_.begin()},
        {"last_seq", last_sequence_}}}};
    return jetstream::api_reply{json::write(info)};
  }
  if (verb.rfind("STREAM.", 0) == 0) {
    missing_ = false;
    return jetstream::api_reply{"{}"};
  }
  if (verb.rfind("CONSUMER.CREATE.", 0) == 0) {
    const auto body = as_json(what.body);
    consumer_start_ =
      json::unsigned_member(*json::find(body, "config"), "opt_start_seq").value_or(1);
    const auto available = std::distance(messages_.lower_bound(consumer_start_), messages_.end());
    return jetstream::api_reply{
      json::write({{"num_pending", static_cast<std::uint64_t>(available)}})};
  }
  return jetstream::api_reply{"{\"success\":true}"};
}

result<jetstream::pull_result> channel_story::answer_pull(const jetstream::pull& what) {
  ++pulls_;
  jetstream::pull_result out;
  for (auto next = messages_.lower_bound(consumer_start_);
       next != messages_.end() && out.deliveries.size() < what.batch; ++next) {
    jetstream::delivery message;
    message.subject = "demo.planning";
    message.payload = messaging::write_channel_message(
      {"planner", {}, "message " + std::to_string(*next), story_time});
    message.stream_sequence = *next;
    message.consumer_sequence = out.deliveries.size() + 1;
    out.deliveries.push_back(std::move(message));
  }
  return out;
}

} // namespace nats_mcp::testing
