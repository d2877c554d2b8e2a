// SPDX-License-Identifier: MIT
// What a typed actor answers to a message, for tests that ask any actor anything.
#pragma once

#include <caf/response_type.hpp>

namespace nats_mcp::testing {

template <class List>
struct only_type;
template <class T>
struct only_type<caf::detail::type_list<T>> {
  using type = T;
};

/// What an actor of type `Handle` answers to `Message`.
template <class Handle, class Message>
using answer_to =
  typename only_type<caf::response_type_t<typename Handle::signatures, Message>>::type;

} // namespace nats_mcp::testing
