// SPDX-License-Identifier: MIT
#include "transport/nats/material.hpp"

#include "protocol/text.hpp"

#include "transport/nats/certificate_files.hpp"
#include "transport/nats/identity_files.hpp"

#include <sys/stat.h>

namespace nats_mcp::transport {

namespace {

/// Somebody should renew what ends sooner.
constexpr std::chrono::hours soon{14 * 24};

/// Whether users of this computer who do not belong to the file's group may read it.
bool others_may_read(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IROTH) != 0;
}

class look {
public:
  explicit look(wall_time now)
    : now_{now} {
    // nop
  }

  /// Says until when something is valid. @param what the beginning of a sentence.
  void period(const std::string& what, std::optional<wall_time> ends) {
    if (!ends) {
      say(material_fact::mark::fine, what + " has no end.");
    } else if (*ends <= now_) {
      say(material_fact::mark::odd, what + " has expired at " + to_rfc3339(*ends) + ".");
    } else if (*ends < now_ + soon) {
      const auto hours = std::chrono::duration_cast<std::chrono::hours>(*ends - now_).count();
      say(material_fact::mark::odd, what + " ends at " + to_rfc3339(*ends) + ", in "
                                      + counted(static_cast<std::uint64_t>(hours), "hour")
                                      + ": renew it.");
    } else {
      say(material_fact::mark::fine, what + " is valid until " + to_rfc3339(*ends) + ".");
    }
  }

  void secret(const named_file& file) {
    if (others_may_read(file.path)) {
      say(material_fact::mark::odd, "The " + file.spoken()
                                      + " is secret, and its mode lets everybody on this computer"
                                        " read it: `chmod 600` it.");
    }
  }

  void certificate(const named_file& file) {
    if (const auto known = read_certificate(file.path)) {
      period("The " + file.spoken(), known->ends);
    }
  }

  void say(material_fact::mark how, std::string sentence) {
    facts.push_back({how, std::move(sentence)});
  }

  std::vector<material_fact> facts;

private:
  wall_time now_;
};

} // namespace

std::vector<material_fact> look_at_material(const endpoint& where, wall_time now) {
  look out{now};
  if (const auto& path = where.identity.creds_file; !path.empty()) {
    if (const auto held = read_credentials_file(path)) {
      out.period("The JWT of " + held->jwt.subject + " in the " + credentials_file(path).spoken(),
                 held->jwt.expires);
    }
    out.secret(credentials_file(path));
  }
  if (const auto& path = where.identity.nkey_seed_file; !path.empty()) {
    if (const auto key = read_nkey_seed_file(path)) {
      out.say(material_fact::mark::fine, "The " + nkey_seed_file(path).spoken()
                                           + " holds the seed of " + key->public_key() + ".");
    }
    out.secret(nkey_seed_file(path));
  }
  if (!where.tls.ca.empty()) {
    out.certificate(authority_file(where.tls.ca));
  }
  if (!where.tls.certificate.empty()) {
    out.certificate(client_certificate_file(where.tls.certificate));
    out.secret(client_key_file(where.tls.key));
  }
  return std::move(out.facts);
}

} // namespace nats_mcp::transport
