// SPDX-License-Identifier: MIT
#include "protocol/jetstream/spoken_names.hpp"

#include "protocol/messaging/channel_names.hpp"

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

std::string quoted(std::string_view text) {
  std::string out{'"'};
  return out.append(text).append(1, '"');
}

} // namespace

std::string spoken_stream(std::string_view stream) {
  if (const auto names = messaging::parse_channel_stream_name(stream)) {
    return "#" + names->channel;
  }
  return stream.starts_with(bucket_stream_prefix)
           ? "the bucket " + quoted(stream.substr(bucket_stream_prefix.size()))
           : "the stream " + quoted(stream);
}

std::string spoken_subject(std::string_view subject) {
  if (const auto names = messaging::parse_channel_subject(subject)) {
    return "#" + names->channel;
  }
  if (subject.starts_with(key_prefix)) {
    const auto rest = subject.substr(key_prefix.size());
    if (const auto dot = rest.find('.'); dot != std::string_view::npos) {
      return "the key " + quoted(rest.substr(dot + 1)) + " in the bucket "
             + quoted(rest.substr(0, dot));
    }
  }
  return quoted(subject);
}

std::string spoken_message(std::string_view subject) {
  if (subject.starts_with(api_prefix)) {
    return spoken_request(subject.substr(api_prefix.size()));
  }
  const bool channel = messaging::parse_channel_subject(subject).has_value();
  return (channel ? "message to " : "message for ") + spoken_subject(subject);
}

std::string spoken_request(std::string_view verb) {
  if (verb == "INFO") {
    return "request for the state of JetStream";
  }
  for (const auto& known : spoken_verbs) {
    if (verb.starts_with(known.prefix)) {
      const auto rest = verb.substr(known.prefix.size());
      return std::string{known.words} + spoken_stream(rest.substr(0, rest.find('.')));
    }
  }
  return "request " + quoted(verb);
}

} // namespace nats_mcp::jetstream
