// SPDX-License-Identifier: MIT
// The stage for tests of the work queue actor: two processes of one project over a modelled NATS,
// and what their agents ask.
#pragma once

#include "actors/work/work_queue_actor.hpp"

#include "tests/support/gateway_filter.hpp"
#include "tests/support/stub_registry.hpp"
#include "tests/support/stub_session.hpp"
#include "tests/unit/actors/work/work_stage.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

class work_story : public work_stage {
protected:
  using claimed = tools::claim_work_result;

  static constexpr auto ann_guid = "20000000-0000-4000-8000-000000000002";

  /// One process, with the agent it is.
  struct process {
    process(std::string its_guid, std::string its_handle)
      : guid{std::move(its_guid)}
      , handle{std::move(its_handle)} {
      // nop
    }

    std::string guid;
    std::string handle;
    std::shared_ptr<registry_script> registry = std::make_shared<registry_script>();
    std::shared_ptr<session_ear> session = std::make_shared<session_ear>();
    std::shared_ptr<checkpoint> saved = std::make_shared<checkpoint>();
    std::shared_ptr<gateway_filter> asked = std::make_shared<gateway_filter>();
    work_queue_actor queue;
    /// Of the last claim.
    call_id call{};

  private:
    friend class work_story;
    registry_actor registry_actor_;
    session_actor session_actor_;
    supervisor_actor supervisor_;
    gateway_actor gateway_;
  };

  /// Begins with an empty NATS; both processes are agents that can do TypeScript and Rust.
  void SetUp() override;

  // -- what happens
  void identity_is(process& whose, std::string guid, strings capabilities = {"TypeScript", "Rust"},
                   const std::string& lost_because = {});
  /// The actor fails and the next incarnation starts, with the last one's checkpoint.
  void restart(process& whose);
  /// The actor fails and nothing comes after it.
  void die(process& whose);
  void shown(process& whose) { tell(whose.queue, work_shown{whose.call}); }

  // -- what an agent asks
  [[nodiscard]] claim_work claim(process& whose, std::chrono::milliseconds timeout = {},
                                 std::optional<std::string> capability = {}) const;
  /// Claims, and the answer gets to the client.
  result<claimed> take(process& whose, std::optional<std::string> capability = {});
  /// The id of what is taken, `nothing`, or the error.
  std::string taken(process& whose, std::optional<std::string> capability = {});
  [[nodiscard]] static std::string id_in(const result<claimed>& got);
  [[nodiscard]] result<tools::broadcast_work_offer_result>
  offers(process& whose, tools::broadcast_work_offer_arguments what);
  [[nodiscard]] static tools::broadcast_work_offer_arguments
  offering(std::string task, std::string capability = "TypeScript");
  [[nodiscard]] result<tools::report_progress_result> reports(process& whose, unsigned number,
                                                              std::optional<double> progress,
                                                              std::optional<std::string> note = {});
  [[nodiscard]] result<tools::complete_work_result> completes(process& whose, unsigned number,
                                                              std::string summary = "Done.");
  [[nodiscard]] result<tools::fail_work_result> fails(process& whose, unsigned number,
                                                      bool retryable = true);
  [[nodiscard]] result<tools::release_work_result> releases(process& whose, unsigned number);
  [[nodiscard]] result<tools::cancel_work_result> cancels(process& whose, unsigned number);
  [[nodiscard]] strings held(process& whose);

  // -- what was seen
  /// What was asked of NATS since the last call.
  [[nodiscard]] static strings requests(process& whose);
  [[nodiscard]] static std::size_t count(const strings& lines, std::string_view prefix);
  /// The ids of the direct messages this agent got.
  [[nodiscard]] std::uint64_t notices(const std::string& guid) {
    return stored("AGENT_INBOX", "inbox." + guid + ".*");
  }

  process bob_{me, "bob"};
  process ann_{ann_guid, "ann"};
  /// Of the processes started next.
  std::chrono::milliseconds hold_ = 1h;

private:
  void begin(process& whose);
  void start(process& whose, const checkpoint& last);

  mutable std::uint64_t calls_ = 0;
};

} // namespace nats_mcp::testing
