// SPDX-License-Identifier: MIT
#include "protocol/time.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace nats_mcp {

namespace {

using namespace std::chrono;

constexpr wall_time first_moment = sys_days{year{0} / January / 1};
constexpr wall_time last_moment = sys_days{year{9999} / December / 31} + 24h - 1ms;

void write_digits(std::string& out, std::uint64_t number, std::size_t width) {
  const auto begin = out.size();
  out.resize(begin + width);
  for (auto position = out.size(); position > begin; number /= 10) {
    out[--position] = static_cast<char>('0' + number % 10);
  }
}

/// Reads fixed-width pieces from the front of a text; once one fails, all fail.
class piece_reader {
public:
  explicit piece_reader(std::string_view text) noexcept
    : rest_{text} {}

  unsigned digits(std::size_t width) noexcept {
    unsigned number = 0;
    if (rest_.size() < width) {
      good_ = false;
      return 0;
    }
    for (const char digit : rest_.substr(0, width)) {
      good_ = good_ && digit >= '0' && digit <= '9';
      number = number * 10 + static_cast<unsigned>(digit - '0');
    }
    rest_.remove_prefix(width);
    return good_ ? number : 0;
  }

  void one_of(std::string_view allowed) noexcept {
    good_ = good_ && !rest_.empty() && allowed.find(rest_.front()) != std::string_view::npos;
    rest_.remove_prefix(good_ ? 1 : 0);
  }

  bool take(char wanted) noexcept {
    const bool there = good_ && !rest_.empty() && rest_.front() == wanted;
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }

  /// A fraction's digits, as milliseconds; more digits than three are dropped.
  unsigned fraction() noexcept {
    unsigned number = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      if (count < 3) {
        number = number * 10 + static_cast<unsigned>(rest_.front() - '0');
      }
      rest_.remove_prefix(1);
    }
    good_ = good_ && count > 0;
    for (; count < 3; ++count) {
      number *= 10;
    }
    return number;
  }

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool ended() const noexcept { return good_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool good_ = true;
};

/// What was given, as a sentence repeats it.
std::string repeated(std::string_view text) {
  return one_line(first_characters(text, limits::quoted_characters_max));
}

tl::unexpected<error> no_time(std::string_view text) {
  return fail(ec::malformed,
              "\"" + repeated(text) + "\" is no RFC 3339 time such as 2025-01-15T10:00:00Z.");
}

constexpr std::array<std::pair<std::string_view, milliseconds>, 5> units{{
  {"d", days{1}},
  {"h", hours{1}},
  {"m", minutes{1}},
  {"s", seconds{1}},
  {"ms", milliseconds{1}},
}};

} // namespace

std::string to_rfc3339(wall_time time) {
  time = std::clamp(time, first_moment, last_moment);
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string out;
  out.reserve(24);
  write_digits(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  out += '-';
  write_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  write_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  write_digits(out, static_cast<std::uint64_t>(clock.hours().count()), 2);
  out += ':';
  write_digits(out, static_cast<std::uint64_t>(clock.minutes().count()), 2);
  out += ':';
  write_digits(out, static_cast<std::uint64_t>(clock.seconds().count()), 2);
  out += '.';
  write_digits(out, static_cast<std::uint64_t>(clock.subseconds().count()), 3);
  out += 'Z';
  return out;
}

result<wall_time> parse_rfc3339(std::string_view text) {
  piece_reader pieces{text};
  const auto year_number = pieces.digits(4);
  pieces.one_of("-");
  const auto month_number = pieces.digits(2);
  pieces.one_of("-");
  const auto day_number = pieces.digits(2);
  pieces.one_of("Tt");
  const auto hour = pieces.digits(2);
  pieces.one_of(":");
  const auto minute = pieces.digits(2);
  pieces.one_of(":");
  const auto second = pieces.digits(2);
  const auto fraction = pieces.take('.') ? pieces.fraction() : 0U;
  auto offset = 0min;
  if (!pieces.take('Z') && !pieces.take('z')) {
    const bool west = pieces.take('-');
    if (!west) {
      pieces.one_of("+");
    }
    const auto offset_hours = pieces.digits(2);
    pieces.one_of(":");
    const auto offset_minutes = pieces.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) {
      return no_time(text);
    }
    offset = (west ? -1 : 1) * (hours{offset_hours} + minutes{offset_minutes});
  }
  const year_month_day date{year{static_cast<int>(year_number)}, month{month_number},
                            day{day_number}};
  if (!pieces.ended() || !date.ok() || hour > 23 || minute > 59 || second > 59) {
    return no_time(text);
  }
  const wall_time time = sys_days{date} + hours{hour} + minutes{minute} + seconds{second}
                         + milliseconds{fraction} - offset;
  if (time < first_moment || time > last_moment) {
    return no_time(text);
  }
  return time;
}

result<milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, count);
  const std::string_view unit{rest, static_cast<std::size_t>(end - rest)};
  const auto* const known = std::find_if(units.begin(), units.end(),
                                         [unit](const auto& entry) { return entry.first == unit; });
  if (status != std::errc{} || known == units.end() || count <= 0
      || count > limits::duration_max / known->second) {
    return fail(ec::malformed,
                "\"" + repeated(text) + "\" is no duration such as 7d, 24h, 30m, 45s or 500ms.");
  }
  return count * known->second;
}

std::string to_text(milliseconds duration) {
  for (const auto& [name, unit] : units) {
    if (duration != 0ms && duration % unit == 0ms) {
      return std::to_string(duration / unit) + std::string{name};
    }
  }
  return "0ms";
}

} // namespace nats_mcp
