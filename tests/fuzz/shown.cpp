// SPDX-License-Identifier: MIT
// Any text where it is shown or logged, and times and durations. The first byte is a length.
#include "protocol/json/utf8.hpp"
#include "protocol/limits.hpp"
#include "protocol/logging/event.hpp"
#include "protocol/logging/redaction.hpp"
#include "protocol/messaging/stranger_payload.hpp"
#include "protocol/text.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/shown_text.hpp"
#include "protocol/tools/work_facts.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <string>

namespace nats_mcp::fuzz {

namespace {

constexpr std::size_t mark_bytes = 3; // an ellipsis
constexpr wall_time logged_at{std::chrono::hours{500'000}};

void check_shown(std::string_view text) {
  const auto line = one_line(text);
  const auto lines = many_lines(text);
  require(is_showable_line(line), "a line can be shown", line);
  require(is_showable(lines), "lines can be shown", lines);
  require(one_line(line) == line && many_lines(lines) == lines, "what can be shown stays", text);
  require(std::count(lines.begin(), lines.end(), '\n')
            == std::count(text.begin(), text.end(), '\n'),
          "line feeds stay", text);
  if (is_showable(text)) {
    require(lines == text, "what can be shown is not touched", text);
  }
  require(is_utf8(text) == (is_showable(text) || is_utf8(text)), "showable text is UTF-8", text);
  for (const auto& foreign : {tools::shown_within_line(text), tools::shown_as_lines(text)}) {
    require(is_showable(foreign), "foreign text can be shown", foreign);
  }
  // No line of it begins as one of ours does.
  const auto all = tools::shown_as_lines(text);
  for (input rest{all}; !rest.at_end();) {
    const auto each = rest.line();
    require(!tools::imitates_header(each) || each.find('\\') != std::string_view::npos,
            "foreign lines do not pass for ours", each);
  }
}

void check_cut(std::string_view text, std::size_t length) {
  const auto bytes = json::shortened(text, length);
  require(bytes.size() <= length + mark_bytes, "a text is cut to its length", bytes);
  require(json::shortened(bytes, length) == bytes, "what was cut is not cut again", bytes);
  const auto characters = first_characters(text, length);
  require(count_characters(characters) <= length + 1 || !is_utf8(text),
          "a text is cut to its length", characters);
  require(text.size() > length || (bytes == text && characters == text),
          "what is short enough is not touched", text);
  if (is_utf8(text)) {
    require(is_utf8(bytes) && is_utf8(characters), "no character is cut in two", text);
    require(first_characters(characters, length) == characters, "what was cut is not cut again",
            characters);
  }
  (void)tools::preview_of(text);
  require(is_utf8(messaging::shown_payload(text)), "a payload is shown as text", text);
}

void check_redacted(std::string_view text) {
  const auto once = logging::redact(text);
  // Armour in the middle of an address may leave letters that look like credentials then.
  require(text.find("-----BEGIN") != std::string_view::npos || logging::redact(once) == once,
          "nothing is left to be hidden", once);
  const std::string secret = "hunter2-hunter2";
  for (const auto& told : {"nats://ann:" + secret + "@example.org " + std::string{text},
                           std::string{text} + " nats://ann:" + secret + "@example.org",
                           std::string{text} + " token=" + secret}) {
    require(text.find(secret) != std::string_view::npos
              || logging::redact(told).find(secret) == std::string::npos,
            "no secret leaves the process, whatever stands around it", told);
  }
}

void check_logged(std::string_view text) {
  const logging::event event{logging::level::info,
                             "gateway",
                             "gateway.lost",
                             std::string{text},
                             {{"cause", std::string{text}}, {"count", std::int64_t{3}}}};
  const auto as_json = logging::to_json_line(event, logged_at);
  const auto as_text = logging::to_text_line(event, logged_at);
  require(is_json_line(as_json), "a log line is JSON", as_json);
  require(is_showable_line(as_text), "a log line is one line that can be shown", as_text);
  require(as_json.size() <= 2 * 6 * (limits::log_text_bytes_max + mark_bytes) + 1024,
          "a log line is no longer than it may be", as_json);
}

void check_times(std::string_view text) {
  if (const auto time = parse_rfc3339(text)) {
    require(parse_rfc3339(to_rfc3339(*time)) == *time, "a time survives a round trip", text);
    require(is_showable_line(messaging::shown_timestamp(text, logged_at)), "a time can be shown",
            text);
  } else {
    require_sentence(time.error().message, 1024);
    require(messaging::shown_timestamp(text, logged_at) == to_rfc3339(logged_at),
            "what is no time is not shown as one", text);
  }
  if (const auto duration = parse_duration(text)) {
    require(parse_duration(to_text(*duration)) == *duration && duration->count() > 0
              && *duration <= limits::duration_max,
            "a duration survives a round trip", text);
  } else {
    require_sentence(duration.error().message, 1024);
  }
}

} // namespace

void shown(std::string_view bytes) {
  input given{bytes};
  const auto length = given.choice(256);
  check_shown(given.rest());
  check_cut(given.rest(), length);
  check_redacted(given.rest());
  check_logged(given.rest());
  check_times(given.rest());
}

} // namespace nats_mcp::fuzz
