// SPDX-License-Identifier: MIT
// A structure with a member of every type, for the tests of field tables.
#pragma once

#include "protocol/json/field_table.hpp"
#include "protocol/name_rules.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::json {

enum class fruit : std::uint8_t { apple, pear };

template <>
struct choices<fruit> {
  static constexpr std::array<std::pair<fruit, std::string_view>, 2> names{{
    {fruit::apple, "apple"},
    {fruit::pear, "pear"},
  }};
};

struct inner_sample {
  std::string name;
  std::int64_t size = 3;

  friend bool operator==(const inner_sample&, const inner_sample&) = default;
};

struct sample {
  std::string channel;
  std::int64_t limit = 50;
  std::optional<std::uint64_t> after;
  std::uint8_t small = 1;
  double share = 0.5;
  bool unread = false;
  fruit kind = fruit::apple;
  std::vector<std::string> tags;
  std::vector<inner_sample> parts;
  inner_sample nested;
  std::chrono::milliseconds wait{1000};
  std::chrono::milliseconds age{std::chrono::hours{24}};
  value free;
  std::string token;

  friend bool operator==(const sample&, const sample&) = default;
};

template <>
struct described<inner_sample> {
  static const field_table<inner_sample>& fields() {
    static const field_table<inner_sample> table{{
      member<inner_sample>(&inner_sample::name, {.name = "name", .need = presence::required}),
      member<inner_sample>(&inner_sample::size, {.name = "size", .minimum = 0}),
    }};
    return table;
  }
};

template <>
struct described<sample> {
  static const field_table<sample>& fields() {
    static const field_table<sample> table{{
      member<sample>(&sample::channel, {.name = "channel",
                                        .doc = "Where.",
                                        .need = presence::required,
                                        .rule = &channel_name_rule(),
                                        .example = R"("planning")"}),
      member<sample>(
        &sample::limit,
        {.name = "limit", .doc = "How many.", .minimum = 1, .maximum = 1000, .example = "10"}),
      member<sample>(&sample::after, {.name = "after"}),
      member<sample>(&sample::small, {.name = "small"}),
      member<sample>(&sample::share, {.name = "share", .minimum = 0, .maximum = 1}),
      member<sample>(&sample::unread, {.name = "unread"}),
      member<sample>(&sample::kind, {.name = "kind", .environment = "SAMPLE_KIND"}),
      member<sample>(&sample::tags,
                     {.name = "tags", .length_min = 1, .length_max = 4, .items_max = 2}),
      member<sample>(&sample::parts, {.name = "parts"}),
      member<sample>(&sample::nested, {.name = "nested"}),
      member<sample>(&sample::wait, {.name = "wait", .minimum = 0, .maximum = 5000}),
      member<sample>(&sample::age, {.name = "age", .duration = duration_form::text}),
      member<sample>(&sample::free, {.name = "free"}),
      member<sample>(&sample::token, {.name = "token", .length_min = 3, .secret = secrecy::secret}),
    }};
    return table;
  }
};

} // namespace nats_mcp::json
