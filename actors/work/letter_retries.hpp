// SPDX-License-Identifier: MIT
// Takes items out of the dead letters and puts them back into their queue: one, or those of a
// capability, some at a time. Part of the dead letters actor's state; all calls and callbacks
// happen inside that actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/tools/dead_letter_tools.hpp"
#include "protocol/work/dead_letter_scripts.hpp"
#include "protocol/work/item_change.hpp"

#include "actors/streams/stream_keeper.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/work_scripts.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nats_mcp {

class letter_retries {
public:
  struct surroundings {
    page_reader* pages = nullptr;
    work_scripts* scripts = nullptr;
    /// Everything a retry writes to exists when it calls back, unless there never was any work on
    /// this server: then there is nothing to retry either.
    std::function<void(monotonic_time deadline, stream_keeper::ready)> prepare;
    /// What of the dead letters is a capability's, as far as it may be seen from here.
    std::function<std::vector<std::string>(const std::string& capability)> patterns;
    /// Whether an item may be known of here.
    std::function<work::visibility_rule()> visible;
  };
  struct terms {
    work::attempts_after_retry attempts = work::attempts_after_retry::kept;
    monotonic_time deadline;
  };
  using done = std::function<void(const result<tools::retry_dead_letter_item_result>&)>;

  explicit letter_retries(surroundings around);

  /// Errors: those of `dead_letter_retry`.
  void one(const std::string& item_id, terms how, done then);
  /// The oldest letters first. Those that have to stay are told one by one; what concerns all of
  /// them ends it, and is the error if nothing was retried until then.
  void all(const std::string& capability, terms how, done then);

private:
  struct bulk;
  using retried = std::function<void(const result<work::dead_letter_retry::outcome>&)>;

  void retry(const std::string& item_id, terms how, retried then);
  void read(const std::shared_ptr<bulk>& under_way);
  void go_on(const std::shared_ptr<bulk>& under_way);
  void begin_next(const std::shared_ptr<bulk>& under_way);
  static void finish(bulk& under_way);

  surroundings around_;
};

} // namespace nats_mcp
