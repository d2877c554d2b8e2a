// SPDX-License-Identifier: MIT
// Tells whoever guesses to slow down: an address has a few wrong tokens, and another one every few
// seconds. Only for wrong ones: the right one always passes, since an address may be a proxy with
// many behind it; what keeps a token from being guessed is its length. Pure and bounded.
#pragma once

#include "protocol/time.hpp"

#include <chrono>
#include <map>
#include <string>

namespace nats_mcp::http {

class wrong_tokens {
public:
  /// How long the address has to wait before it may send another wrong token; zero: not at all.
  [[nodiscard]] std::chrono::milliseconds wait_for(const std::string& from,
                                                   monotonic_time now) const;
  void sent_by(const std::string& from, monotonic_time now);

private:
  /// Those whose account is settled again are forgotten when there is no room.
  void make_room(monotonic_time now);

  /// When the address has no wrong token left to pay for. The shared account is under "".
  std::map<std::string, monotonic_time, std::less<>> settled_at_;
};

/// Compares without telling by its duration where the two are different.
[[nodiscard]] bool equal_in_constant_time(const std::string& given, const std::string& wanted);

} // namespace nats_mcp::http
