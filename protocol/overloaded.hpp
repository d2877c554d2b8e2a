// SPDX-License-Identifier: MIT
// One visitor for a variant out of one lambda for each alternative.
#pragma once

namespace nats_mcp {

/// `std::visit(overloaded{[](a&) …, [](b&) …}, choice)`.
template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

} // namespace nats_mcp
