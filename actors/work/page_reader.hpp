// SPDX-License-Identifier: MIT
// Reads one page of a stream: for each subject or pattern a short-lived consumer at the right
// place, one pull, and away with the consumer; then all of it merged by the stream's sequence.
// Never one request per message. Part of an actor's state; all calls and callbacks happen inside
// that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/identifiers.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/time.hpp"
#include "protocol/work/stream_page.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/streams/pull_caller.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp {

class page_reader {
public:
  struct request {
    std::string stream;
    /// Subjects or patterns; what matches any of them is read.
    std::vector<std::string> filters;
    /// Of the first message that may be read.
    std::uint64_t start_sequence = 1;
    work::page_bounds bounds;
    monotonic_time deadline;
  };
  using read = std::function<void(const result<work::stream_page>&)>;

  page_reader(api_caller api, pull_caller pull, random_source random);

  /// Reads as `what` says. A stream that does not exist gives an empty page: nothing is made.
  void start(request what, read done);

private:
  struct operation;
  struct part;

  void place_consumer(const std::shared_ptr<operation>& reading, std::size_t index);
  void consumer_placed(const std::shared_ptr<operation>& reading, std::size_t index,
                       const result<jetstream::api_reply>& reply);
  /// @param alone one message, however large.
  void pull(const std::shared_ptr<operation>& reading, std::size_t index, bool alone);
  void pulled(const std::shared_ptr<operation>& reading, std::size_t index,
              result<jetstream::pull_result> got);
  void part_failed(operation& reading, std::size_t index, const error& why);
  void remove_consumer(const operation& reading, std::size_t index);
  static void part_done(operation& reading);

  api_caller api_;
  pull_caller pull_;
  random_source random_;
};

} // namespace nats_mcp
