// SPDX-License-Identifier: MIT
// The files TLS needs, looked at before nats.c loads them: it says "(null)" of one that is missing,
// and OpenSSL asks the terminal for the passphrase of a key that has one.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "transport/nats/endpoint.hpp"
#include "transport/nats/identity_files.hpp"

#include <optional>
#include <string>

namespace nats_mcp::transport {

/// What stands in the first certificate of a file.
struct certificate_facts {
  std::string issuer;
  wall_time begins;
  wall_time ends;
};

[[nodiscard]] named_file authority_file(const std::string& path);
[[nodiscard]] named_file client_certificate_file(const std::string& path);
[[nodiscard]] named_file client_key_file(const std::string& path);

/// Whether all files that are named can be used, and certificate and key belong together.
/// @returns `ec::tls_failed` with a sentence that names the file and its setting.
[[nodiscard]] result<void> check_tls_files(const tls_files& files);

/// From now on only NATS_TLS_CA is trusted: nats.c 3.4.1 would trust the system's authorities
/// beside it, and lets nobody take them away. Changes this process's environment: call it before
/// the first thread is started.
void distrust_system_authorities();

/// Of a certificate in PEM; nothing if the file holds none.
[[nodiscard]] std::optional<certificate_facts> read_certificate(const std::string& path);

} // namespace nats_mcp::transport
