// SPDX-License-Identifier: MIT
// nats-server tells the port it chose through a file (`--ports_file_dir`) that it writes late and
// in place, not by rename: a reader meets it missing, empty and half written. Reading it is a pure
// function here; whoever waits for it tries again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace nats_mcp::transport {

/// The name nats-server gives the file: the program's name and its process id.
[[nodiscard]] std::filesystem::path ports_file_name(const std::filesystem::path& server_binary,
                                                    pid_t server);

/// The first client port in the text of a ports file, such as `{"nats":["nats://127.0.0.1:4222"]}`.
/// Absent as long as the text is incomplete or names none; the port is never half read.
[[nodiscard]] std::optional<std::uint16_t> client_port(std::string_view ports_file) noexcept;

} // namespace nats_mcp::transport
