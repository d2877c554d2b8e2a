// SPDX-License-Identifier: MIT
// The checks behind a field table, one per type of member: takes what was given, or says in the
// user's words what is wrong with it. Not templates, so that the tables stay small.
#pragma once

#include "protocol/json/field.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::json {

/// What a check is about and where it reports.
struct check_context {
  const field_description& field;
  const place& where;
  std::vector<problem>& problems;
};

/// The bounds of a C++ type, for numbers that fit the declaration's bounds only by not having any.
struct whole_bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
};

// Each returns nothing after it has reported a problem.

[[nodiscard]] const std::string* checked_text(const value& given, const check_context& context);
/// Takes `5` and `5.0`, refuses `"5"` and `5.5`.
[[nodiscard]] std::optional<std::int64_t> checked_whole(const value& given, whole_bounds bounds,
                                                        const check_context& context);
[[nodiscard]] std::optional<double> checked_number(const value& given,
                                                   const check_context& context);
[[nodiscard]] std::optional<bool> checked_boolean(const value& given, const check_context& context);
/// The position in `choices` of the field.
[[nodiscard]] std::optional<std::size_t> checked_choice(const value& given,
                                                        const check_context& context);
[[nodiscard]] std::optional<std::chrono::milliseconds>
checked_duration(const value& given, const check_context& context);
[[nodiscard]] bool checked_list(const value& given, const check_context& context);
[[nodiscard]] bool checked_object(const value& given, const check_context& context);

/// Whether `document` is an object; reports it otherwise.
[[nodiscard]] bool is_structure(const value& document, const place& where,
                                std::vector<problem>& problems);
/// Reports a member that no field declares.
void report_unknown(std::string_view member, const std::vector<field_description>& fields,
                    const place& where, std::vector<problem>& problems);
/// Reports a required member that is not there.
void report_missing(const field_description& field, const place& where,
                    std::vector<problem>& problems);

/// What a field accepts, in words that follow "must be".
[[nodiscard]] std::string accepted(const field_description& field);

} // namespace nats_mcp::json
