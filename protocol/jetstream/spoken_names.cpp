// SPDX-License-Identifier: MIT
#include "protocol/jetstream/spoken_names.hpp"

#include "protocol/agents/buckets.hpp"
#include "protocol/coordination/streams.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/text.hpp"
#include "protocol/work/capability_token.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include <algorithm>
#include <array>

namespace nats_mcp::jetstream {

namespace {

constexpr std::string_view api_prefix = "$JS.API.";
constexpr std::string_view bucket_stream_prefix = "KV_";
constexpr std::string_view key_prefix = "$KV.";

struct spoken_verb {
  /// What the verb begins with; the next token is the stream.
  std::string_view prefix;
  std::string_view words;
};

constexpr std::array spoken_verbs{
  spoken_verb{"CONSUMER.CREATE.", "request to read "},
  spoken_verb{"CONSUMER.DELETE.", "request to end a read of "},
  spoken_verb{"CONSUMER.DURABLE.CREATE.", "request to read "},
  spoken_verb{"CONSUMER.INFO.", "request for the state of a reader of "},
  spoken_verb{"CONSUMER.MSG.NEXT.", "request for messages of "},
  spoken_verb{"DIRECT.GET.", "request for a message of "},
  spoken_verb{"STREAM.CREATE.", "request to create "},
  spoken_verb{"STREAM.DELETE.", "request to delete "},
  spoken_verb{"STREAM.INFO.", "request for the state of "},
  spoken_verb{"STREAM.MSG.DELETE.", "request to delete a message of "},
  spoken_verb{"STREAM.MSG.GET.", "request for a message of "},
  spoken_verb{"STREAM.PURGE.", "request to empty "},
  spoken_verb{"STREAM.UPDATE.", "request to change the limits of "},
};

struct spoken_name {
  std::string_view name;
  std::string_view words;
};

/// Streams of ours that are neither a channel's nor a bucket's.
constexpr std::array spoken_streams{
  spoken_name{messaging::inbox_stream_name, "the inboxes"},
  spoken_name{work::work_stream_name, "the work queue"},
  spoken_name{work::dead_letter_stream_name, "the dead letters"},
  spoken_name{coordination::requests_stream_name, "the requests to the coordinator"},
};

/// Those of ours, by what is in them.
constexpr std::array spoken_buckets{
  spoken_name{agents::agents_bucket, "the agent registry"},
  spoken_name{agents::presence_bucket, "the agents' signs of life"},
  spoken_name{agents::sessions_bucket, "the agents' sessions"},
  spoken_name{work::items_bucket, "the records of work items"},
  spoken_name{work::tasks_bucket, "the tasks' lists of work items"},
  spoken_name{coordination::coordinator_bucket, "the record of which coordinator leads"},
};

std::string quoted(std::string_view text) {
  std::string out{'"'};
  return out.append(one_line(text)).append(1, '"');
}

std::string bucket_in_words(std::string_view bucket) {
  for (const auto& known : spoken_buckets) {
    if (known.name == bucket) {
      return std::string{known.words};
    }
  }
  return "the bucket " + quoted(bucket);
}

std::string key_in_words(std::string_view bucket, std::string_view key) {
  const auto item = key.substr(key.rfind('.') + 1);
  if (work::is_item_id(item)) {
    if (bucket == work::items_bucket) {
      return "the record of the work item " + std::string{item};
    }
    if (bucket == work::tasks_bucket) {
      return "the entry of the work item " + std::string{item} + " in its task's list";
    }
  }
  return "the key " + quoted(key) + " in " + bucket_in_words(bucket);
}

/// `work.<scope>.<token>.<priority>`: whom work is for; nothing for other subjects.
std::string lane_in_words(std::string_view subject) {
  const auto lane = work::parse_lane_subject(subject);
  if (!lane) {
    return {};
  }
  if (const auto guid = work::guid_of_personal_token(lane->token)) {
    return "the work queue of " + *guid;
  }
  const auto capability = one_line(work::capability_of(lane->token).value_or(""));
  return "the work queue for \"" + capability + '"';
}

/// `dead.<scope>.<token>.<item id>`: whose letter it is; nothing for other subjects.
std::string letter_in_words(std::string_view subject) {
  const auto item = subject.substr(subject.rfind('.') + 1);
  return subject.starts_with("dead.") && work::is_item_id(item)
           ? "the dead letter of the work item " + std::string{item}
           : std::string{};
}

/// `inbox.<guid>.<sender or *>`: whose inbox it is; nothing for other subjects.
std::string inbox_in_words(std::string_view subject) {
  const auto recipient_length = subject.rfind('.');
  if (recipient_length == std::string_view::npos) {
    return {};
  }
  // With any sender at all, a pattern included.
  const auto to = subject.substr(0, recipient_length);
  const auto guid = to.substr(to.find('.') + 1);
  return messaging::parse_inbox_subject(std::string{to}.append(1, '.').append(guid))
           ? "the inbox of " + std::string{guid}
           : std::string{};
}

/// A stream, and where its reader's name says so, which part of it.
std::string read_in_words(std::string_view stream, std::string_view reader) {
  constexpr std::string_view prefix = "inbox-";
  if (stream == messaging::inbox_stream_name && reader.starts_with(prefix)) {
    return "the inbox of " + one_line(reader.substr(prefix.size()));
  }
  return spoken_stream(stream);
}

} // namespace

std::string spoken_stream(std::string_view stream) {
  if (const auto names = messaging::parse_channel_stream_name(stream)) {
    return "#" + names->channel;
  }
  for (const auto& known : spoken_streams) {
    if (known.name == stream) {
      return std::string{known.words};
    }
  }
  return stream.starts_with(bucket_stream_prefix)
           ? bucket_in_words(stream.substr(bucket_stream_prefix.size()))
           : "the stream " + quoted(stream);
}

std::string spoken_subject(std::string_view subject) {
  if (const auto names = messaging::parse_channel_subject(subject)) {
    return "#" + names->channel;
  }
  if (subject.starts_with(key_prefix)) {
    const auto rest = subject.substr(key_prefix.size());
    if (const auto dot = rest.find('.'); dot != std::string_view::npos) {
      return key_in_words(rest.substr(0, dot), rest.substr(dot + 1));
    }
  }
  for (const auto in_words : {inbox_in_words, lane_in_words, letter_in_words}) {
    if (auto words = in_words(subject); !words.empty()) {
      return words;
    }
  }
  return quoted(subject);
}

std::string spoken_message(std::string_view subject) {
  if (subject.starts_with(api_prefix)) {
    return spoken_request(subject.substr(api_prefix.size()));
  }
  const bool known = messaging::parse_channel_subject(subject)
                     || messaging::parse_inbox_subject(subject)
                     || work::parse_lane_subject(subject);
  return (known ? "message to " : "message for ") + spoken_subject(subject);
}

std::string spoken_request(std::string_view verb) {
  if (verb == "INFO") {
    return "request for the state of JetStream";
  }
  for (const auto& known : spoken_verbs) {
    if (verb.starts_with(known.prefix)) {
      const auto rest = verb.substr(known.prefix.size());
      const auto stream = rest.substr(0, rest.find('.'));
      const auto after = rest.substr(std::min(stream.size() + 1, rest.size()));
      return std::string{known.words} + read_in_words(stream, after.substr(0, after.find('.')));
    }
  }
  return "request " + quoted(verb);
}

} // namespace nats_mcp::jetstream
