// SPDX-License-Identifier: MIT
// Finds a durable consumer that can deliver. nats-server 2.9 may count the messages of a stream
// that was empty from 1 again when it is started anew, while the stream's consumers remember how
// many there were: they would deliver nothing before as many more had come (docs/wire.md,
// "Consumers that outlive their stream").
#pragma once

#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"

namespace nats_mcp {

/// Answers as `CONSUMER.INFO` does. A consumer that remembers more of its stream than there is gets
/// deleted and told as missing (`jetstream::no_such_consumer`), so that the caller makes it anew;
/// it is used as it is by whoever may not look at the stream or delete it.
void find_consumer(const api_caller& api, const jetstream::durable_consumer& wanted,
                   monotonic_time deadline, api_answered done);

} // namespace nats_mcp
