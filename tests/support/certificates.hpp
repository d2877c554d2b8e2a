// SPDX-License-Identifier: MIT
// Certificates for servers and clients that speak TLS in tests: good ones, and such as are expired,
// made out to another name or signed by somebody else.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace nats_mcp::testing {

/// Writes `certificate.pem` and `key.pem` into a new temporary folder, which the caller removes: a
/// certificate for 127.0.0.1 that is its own authority. Throws `std::runtime_error` if that fails.
[[nodiscard]] std::filesystem::path make_certificate();

/// A certificate and its key, two files in PEM.
struct certificate_files {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// `now` is for an hour.
enum class validity { now, for_years, expired, not_yet };

/// What a certificate is to say.
struct certificate_request {
  /// The subject's common name, and the name of its files.
  std::string name;
  /// As OpenSSL's configuration writes them; empty = none.
  std::string alternative_names = "IP:127.0.0.1,DNS:localhost";
  validity valid = validity::now;
};

/// Writes the key of `from` into `to`, encrypted with a passphrase.
void encrypt_key(const std::filesystem::path& from, const std::filesystem::path& to);

class certificate_authority {
public:
  /// Makes the authority's own certificate. Everything is written into `folder`, which is there.
  certificate_authority(std::filesystem::path folder, const std::string& name);
  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;
  ~certificate_authority();

  /// What others need to trust it.
  [[nodiscard]] const std::filesystem::path& certificate() const noexcept { return certificate_; }
  /// Writes `<name>.pem` and `<name>.key`. Throws `std::runtime_error` if that fails.
  [[nodiscard]] certificate_files issue(const certificate_request& wanted) const;

private:
  struct secrets;

  std::filesystem::path folder_;
  std::filesystem::path certificate_;
  std::unique_ptr<secrets> secrets_;
};

} // namespace nats_mcp::testing
