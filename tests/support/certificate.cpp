// SPDX-License-Identifier: MIT
#include "tests/support/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace nats_mcp::testing {

namespace {

struct key_deleter {
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
};
struct certificate_deleter {
  void operator()(X509* it) const { X509_free(it); }
};
struct file_deleter {
  void operator()(std::FILE* it) const { std::fclose(it); }
};
using file_handle = std::unique_ptr<std::FILE, file_deleter>;

constexpr long valid_seconds = 3600;

void add_extension(X509* to, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

} // namespace

std::filesystem::path make_certificate() {
  auto pattern = (std::filesystem::temp_directory_path() / "nats-mcp-tls-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error{"no temporary folder for a certificate"};
  }
  const std::filesystem::path folder{pattern};
  const std::unique_ptr<EVP_PKEY, key_deleter> key{EVP_EC_gen("P-256")};
  const std::unique_ptr<X509, certificate_deleter> certificate{X509_new()};
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -valid_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_seconds);
  X509_set_pubkey(certificate.get(), key.get());
  auto* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const file_handle certificate_file{std::fopen((folder / "certificate.pem").c_str(), "w")};
  const file_handle key_file{std::fopen((folder / "key.pem").c_str(), "w")};
  if (!certificate_file || !key_file
      || PEM_write_X509(certificate_file.get(), certificate.get()) != 1
      || PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
           != 1) {
    throw std::runtime_error{"the certificate could not be written"};
  }
  return folder;
}

} // namespace nats_mcp::testing
