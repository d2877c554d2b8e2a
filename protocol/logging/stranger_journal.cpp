// SPDX-License-Identifier: MIT
#include "protocol/logging/stranger_journal.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

namespace nats_mcp::logging {

std::optional<event> stranger_journal::on(std::string_view bucket, std::string_view key,
                                          std::size_t value_bytes) {
  if (told_.size() >= limits::unreadable_told_max) {
    return std::nullopt;
  }
  std::string place{bucket};
  place.append("/").append(key);
  if (!told_.insert(std::move(place)).second) {
    return std::nullopt;
  }
  event out{level::warning,
            "storage",
            "storage.unreadable",
            "An entry that nobody of us wrote is passed over.",
            {{"bucket", std::string{bucket}},
             {"key", std::string{key}},
             {"bytes", static_cast<std::int64_t>(value_bytes)}}};
  if (told_.size() == limits::unreadable_told_max) {
    out.message += " Others like it are not told of any more.";
  }
  return out;
}

} // namespace nats_mcp::logging
