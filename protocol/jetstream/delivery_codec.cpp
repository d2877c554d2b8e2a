// SPDX-License-Identifier: MIT
#include "protocol/jetstream/delivery_codec.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

constexpr std::size_t tokens_first_form = 9;
constexpr std::size_t tokens_second_form_min = 11;
constexpr std::size_t tokens_second_form_max = 12;

template <class Number>
bool read(std::string_view token, Number& number) {
  const auto done = std::from_chars(token.data(), token.data() + token.size(), number);
  return done.ec == std::errc{} && done.ptr == token.data() + token.size();
}

} // namespace

std::optional<delivery_position> parse_ack_subject(std::string_view subject) {
  std::array<std::string_view, tokens_second_form_max> tokens;
  std::size_t count = 0;
  for (auto rest = subject;;) {
    if (count == tokens.size()) {
      return std::nullopt;
    }
    const auto dot = rest.find('.');
    tokens[count++] = rest.substr(0, dot);
    if (dot == std::string_view::npos) {
      break;
    }
    rest.remove_prefix(dot + 1);
  }
  if (tokens[0] != "$JS" || tokens[1] != "ACK") {
    return std::nullopt;
  }
  if (count != tokens_first_form && count < tokens_second_form_min) {
    return std::nullopt;
  }
  // The second form has the domain ("_" for none) and the account's hash before the stream.
  const std::size_t at = count == tokens_first_form ? 2 : 4;
  delivery_position position{tokens[at], tokens[at + 1], 0, 0, 0, {}, 0};
  std::int64_t nanoseconds = 0;
  if (!read(tokens[at + 2], position.delivery_count)
      || !read(tokens[at + 3], position.stream_sequence)
      || !read(tokens[at + 4], position.consumer_sequence) || !read(tokens[at + 5], nanoseconds)
      || !read(tokens[at + 6], position.pending)) {
    return std::nullopt;
  }
  position.stored_at =
    wall_time{std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds{nanoseconds})};
  return position;
}

std::optional<delivery> decode_delivery(incoming&& message) {
  const auto position = parse_ack_subject(message.reply);
  if (!position) {
    return std::nullopt;
  }
  const auto known = *position;
  return delivery{std::move(message.reply),
                  std::move(message.subject),
                  std::move(message.payload),
                  std::move(message.headers),
                  known.stream_sequence,
                  known.consumer_sequence,
                  known.delivery_count,
                  known.pending,
                  known.stored_at};
}

std::string encode_settlement(const settle& command) {
  switch (command.kind) {
    case ack_kind::ack:
      return "+ACK";
    case ack_kind::nak: {
      if (command.delay.count() <= 0) {
        return "-NAK";
      }
      const auto delay_ns = std::chrono::nanoseconds{command.delay}.count();
      return "-NAK {\"delay\": " + std::to_string(delay_ns) + "}";
    }
    case ack_kind::in_progress:
      return "+WPI";
    case ack_kind::term:
      return "+TERM";
  }
  return "+ACK";
}

std::string encode_pull(const pull& command, std::chrono::nanoseconds expires) {
  auto body = "{\"batch\":" + std::to_string(command.batch);
  if (expires.count() > 0) {
    body += ",\"expires\":" + std::to_string(expires.count());
  } else {
    body += ",\"no_wait\":true";
  }
  return body + "}";
}

} // namespace nats_mcp::jetstream
