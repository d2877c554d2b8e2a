// SPDX-License-Identifier: MIT
#include "protocol/tools/work_rules.hpp"

#include "protocol/limits.hpp"
#include "protocol/time.hpp"
#include "protocol/work/streams.hpp"

#include <string>

namespace nats_mcp::tools {

namespace {

template <std::size_t Bytes>
bool fits(std::string_view text) {
  return !text.empty() && text.size() <= Bytes;
}

static_assert(limits::work_description_bytes_max == 262'144, "the words below say so too");
static_assert(limits::work_note_bytes_max == 4096, "the words below say so too");

} // namespace

const json::text_rule& item_id_rule() noexcept {
  static constexpr json::text_rule rule{
    {},
    [](std::string_view text) { return work::is_item_id(text); },
    "the id of a work item, as an answer told it: a UUID in lower case, or seq- and a number",
    {}};
  return rule;
}

const json::text_rule& time_rule() noexcept {
  static constexpr json::text_rule rule{
    {},
    [](std::string_view text) { return parse_rfc3339(text).has_value(); },
    "a time as RFC 3339 writes it",
    {}};
  return rule;
}

const json::text_rule& description_rule() noexcept {
  static constexpr json::text_rule rule{
    {}, fits<limits::work_description_bytes_max>, "text of 1 to 262144 bytes", {}};
  return rule;
}

const json::text_rule& note_rule() noexcept {
  static constexpr json::text_rule rule{
    {}, fits<limits::work_note_bytes_max>, "text of 1 to 4096 bytes", {}};
  return rule;
}

result<void> check_size(std::string_view argument, const json::value& object,
                        std::string_view example) {
  const auto bytes = json::write(object).size();
  if (bytes <= limits::work_context_bytes_max) {
    return {};
  }
  const auto name = "\"" + std::string{argument} + "\"";
  return fail(ec::invalid_argument,
              "Argument " + name + " must be at most "
                + std::to_string(limits::work_context_bytes_max)
                + " bytes when written as JSON, but " + std::to_string(bytes)
                + " bytes were given. Put what is long where others can get it, and say where. "
                  "Example: "
                + name + ": " + std::string{example} + ".");
}

} // namespace nats_mcp::tools
