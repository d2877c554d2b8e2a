// SPDX-License-Identifier: MIT
// Who is told that something changed: subscriptions of both eras (MCP 2025-11-25, server/resources;
// MCP 2026-07-28, subscriptions), and the hints of Claude Code's channels (docs/push.md).
#include "protocol/json/writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/mcp/session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nats_mcp::mcp {

using jsonrpc::error_code;

namespace {

std::string updated_line(const std::string& uri, const jsonrpc::request_id* subscription) {
  std::string params = "{";
  if (subscription != nullptr) {
    params += R"("_meta":{)";
    json::append_string(params, subscription_id_key);
    params += ':';
    jsonrpc::append_request_id(params, *subscription);
    params += "},";
  }
  params += R"("uri":)";
  json::append_string(params, uri);
  params += '}';
  return jsonrpc::notification_line("notifications/resources/updated", params);
}

/// How many resources all subscriptions name together.
std::size_t subscribed_resources(const session_checkpoint& state) {
  auto count = state.legacy_subscriptions.size();
  for (const auto& stream : state.streams) {
    count += stream.honoured.resource_subscriptions.size();
  }
  return count;
}

void tell_updated(const session_checkpoint& state, const std::string& uri,
                  std::vector<effect>& out) {
  if (state.legacy_subscriptions.count(uri) != 0) {
    out.emplace_back(send_line{updated_line(uri, nullptr), {}});
  }
  for (const auto& stream : state.streams) {
    const auto& uris = stream.honoured.resource_subscriptions;
    if (std::find(uris.begin(), uris.end(), uri) != uris.end()) {
      out.emplace_back(send_line{updated_line(uri, &stream.id), {}});
    }
  }
}

void tell_hints(const std::vector<client_hint>& hints, std::vector<effect>& out) {
  for (const auto& hint : hints) {
    out.emplace_back(send_line{hint_line(hint), {}});
  }
}

std::string too_many_subscriptions() {
  return "This client has subscribed to " + std::to_string(limits::resource_subscriptions_max)
         + " resources, the most at once, counting every subscription. End one, then try again.";
}

} // namespace

// -- who subscribes ----------------------------------------------------------------------------

void session::subscribe(subscription what, const json::value& params, const owed_answer& to,
                        effects& out) {
  const auto uri = resources_.named_in(params);
  if (!uri) {
    return deliver(to, jsonrpc::error_line(to.id, uri.error()), false, out);
  }
  auto& mine = state_.legacy_subscriptions;
  if (what == subscription::begins && mine.count(*uri) == 0
      && subscribed_resources(state_) >= limits::resource_subscriptions_max) {
    return deliver_error(to, error_code::internal_error, too_many_subscriptions(), out);
  }
  const bool changed =
    what == subscription::begins ? mine.insert(*uri).second : mine.erase(*uri) > 0;
  if (changed) {
    out.emplace_back(save_state{});
    watch(out);
  }
  deliver(to, jsonrpc::result_line(to.id, "{}"), false, out);
}

void session::listen(const json::value& params, const owed_answer& to, effects& out) {
  const auto requested = read_change_filter(params);
  if (!requested) {
    return deliver_error(to, error_code::invalid_params,
                         "Invalid parameters: " + requested.error().message, out);
  }
  if (!finished_because_.empty()) {
    return deliver_error(to, error_code::internal_error, finished_because_, out);
  }
  if (state_.streams.size() >= limits::listen_streams_max) {
    return deliver_error(
      to, error_code::internal_error,
      "This client has " + std::to_string(limits::listen_streams_max)
        + " open subscriptions, the most at once. Cancel one, then listen again.",
      out);
  }
  change_offer offered;
  offered.has_resource = [this](const std::string& uri) { return resources_.has(uri); };
  auto honoured = honour(*requested, offered);
  if (subscribed_resources(state_) + honoured.resource_subscriptions.size()
      > limits::resource_subscriptions_max) {
    return deliver_error(to, error_code::internal_error, too_many_subscriptions(), out);
  }
  // Saved before it is acknowledged: no restart forgets a stream that the client counts on.
  const auto& stream = state_.streams.emplace_back(listen_stream{to.id, std::move(honoured)});
  out.emplace_back(owe{{to.id, to.of, to.batch, modern_.stream_end_line(to.id)}});
  out.emplace_back(save_state{});
  out.emplace_back(send_line{jsonrpc::notification_line("notifications/subscriptions/acknowledged",
                                                        acknowledgement_params(stream)),
                             {}});
  watch(out);
}

void session::watch(effects& out) {
  auto wanted = state_.legacy_subscriptions;
  for (const auto& stream : state_.streams) {
    const auto& uris = stream.honoured.resource_subscriptions;
    wanted.insert(uris.begin(), uris.end());
  }
  if (state_.takes_hints && options_.watched_for_hints) {
    wanted.insert(options_.watched_for_hints->begin(), options_.watched_for_hints->end());
  }
  if (wanted != watched_) {
    watched_ = wanted;
    out.emplace_back(watch_resources{std::move(wanted)});
  }
}

std::vector<effect> session::resume(monotonic_time now) {
  now_ = now;
  effects out;
  watch(out);
  for (const auto& uri : watched_) {
    auto told = on_resource_changed(uri, now);
    std::move(told.begin(), told.end(), std::back_inserter(out));
  }
  return out;
}

// -- what they are told ------------------------------------------------------------------------

std::vector<effect> session::on_resource_changed(const std::string& uri, monotonic_time now) {
  now_ = now;
  effects out;
  if (finished_because_.empty() && watched_.count(uri) != 0 && updates_.changed(uri, now)) {
    tell_updated(state_, uri, out);
  }
  return out;
}

// -- hints -------------------------------------------------------------------------------------

void session::take_hints(effects& out) {
  if (!offered_.claude_channel || state_.legacy_version.empty() || state_.takes_hints) {
    return;
  }
  state_.takes_hints = true;
  out.emplace_back(save_state{});
  watch(out);
  tell_hints(hints_.take_all(now_), out);
}

std::vector<effect> session::on_hint(client_hint hint, monotonic_time now) {
  now_ = now;
  effects out;
  if (!offered_.claude_channel || !finished_because_.empty()) {
    return out;
  }
  const auto about = hint.about;
  hints_.put(std::move(hint));
  // MCP, lifecycle: nothing goes to a client that has not said that it is ready.
  if (state_.takes_hints) {
    if (const auto ready = hints_.take(about, now)) {
      tell_hints({*ready}, out);
    }
  }
  return out;
}

void session::correct_hint(const std::string& about, std::optional<client_hint> hint) {
  hints_.correct(about, std::move(hint));
}

// -- time --------------------------------------------------------------------------------------

std::optional<monotonic_time> session::next_due() const {
  if (!finished_because_.empty()) {
    return std::nullopt;
  }
  const auto update = updates_.next_due();
  const auto hint = state_.takes_hints ? hints_.next_due() : std::nullopt;
  return update && hint ? std::min(*update, *hint) : update ? update : hint;
}

std::vector<effect> session::on_time(monotonic_time now) {
  now_ = now;
  effects out;
  if (!finished_because_.empty()) {
    return out;
  }
  for (const auto& uri : updates_.take_due(now)) {
    tell_updated(state_, uri, out);
  }
  if (state_.takes_hints) {
    tell_hints(hints_.take_due(now), out);
  }
  return out;
}

} // namespace nats_mcp::mcp
