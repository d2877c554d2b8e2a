// SPDX-License-Identifier: MIT
// The payloads of work, part of the target `payloads`: each is read under the subject it stands
// under.
#pragma once

#include <string_view>

namespace nats_mcp::fuzz {

void queued_item(std::string_view subject, std::string_view payload);
void item_record(std::string_view key, std::string_view value);
void dead_letter(std::string_view subject, std::string_view payload);
void assignment_request(std::string_view subject, std::string_view payload);

} // namespace nats_mcp::fuzz
