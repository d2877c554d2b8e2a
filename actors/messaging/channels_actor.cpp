// SPDX-License-Identifier: MIT
#include "actors/messaging/channels_actor.hpp"

#include "protocol/messaging/channel_message.hpp"
#include "protocol/messaging/channel_names.hpp"

#include <utility>

namespace nats_mcp {

namespace {

/// No stream owns the subject, or the named stream is gone: deleted by somebody while we run.
bool stream_is_gone(const error& why) { return why.code == ec::not_found; }

gateway_listener_actor listener_of(asking_actor<channels_actor>* self,
                                   const channels_options& options) {
  return options.listener ? options.listener : gateway_listener_actor{channels_actor{self}};
}

} // namespace

channels_state::channels_state(asking_actor<channels_actor>* self, channels_options options,
                               checkpoint last)
  : self_{self}
  , options_{std::move(options)}
  , streams_{make_api_caller(self, options_.gateway)}
  , reader_{self, options_.gateway, options_.world.random}
  , watch_{{self, options_.gateway, &channels_, &positions_, &streams_, &reader_,
            listener_of(self, options_), options_.world.random}}
  , observer_{{self, options_.gateway, options_.session, &channels_, &positions_, &reader_,
               listener_of(self, options_), options_.world.random}} {
  for (const auto& settings : options_.channels) {
    channel_entry entry;
    entry.settings = settings;
    entry.subject = messaging::channel_subject(options_.channel_namespace, settings.name);
    entry.stream =
      messaging::channel_stream(options_.channel_namespace, settings, options_.replicas);
    channels_.emplace(settings.name, std::move(entry));
  }
  if (const auto* positions = last.as<channel_positions>()) {
    positions_ = *positions;
  }
}

channels_actor::behavior_type channels_state::make_behavior() {
  return {
    [this](send_to_channel& request) { return send(std::move(request)); },
    [this](read_channel& request) { return read(std::move(request)); },
    [this](const messages_shown& shown) { move_position(shown.channel, shown.position); },
    [this](wait_for_channels& request) -> caf::result<tools::wait_for_messages_result> {
      if (request.arguments.channels.empty()) {
        for (const auto& [name, entry] : channels_) {
          request.arguments.channels.push_back(name);
        }
      }
      for (const auto& channel : request.arguments.channels) {
        if (const auto known = find(channel); !known) {
          return to_caf(known.error());
        }
      }
      for (const auto& [channel, position] : request.shown) {
        move_position(channel, position);
      }
      return watch_.wait(request);
    },
    [this](const cancel_wait& withdrawn) { watch_.cancel(withdrawn.call); },
    [this](const unread_query& request) { return count_unread(request); },
    [this](const observe_channels& wanted) { observer_.observe(wanted.channels); },
    [this](const wait_timer& due) {
      if (due.due == wait_moment::connection_unheard) {
        observer_.connection_unheard();
      } else {
        watch_.timer(due);
      }
    },
    [this](const jetstream::core_message& message) {
      if (!observer_.heard(message)) {
        watch_.hint(message);
      }
    },
    [](const jetstream::kv_change&) {
      // Channels watch no bucket.
    },
    [](const jetstream::kv_watch_event&) {
      // Channels watch no bucket.
    },
    [this](const jetstream::connection_event& event) {
      watch_.connection_changed(event);
      observer_.connection_changed(event);
    },
  };
}

result<channel_entry*> channels_state::find(const std::string& channel) {
  if (const auto legal = messaging::check_channel_name(channel); !legal) {
    return tl::make_unexpected(legal.error());
  }
  const auto position = channels_.find(channel);
  if (position == channels_.end()) {
    return tl::make_unexpected(messaging::unknown_channel(channel, options_.channels));
  }
  return &position->second;
}

// -- send --------------------------------------------------------------------------------------

caf::result<tools::send_message_result> channels_state::send(send_to_channel request) {
  const auto channel = find(request.arguments.channel);
  if (!channel) {
    return to_caf(channel.error());
  }
  auto promise = self_->make_response_promise<tools::send_message_result>();
  const auto id = send_id{++operations_};
  sending entry;
  entry.promise = {promise, options_.child_id};
  entry.channel = *channel;
  entry.handle = request.who.handle;
  entry.message.subject = (*channel)->subject;
  entry.message.payload = messaging::write_channel_message({request.who.handle, request.who.guid,
                                                            std::move(request.arguments.message),
                                                            options_.world.wall_clock()});
  entry.message.message_id = make_uuid(options_.world.random);
  entry.message.deadline = request.deadline;
  ++(*channel)->sends_under_way;
  observer_.follow_connection();
  observer_.own_send((*channel)->settings.name, entry.message.payload);
  sends_.emplace(id, std::move(entry));
  publish(id);
  return promise;
}

void channels_state::publish(send_id id) {
  const auto& entry = sends_.at(id);
  streams_.ensure(
    entry.channel->stream, entry.message.deadline, [this, id](const result<void>& there) {
      if (!there) {
        finish_send(id, tl::make_unexpected(there.error()));
        return;
      }
      ask<jetstream::publish_receipt>(
        self_, options_.gateway, sends_.at(id).message, "gateway",
        [this, id](const jetstream::publish_receipt& receipt) { published(id, receipt); },
        [this, id](const error& why) { publish_failed(id, why); });
    });
}

void channels_state::published(send_id id, const jetstream::publish_receipt& receipt) {
  const auto& entry = sends_.at(id);
  const auto& channel = entry.channel->settings.name;
  // Our own message is no news to us, unless somebody else's came before it.
  const auto position = positions_.find(channel);
  if (position != positions_.end() && position->second + 1 == receipt.sequence) {
    move_position(channel, receipt.sequence);
  }
  watch_.own_message(channel, receipt.sequence);
  observer_.own_message(channel, receipt.sequence);
  finish_send(id, tools::send_message_result{channel, entry.handle, receipt.sequence});
}

void channels_state::publish_failed(send_id id, const error& why) {
  auto& entry = sends_.at(id);
  if (stream_is_gone(why) && !entry.repeated) {
    // Deleted by somebody while we ran: nothing was stored, so begin again, once.
    entry.repeated = true;
    streams_.forget(entry.channel->stream.name);
    publish(id);
    return;
  }
  finish_send(id, tl::make_unexpected(why));
}

void channels_state::finish_send(send_id id, const result<tools::send_message_result>& outcome) {
  auto node = sends_.extract(id);
  auto& entry = node.mapped();
  if (outcome) {
    entry.promise.deliver(*outcome);
  } else {
    entry.promise.fail(outcome.error());
  }
  if (--entry.channel->sends_under_way == 0) {
    watch_.sends_ended(entry.channel->settings.name);
  }
}

// -- read --------------------------------------------------------------------------------------

caf::result<tools::read_messages_result> channels_state::read(read_channel request) {
  const auto channel = find(request.arguments.channel);
  if (!channel) {
    return to_caf(channel.error());
  }
  if (request.shown) {
    move_position(request.arguments.channel, *request.shown);
  }
  observer_.follow_connection();
  auto promise = self_->make_response_promise<tools::read_messages_result>();
  const auto id = read_id{++operations_};
  reads_.emplace(
    id, reading{
          {promise, options_.child_id}, *channel, std::move(request.arguments), request.deadline});
  ensure_and_fetch(id);
  return promise;
}

void channels_state::ensure_and_fetch(read_id id) {
  const auto& entry = reads_.at(id);
  streams_.ensure(entry.channel->stream, entry.deadline, [this, id](const result<void>& there) {
    if (there) {
      fetch(id);
    } else {
      finish_read(id, tl::make_unexpected(there.error()));
    }
  });
}

void channels_state::fetch(read_id id) {
  const auto& entry = reads_.at(id);
  channel_reader::request what;
  what.channel = entry.channel->settings.name;
  what.stream = entry.channel->stream.name;
  what.subject = entry.channel->subject;
  what.limit = static_cast<std::uint64_t>(entry.arguments.limit);
  what.after = entry.arguments.after;
  what.deadline = entry.deadline;
  if (const auto position = positions_.find(what.channel);
      entry.arguments.unread && !what.after && position != positions_.end()) {
    what.after = position->second;
    what.begun_again = [this, channel = what.channel] { positions_.erase(channel); };
  }
  reader_.start(std::move(what), [this, id](const result<tools::read_messages_result>& outcome) {
    auto& asked = reads_.at(id);
    if (!outcome && stream_is_gone(outcome.error()) && !asked.repeated) {
      // Deleted by somebody while we ran: begin again, once.
      asked.repeated = true;
      streams_.forget(asked.channel->stream.name);
      ensure_and_fetch(id);
      return;
    }
    finish_read(id, outcome);
  });
}

void channels_state::finish_read(read_id id, const result<tools::read_messages_result>& outcome) {
  auto node = reads_.extract(id);
  auto& entry = node.mapped();
  if (outcome) {
    entry.promise.deliver(*outcome);
  } else {
    entry.promise.fail(outcome.error());
  }
}

// -- unread ------------------------------------------------------------------------------------

caf::result<unread_channels> channels_state::count_unread(const unread_query& request) {
  struct counting {
    guarded_promise<unread_channels> promise;
    unread_channels found;
    std::size_t open = 0;
  };
  const auto under_way = std::make_shared<counting>();
  auto promise = self_->make_response_promise<unread_channels>();
  under_way->promise = {promise, options_.child_id};
  for (const auto& [channel, position] : positions_) {
    under_way->found.channels.push_back({channel, 0});
  }
  under_way->open = under_way->found.channels.size();
  if (under_way->open == 0) {
    under_way->promise.deliver({});
  }
  for (std::size_t i = 0; i < under_way->found.channels.size(); ++i) {
    const auto& stream = channels_.at(under_way->found.channels[i].channel).stream.name;
    reader_.extent(stream, request.deadline,
                   [this, under_way, i](const result<messaging::stream_extent>& known) {
                     auto& news = under_way->found.channels[i];
                     if (known) {
                       const auto position = positions_.find(news.channel);
                       news.unread = position == positions_.end()
                                       ? known->messages
                                       : unread_after(*known, position->second);
                     } else if (!stream_is_gone(known.error())) {
                       under_way->promise.fail(known.error());
                     }
                     if (--under_way->open == 0) {
                       under_way->promise.deliver(under_way->found);
                     }
                   });
  }
  return promise;
}

void channels_state::move_position(const std::string& channel, std::uint64_t position) {
  const auto [current, fresh] = positions_.try_emplace(channel, position);
  if (!fresh && position <= current->second) {
    return; // known, or two reads crossed: the one that showed more counts
  }
  current->second = position;
  if (options_.supervisor) {
    self_->send(options_.supervisor, save_checkpoint{options_.child_id, {positions_}});
  }
}

channels_actor spawn_channels(caf::local_actor* parent, channels_options options, checkpoint last) {
  const auto name = options.child_id;
  const auto probe = options.world.probe;
  return spawn_shell<channels_actor, channels_state>(*parent, name, probe, std::move(options),
                                                     std::move(last));
}

} // namespace nats_mcp
