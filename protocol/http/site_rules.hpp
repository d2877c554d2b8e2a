// SPDX-License-Identifier: MIT
// Which requests a browser may have been made to send by another site: through a name that leads
// here today (DNS rebinding), or across sites. Pure; ADR 0023 has the reasons.
#pragma once

#include "protocol/http/request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::http {

/// Whether `host`, with or without a port, can only mean this server: `localhost`, an IP address
/// (no name leads to another one) or one of `names`. @param is_loopback_only no address but those
/// of this computer then.
[[nodiscard]] bool is_own_host(std::string_view host, const std::vector<std::string>& names,
                               bool is_loopback_only);

/// Whether an `Origin` is the site that was asked for as `host`. Behind a proxy it may be https.
[[nodiscard]] bool is_same_origin(std::string_view origin, std::string_view host);

/// Why the request may be another site's doing, if it may.
[[nodiscard]] std::optional<std::string> cross_site(const request& asked);

/// Why a change may be another site's doing, if it may; asked after `cross_site`.
[[nodiscard]] std::optional<std::string> forged_change(const request& asked);

} // namespace nats_mcp::http
