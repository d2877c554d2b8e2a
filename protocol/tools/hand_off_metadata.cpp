// SPDX-License-Identifier: MIT
#include "protocol/tools/hand_off_metadata.hpp"

#include "protocol/limits.hpp"
#include "protocol/name_rules.hpp"
#include "protocol/tools/tool_fields.hpp"
#include "protocol/tools/work_rules.hpp"
#include "protocol/work/lanes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::tools {

namespace {

// Decoded to be checked, then sent as they came. `work-claim` and `work-accept` need no more than
// the item.

struct work_item_metadata {
  std::string work_item_id;
};
struct work_offer_metadata : work_item_metadata {
  std::string capability;
  std::optional<std::int64_t> priority;
  std::optional<std::string> deadline;
};
struct work_reject_metadata : work_item_metadata {
  std::string reason;
};
struct progress_metadata : work_item_metadata {
  double progress = 0;
};
struct work_complete_metadata : work_item_metadata {
  std::optional<json::value> outcome;
};
struct work_error_metadata : work_item_metadata {
  std::string failure;
  std::optional<bool> retryable;
};

/// The members of one type: the item, and what the type adds.
template <class Metadata>
json::field_table<Metadata> with_item(std::vector<json::field<Metadata>> more) {
  using json::presence;
  std::vector<json::field<Metadata>> members{json::member<Metadata>(
    &Metadata::work_item_id, {.name = "workItemId",
                              .need = presence::required,
                              .length_min = 1,
                              .length_max = limits::work_item_id_characters_max,
                              .example = R"("550e8400-e29b-41d4-a716-446655440000")"})};
  members.insert(members.end(), more.begin(), more.end());
  return json::field_table<Metadata>{std::move(members)};
}

} // namespace

} // namespace nats_mcp::tools

namespace nats_mcp::json {

using namespace tools;

template <>
struct described<work_item_metadata> {
  static const field_table<work_item_metadata>& fields() {
    static const auto table = with_item<work_item_metadata>({});
    return table;
  }
};

template <>
struct described<work_offer_metadata> {
  static const field_table<work_offer_metadata>& fields() {
    using offer = work_offer_metadata;
    static const auto table = with_item<offer>({
      member<offer>(&offer::capability, {.name = "capability",
                                         .need = presence::required,
                                         .rule = &capability_rule(),
                                         .example = R"("typescript")"}),
      member<offer>(&offer::priority, {.name = "priority",
                                       .minimum = work::priority_min,
                                       .maximum = work::priority_max,
                                       .example = "7"}),
      member<offer>(
        &offer::deadline,
        {.name = "deadline", .rule = &time_rule(), .example = R"("2026-01-15T10:00:00Z")"}),
    });
    return table;
  }
};

template <>
struct described<work_reject_metadata> {
  static const field_table<work_reject_metadata>& fields() {
    static const auto table = with_item<work_reject_metadata>({
      member<work_reject_metadata>(&work_reject_metadata::reason,
                                   {.name = "reason",
                                    .need = presence::required,
                                    .length_min = 1,
                                    .example = R"("I am busy until noon.")"}),
    });
    return table;
  }
};

template <>
struct described<progress_metadata> {
  static const field_table<progress_metadata>& fields() {
    static const auto table = with_item<progress_metadata>({
      member<progress_metadata>(&progress_metadata::progress, {.name = "progress",
                                                               .need = presence::required,
                                                               .minimum = 0,
                                                               .maximum = limits::work_progress_max,
                                                               .example = "40"}),
    });
    return table;
  }
};

template <>
struct described<work_complete_metadata> {
  static const field_table<work_complete_metadata>& fields() {
    static const auto table = with_item<work_complete_metadata>({
      member<work_complete_metadata>(&work_complete_metadata::outcome,
                                     {.name = "result", .example = R"({"pullRequest": 42})"}),
    });
    return table;
  }
};

template <>
struct described<work_error_metadata> {
  static const field_table<work_error_metadata>& fields() {
    using failed = work_error_metadata;
    static const auto table = with_item<failed>({
      member<failed>(&failed::failure, {.name = "error",
                                        .need = presence::required,
                                        .length_min = 1,
                                        .example = R"("The tests do not compile.")"}),
      member<failed>(&failed::retryable, {.name = "retryable", .example = "true"}),
    });
    return table;
  }
};

} // namespace nats_mcp::json

namespace nats_mcp::tools {

namespace {

/// Checks the members that the type declares and leaves all others alone.
template <class Metadata>
std::vector<json::problem> problems_of(const json::value& metadata) {
  const auto& fields = json::described<Metadata>::fields();
  auto declared_members = json::value::object();
  for (const auto& field : fields.descriptions()) {
    if (const auto* given = json::find(metadata, field.rules.name)) {
      declared_members[std::string{field.rules.name}] = *given;
    }
  }
  std::vector<json::problem> problems;
  Metadata unused;
  const json::place root;
  if (!fields.decode(declared_members, {&root, "metadata"}, problems, unused)) {
    return problems;
  }
  return {};
}

std::vector<json::problem> problems_of(message_type type, const json::value& metadata) {
  switch (type) {
    case message_type::text:
      return {};
    case message_type::work_offer:
      return problems_of<work_offer_metadata>(metadata);
    case message_type::work_claim:
    case message_type::work_accept:
      return problems_of<work_item_metadata>(metadata);
    case message_type::work_reject:
      return problems_of<work_reject_metadata>(metadata);
    case message_type::progress_update:
      return problems_of<progress_metadata>(metadata);
    case message_type::work_complete:
      return problems_of<work_complete_metadata>(metadata);
    case message_type::work_error:
      return problems_of<work_error_metadata>(metadata);
  }
  return {};
}

} // namespace

result<void> check_metadata(message_type type, const json::value& metadata) {
  if (const auto problems = problems_of(type, metadata); !problems.empty()) {
    auto refusal = wrong_arguments(problems);
    refusal.message += "\nThat is what a message of the type \"" + std::string{to_text(type)}
                       + "\" carries; nothing was sent.";
    return tl::make_unexpected(std::move(refusal));
  }
  if (const auto bytes = json::write(metadata).size(); bytes > limits::metadata_bytes_max) {
    return fail(ec::invalid_argument,
                "Argument \"metadata\" must be at most "
                  + std::to_string(limits::metadata_bytes_max) + " bytes when written as JSON, but "
                  + std::to_string(bytes)
                  + " bytes were given. Put what is long into \"message\". Example: \"metadata\": "
                    "{\"workItemId\": \"feature-123\"}.");
  }
  return {};
}

} // namespace nats_mcp::tools
