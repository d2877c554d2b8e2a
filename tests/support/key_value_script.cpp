// SPDX-License-Identifier: MIT
#include "tests/support/key_value_script.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/member.hpp"
#include "protocol/messaging/direct_message_codec.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace nats_mcp::testing {

namespace {

constexpr std::string_view bucket_prefix = "KV_";

/// Whether a key or a subject matches a pattern that is exact or ends in `>`.
bool matches(const std::string& pattern, const std::string& text) {
  return pattern.ends_with('>') ? text.starts_with(pattern.substr(0, pattern.size() - 1))
                                : text == pattern;
}

std::string last_token(const std::string& verb, std::size_t tokens_before) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < tokens_before; ++i) {
    at = verb.find('.', at) + 1;
  }
  return verb.substr(at);
}

jetstream::api_reply reply(const json::value& body) { return {json::write(body)}; }

} // namespace

key_value_script::key_value_script() {
  script_->on_kv_get = [this](const auto& what) { return carry_out<jetstream::kv_lookup>(what); };
  script_->on_kv_put = [this](const auto& what) {
    writes_.push_back("put " + what.bucket + " " + what.key);
    return carry_out<jetstream::kv_revision>(what);
  };
  script_->on_kv_delete = [this](const auto& what) {
    writes_.push_back("delete " + what.bucket + " " + what.key);
    return carry_out<jetstream::kv_revision>(what);
  };
  script_->on_kv_watch = [this](const auto& what) { return watch(what); };
  script_->on_await_watch = [this](const auto& what) -> result<watch_is_current> {
    if (const auto failure = on_await ? on_await(what) : std::nullopt) {
      return tl::make_unexpected(*failure);
    }
    forget_unwatched();
    const bool known = std::any_of(watches_.begin(), watches_.end(),
                                   [&](const auto& one) { return one.id == what.id; });
    return known ? result<watch_is_current>{watch_is_current{}}
                 : fail(ec::not_found, "There is no such watch.");
  };
  script_->on_api_request = [this](const auto& what) { return answer_api(what); };
  script_->on_pull = [this](const auto& what) { return read(what); };
  store_.on_write = [this](const auto& bucket, const auto& entry) { tell_watchers(bucket, entry); };
}

void key_value_script::make_bucket(const jetstream::stream_config& stream) {
  streams_[stream.name] = jetstream::to_json(stream);
  store_.make_bucket(stream.name.substr(bucket_prefix.size()));
}

void key_value_script::connection_is(jetstream::connection_state state) {
  for (const auto& observer : script_->connection_observers) {
    caf::anon_send(observer, jetstream::connection_event{state, 1, {}, "nats://127.0.0.1:4222"});
  }
}

std::vector<std::string> key_value_script::watched() const {
  std::vector<std::string> out;
  for (const auto& one : watches_) {
    const auto& ended = script_->unsubscribed;
    if (std::find(ended.begin(), ended.end(), one.id) == ended.end()) {
      out.push_back(one.filter);
    }
  }
  return out;
}

template <class Reply>
result<Reply> key_value_script::carry_out(const agents::key_command& what) {
  if (const auto failure = on_command ? on_command(what) : std::nullopt) {
    return tl::make_unexpected(*failure);
  }
  return store_.carry_out(what).map([](auto answer) { return std::get<Reply>(std::move(answer)); });
}

result<subscribed> key_value_script::watch(const kv_watch& what) {
  if (const auto failure = on_watch ? on_watch(what) : std::nullopt) {
    return tl::make_unexpected(*failure);
  }
  if (!store_.has_bucket(what.bucket)) {
    return fail(ec::not_found, "There is no bucket \"" + what.bucket + "\".");
  }
  watches_.push_back(what);
  tell_all(what);
  return subscribed{};
}

void key_value_script::tell_all(const kv_watch& to) const {
  using jetstream::kv_watch_state;
  for (const auto& entry : store_.history(to.bucket)) {
    if (matches(to.filter, entry.key)) {
      caf::anon_send(to.listener, jetstream::kv_change{to.id, entry});
    }
  }
  caf::anon_send(to.listener,
                 jetstream::kv_watch_event{to.id, kv_watch_state::initial_values_done, {}});
}

