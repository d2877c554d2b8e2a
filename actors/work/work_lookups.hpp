// SPDX-License-Identifier: MIT
// Looks at records without touching them: one item, the items of a task, a list. For everybody who
// may see them, registered or not. Part of the work queue's state; all callbacks happen inside that
// actor.
#pragma once

#include "protocol/error.hpp"
#include "protocol/time.hpp"
#include "protocol/work/delivery_decision.hpp"

#include "actors/interfaces.hpp"
#include "actors/request.hpp"
#include "actors/supervision/guarded_promise.hpp"
#include "actors/work/page_reader.hpp"
#include "actors/work/work_scripts.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp {

class work_lookups {
public:
  struct surroundings {
    asking_actor<work_queue_actor>* owner = nullptr;
    std::string part;
    work_caller commands;
    page_reader* pages = nullptr;
    /// Who this process is; without a guid nobody.
    const agent_identity* who = nullptr;
    std::string project_id;
  };

  explicit work_lookups(surroundings around);

  caf::result<tools::get_work_status_result> look_up(look_up_work request);
  caf::result<tools::list_work_result> list(list_known_work request);

private:
  struct status_operation;
  struct list_operation;
  using status_ptr = std::shared_ptr<status_operation>;
  using list_ptr = std::shared_ptr<list_operation>;

  // -- status
  void find_task(const status_ptr& looking, const std::string& task_id);
  /// Reads some of what is left to be read.
  void read_items(const status_ptr& looking);
  static void finish(status_operation& looking);

  // -- lists
  void read_page(const list_ptr& listing);
  void page_read(const list_ptr& listing, const result<work::stream_page>& page);

  [[nodiscard]] bool visible(const work::item_record& record) const;

  surroundings around_;
};

} // namespace nats_mcp
