// SPDX-License-Identifier: MIT
// The pull requests that wait at one consumer. They are served in turn, one message each; one whose
// asker stopped listening is dropped without a word.
#pragma once

#include "tests/simulation/jetstream/instant.hpp"
#include "tests/simulation/jetstream/outlet.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace nats_mcp::simulation {

struct pull_request {
  /// Where messages and the end of the request are sent.
  std::string reply;
  std::uint64_t batch = 1;
  /// 0 = no bound.
  std::uint64_t bytes_max = 0;
  /// Zero = none.
  std::chrono::nanoseconds expires{0};
  bool no_wait = false;
};

class pull_queue {
public:
  explicit pull_queue(const outlet& out)
    : out_{out} {
    // nop
  }

  void add(pull_request request, instant now);

  /// Drops askers that are gone and ends requests that are over: answers 408 to those that expired
  /// and, when the stream has nothing more (`at_end`), to `no_wait` requests that got something.
  void sweep(instant now, bool at_end);

  /// Room for a message of `size` bytes in the request served next; ends requests it does not fit.
  /// @returns where it goes, or nothing when nobody waits.
  [[nodiscard]] std::optional<std::string> offer(std::uint64_t size);
  /// The offered message was sent: the request moves behind the others, or is done.
  void sent(std::uint64_t size);

  /// Ends all requests with a status, such as 409 "Consumer Deleted".
  void end_all(int status, const std::string& description);
  /// Forgets all requests without a word.
  void drop_all() { waiting_.clear(); }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  /// Messages asked for by all of them.
  [[nodiscard]] std::uint64_t wanted() const;
  [[nodiscard]] std::optional<instant> next_due() const;

private:
  struct waiting {
    pull_request request;
    std::optional<instant> ends;
    std::uint64_t got = 0;
  };

  [[nodiscard]] jetstream::incoming ending(int status, std::string description,
                                           const waiting& of) const;

  const outlet& out_;
  std::deque<waiting> waiting_;
};

} // namespace nats_mcp::simulation
