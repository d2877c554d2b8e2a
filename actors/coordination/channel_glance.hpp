// SPDX-License-Identifier: MIT
// The newest few messages of each channel, read again only where there are new ones. Part of the
// overview's state; all calls and callbacks happen inside that actor.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/coordination/overview.hpp"
#include "protocol/error.hpp"
#include "protocol/time.hpp"

#include "actors/streams/api_caller.hpp"
#include "actors/work/page_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nats_mcp {

class channel_glance {
public:
  struct surroundings {
    api_caller api;
    page_reader* pages = nullptr;
    std::string channel_namespace;
    std::vector<config::channel> channels;
  };

  explicit channel_glance(surroundings around);

  /// Looks at all of them at once and calls `done` when what could be read is there. Of those that
  /// may not be read nothing is shown.
  /// @pre no look is under way
  void look(monotonic_time deadline, std::function<void()> done);
  [[nodiscard]] const std::vector<coordination::overview_channel>& channels() const noexcept {
    return shown_;
  }
  /// Why one of them could not be read in the last look, in words; empty when all could that may.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

private:
  struct place {
    std::string stream;
    std::uint64_t last_sequence = 0;
  };

  void looked(std::size_t index, monotonic_time deadline,
              const result<jetstream::api_reply>& reply);
  void read(std::size_t index, const result<work::stream_page>& page);
  void failed(std::size_t index, const error& why);
  void one_done();

  surroundings around_;
  std::vector<place> places_;
  std::vector<coordination::overview_channel> shown_;
  std::size_t open_ = 0;
  std::string problem_;
  std::function<void()> done_;
};

} // namespace nats_mcp
