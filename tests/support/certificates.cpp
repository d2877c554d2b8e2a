// SPDX-License-Identifier: MIT
#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace nats_mcp::testing {

namespace {

struct key_deleter {
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
};
using key_handle = std::unique_ptr<EVP_PKEY, key_deleter>;
struct certificate_deleter {
  void operator()(X509* it) const { X509_free(it); }
};
using certificate_handle = std::unique_ptr<X509, certificate_deleter>;
struct file_deleter {
  void operator()(std::FILE* it) const { std::fclose(it); }
};
using file_handle = std::unique_ptr<std::FILE, file_deleter>;

constexpr long hour_seconds = 3600;

/// From and to, in seconds from now.
std::pair<long, long> period_of(validity valid) {
  switch (valid) {
    case validity::expired:
      return {-48 * hour_seconds, -24 * hour_seconds};
    case validity::for_years:
      return {-hour_seconds, 10 * 365 * 24 * hour_seconds};
    case validity::not_yet:
      return {24 * hour_seconds, 48 * hour_seconds};
    default:
      return {-hour_seconds, hour_seconds};
  }
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr || X509_add_ext(to, extension, -1) != 1) {
    throw std::runtime_error{"no extension of a certificate: " + value};
  }
  X509_EXTENSION_free(extension);
}

/// A certificate that nobody has signed yet.
certificate_handle draft(const certificate_request& wanted, EVP_PKEY* key) {
  certificate_handle made{X509_new()};
  X509_set_version(made.get(), X509_VERSION_3);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial);
  const auto [from, to] = period_of(wanted.valid);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1,
                             0);
  if (!wanted.alternative_names.empty()) {
    add_extension(made.get(), made.get(), NID_subject_alt_name, wanted.alternative_names);
  }
  return made;
}

void write(const certificate_files& to, X509* certificate, EVP_PKEY* key) {
  const file_handle certificate_file{std::fopen(to.certificate.c_str(), "w")};
  const file_handle key_file{std::fopen(to.key.c_str(), "w")};
  if (!certificate_file || !key_file || PEM_write_X509(certificate_file.get(), certificate) != 1
      || PEM_write_PrivateKey(key_file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    throw std::runtime_error{"cannot write the certificate " + to.certificate.string()};
  }
}

/// Its own authority.
certificate_handle self_signed(const certificate_request& wanted, EVP_PKEY* key) {
  auto made = draft(wanted, key);
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(made.get(), key, EVP_sha256());
  return made;
}

} // namespace

std::filesystem::path make_certificate() {
  auto pattern = (std::filesystem::temp_directory_path() / "nats-mcp-tls-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error{"no temporary folder for a certificate"};
  }
  const std::filesystem::path folder{pattern};
  const key_handle key{EVP_EC_gen("P-256")};
  const auto made = self_signed({"127.0.0.1"}, key.get());
  write({folder / "certificate.pem", folder / "key.pem"}, made.get(), key.get());
  return folder;
}

void encrypt_key(const std::filesystem::path& from, const std::filesystem::path& to) {
  const file_handle source{std::fopen(from.c_str(), "r")};
  const file_handle target{std::fopen(to.c_str(), "w")};
  if (!source || !target) {
    throw std::runtime_error{"cannot open " + from.string() + " or " + to.string()};
  }
  const key_handle key{PEM_read_PrivateKey(source.get(), nullptr, nullptr, nullptr)};
  std::string passphrase{"passphrase"};
  if (!key
      || PEM_write_PKCS8PrivateKey(target.get(), key.get(), EVP_aes_256_cbc(), passphrase.data(),
                                   static_cast<int>(passphrase.size()), nullptr, nullptr)
           != 1) {
    throw std::runtime_error{"cannot encrypt the key " + from.string()};
  }
}

struct certificate_authority::secrets {
  key_handle key;
  certificate_handle certificate;
};

certificate_authority::certificate_authority(std::filesystem::path folder, const std::string& name)
  : folder_{std::move(folder)}
  , certificate_{folder_ / (name + ".pem")}
  , secrets_{std::make_unique<secrets>()} {
  secrets_->key.reset(EVP_EC_gen("P-256"));
  secrets_->certificate = self_signed({name, {}}, secrets_->key.get());
  write({certificate_, folder_ / (name + ".key")}, secrets_->certificate.get(),
        secrets_->key.get());
}

certificate_authority::~certificate_authority() = default;

certificate_files certificate_authority::issue(const certificate_request& wanted) const {
  const key_handle key{EVP_EC_gen("P-256")};
  const auto made = draft(wanted, key.get());
  X509_set_issuer_name(made.get(), X509_get_subject_name(secrets_->certificate.get()));
  add_extension(made.get(), secrets_->certificate.get(), NID_basic_constraints,
                "critical,CA:FALSE");
  X509_sign(made.get(), secrets_->key.get(), EVP_sha256());
  certificate_files files{folder_ / (wanted.name + ".pem"), folder_ / (wanted.name + ".key")};
  write(files, made.get(), key.get());
  return files;
}

} // namespace nats_mcp::testing