void key_value_script::restart_watches() {
  forget_unwatched();
  for (const auto& one : watches_) {
    caf::anon_send(one.listener,
                   jetstream::kv_watch_event{one.id, jetstream::kv_watch_state::restarted, {}});
    tell_all(one);
  }
}

void key_value_script::tell_watchers(const std::string& bucket,
                                     const jetstream::kv_entry& entry) const {
  for (const auto& one : watches_) {
    const auto& ended = script_->unsubscribed;
    if (one.bucket == bucket && matches(one.filter, entry.key)
        && std::find(ended.begin(), ended.end(), one.id) == ended.end()) {
      caf::anon_send(one.listener, jetstream::kv_change{one.id, entry});
    }
  }
}

void key_value_script::forget_unwatched() {
  const auto& ended = script_->unsubscribed;
  std::erase_if(watches_, [&](const auto& one) {
    return std::find(ended.begin(), ended.end(), one.id) != ended.end();
  });
}

result<jetstream::api_reply> key_value_script::answer_api(const jetstream::api_request& what) {
  if (what.verb.starts_with("STREAM.INFO.")) {
    const auto name = last_token(what.verb, 2);
    if (name == messaging::inbox_stream_name) {
      return unread_mail.map([](std::uint64_t count) {
        return reply({{"state", {{"subjects", {{"inbox.of.somebody", count}}}}}});
      });
    }
    const auto bucket = name.substr(bucket_prefix.size());
    if (!store_.has_bucket(bucket)) {
      return fail(ec::not_found, "There is no stream " + name + ".");
    }
    return reply({{"config", streams_[name]}, {"state", json::value::object()}});
  }
  if (what.verb.starts_with("STREAM.CREATE.")) {
    const auto name = last_token(what.verb, 2);
    streams_[name] = json::parse(what.body).value_or(json::value{});
    store_.make_bucket(name.substr(bucket_prefix.size()));
    return reply({{"config", streams_[name]}, {"state", json::value::object()}});
  }
  if (what.verb.starts_with("CONSUMER.CREATE.")) {
    return make_reader(what);
  }
  if (what.verb.starts_with("CONSUMER.DELETE.")) {
    readers_.erase(last_token(what.verb, 3));
    return reply(json::value::object());
  }
  return fail(ec::jetstream_error, "Not scripted: " + what.verb);
}

result<jetstream::api_reply> key_value_script::make_reader(const jetstream::api_request& what) {
  const auto body = json::parse(what.body).value_or(json::value{});
  const auto stream = std::string{json::text_member(body, "stream_name")};
  const auto bucket = stream.substr(bucket_prefix.size());
  if (!store_.has_bucket(bucket)) {
    return fail(ec::not_found, "There is no stream " + stream + ".");
  }
  const auto& config = body.at("config");
  const auto filter = std::string{json::text_member(config, "filter_subject")};
  readers_[std::string{json::text_member(config, "name")}] = filter;
  std::uint64_t pending = 0;
  for (const auto& entry : store_.history(bucket)) {
    pending += matches(filter, jetstream::subject_of_key(bucket, entry.key)) ? 1 : 0;
  }
  return reply({{"num_pending", pending}, {"created", to_rfc3339(store_.now())}});
}

result<jetstream::pull_result> key_value_script::read(const jetstream::pull& what) {
  const auto filter = readers_.find(what.consumer);
  if (filter == readers_.end()) {
    return jetstream::pull_result{{}, jetstream::pull_end::no_responders};
  }
  const auto bucket = what.stream.substr(bucket_prefix.size());
  jetstream::pull_result out;
  for (const auto& entry : store_.history(bucket)) {
    jetstream::delivery one;
    one.subject = jetstream::subject_of_key(bucket, entry.key);
    if (matches(filter->second, one.subject) && out.deliveries.size() < what.batch) {
      one.payload = entry.value;
      one.stream_sequence = entry.revision;
      one.stored_at = entry.stored_at;
      out.deliveries.push_back(std::move(one));
    }
  }
  out.end = out.deliveries.size() == what.batch ? jetstream::pull_end::batch_full
                                                : jetstream::pull_end::no_messages;
  return out;
}

} // namespace nats_mcp::testing
