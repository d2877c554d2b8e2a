// SPDX-License-Identifier: MIT
#include "transport/nats/certificate_files.hpp"

#include "protocol/text.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <memory>

namespace nats_mcp::transport {

namespace {

struct memory_deleter {
  void operator()(BIO* it) const noexcept { BIO_free(it); }
};
using memory_handle = std::unique_ptr<BIO, memory_deleter>;
struct certificate_deleter {
  void operator()(X509* it) const noexcept { X509_free(it); }
};
using certificate_handle = std::unique_ptr<X509, certificate_deleter>;
struct private_key_deleter {
  void operator()(EVP_PKEY* it) const noexcept { EVP_PKEY_free(it); }
};
using private_key_handle = std::unique_ptr<EVP_PKEY, private_key_deleter>;

/// Nobody is there who could be asked. @param asked a `bool`: that a passphrase was needed.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// The first certificate of a text, null if there is none.
certificate_handle certificate_in(const std::string& text) {
  const memory_handle memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  bool asked = false;
  certificate_handle found{PEM_read_bio_X509_AUX(memory.get(), nullptr, no_passphrase, &asked)};
  ERR_clear_error();
  return found;
}

result<certificate_handle> load_certificate(const named_file& file) {
  const auto text = read_named_file(file, ec::tls_failed);
  if (!text) {
    return tl::make_unexpected(text.error());
  }
  auto found = certificate_in(*text);
  if (!found) {
    return unusable(ec::tls_failed, file, "it holds no certificate in PEM",
                    "Such a file has a line \"-----BEGIN CERTIFICATE-----\".");
  }
  return found;
}

result<private_key_handle> load_key(const named_file& file) {
  auto text = read_named_file(file, ec::tls_failed);
  if (!text) {
    return tl::make_unexpected(text.error());
  }
  bool asked = false;
  private_key_handle found;
  {
    const memory_handle memory{BIO_new_mem_buf(text->data(), static_cast<int>(text->size()))};
    found.reset(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, &asked));
  }
  ERR_clear_error();
  OPENSSL_cleanse(text->data(), text->size());
  if (!found && asked) {
    return unusable(
      ec::tls_failed, file, "it is encrypted, and nobody is there to type the passphrase",
      "Write it without one (`openssl pkey -in … -out …`), readable for its user alone.");
  }
  if (!found) {
    return unusable(ec::tls_failed, file, "it holds no private key in PEM",
                    "Such a file has a line \"-----BEGIN PRIVATE KEY-----\".");
  }
  return found;
}

std::optional<wall_time> time_of(const ASN1_TIME* stamp) {
  std::tm parts{};
  if (stamp == nullptr || ASN1_TIME_to_tm(stamp, &parts) != 1) {
    return std::nullopt;
  }
  return wall_time{std::chrono::seconds{::timegm(&parts)}};
}

std::string name_text(const X509_NAME* name) {
  std::array<char, 256> text{};
  X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
  return one_line(text.data());
}

} // namespace

named_file authority_file(const std::string& path) {
  return {"file of authorities", "NATS_TLS_CA", path};
}
named_file client_certificate_file(const std::string& path) {
  return {"client certificate", "NATS_TLS_CERT", path};
}
named_file client_key_file(const std::string& path) { return {"client key", "NATS_TLS_KEY", path}; }

result<void> check_tls_files(const tls_files& files) {
  if (!files.ca.empty()) {
    if (const auto authority = load_certificate(authority_file(files.ca)); !authority) {
      return tl::make_unexpected(authority.error());
    }
  }
  if (files.certificate.empty()) {
    return {};
  }
  if (files.key.empty()) {
    return fail(ec::tls_failed,
                "NATS_TLS_CERT names a certificate, and no NATS_TLS_KEY the key that"
                " belongs to it. Set both.");
  }
  const auto certificate = load_certificate(client_certificate_file(files.certificate));
  if (!certificate) {
    return tl::make_unexpected(certificate.error());
  }
  const auto file = client_key_file(files.key);
  const auto key = load_key(file);
  if (!key) {
    return tl::make_unexpected(key.error());
  }
  const bool belongs = X509_check_private_key(certificate->get(), key->get()) == 1;
  ERR_clear_error();
  if (!belongs) {
    return unusable(ec::tls_failed, file,
                    "it does not belong to the "
                      + client_certificate_file(files.certificate).spoken(),
                    "Name the two that were made together.");
  }
  return {};
}

void distrust_system_authorities() {
  // Where OpenSSL looks for them; nothing can be found there.
  for (const auto* variable : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    ::setenv(variable, "/dev/null", 1);
  }
}

std::optional<certificate_facts> read_certificate(const std::string& path) {
  const auto text = read_named_file({"certificate", {}, path}, ec::tls_failed);
  const auto found = text ? certificate_in(*text) : nullptr;
  if (!found) {
    return std::nullopt;
  }
  const auto begins = time_of(X509_get0_notBefore(found.get()));
  const auto ends = time_of(X509_get0_notAfter(found.get()));
  if (!begins || !ends) {
    return std::nullopt;
  }
  return certificate_facts{name_text(X509_get_issuer_name(found.get())), *begins, *ends};
}

} // namespace nats_mcp::transport
