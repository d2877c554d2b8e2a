// SPDX-License-Identifier: MIT
// What nats-server keeps of work (tests/unit/protocol/work/work_server.hpp), and the requests to
// coordinators. It complains of a request that is let go while its item is not over.
#pragma once

#include "protocol/coordination/assignment_request.hpp"

#include "tests/unit/protocol/work/work_server.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace nats_mcp::coordination {

using namespace std::chrono_literals;

/// Of the requests' consumer.
inline constexpr std::chrono::milliseconds request_wait = 15s;

class coordination_server final : public work::work_server {
public:
  result<work::work_answer> carry_out(const work::work_command& what) override;

  /// The next request that is free, as a leader's pull gets it.
  std::optional<jetstream::delivery> deliver_request();
  /// Something stored that no offerer of ours wrote.
  void put_request(std::string subject, std::string payload);
  [[nodiscard]] std::size_t requests() const noexcept { return requests_.size(); }
  /// What is kept under ids that a stream notices is forgotten.
  void forget_request_ids() { known_.clear(); }

  [[nodiscard]] std::string digest() const override;

private:
  struct stored_request {
    std::string subject;
    std::string payload;
    wall_time stored_at{};
    std::uint64_t deliveries = 0;
    wall_time free_at{};
  };

  result<work::work_answer> settle_request(const jetstream::settle& what);
  void let_go(const stored_request& what);

  std::map<std::uint64_t, stored_request> requests_;
  std::uint64_t last_ = 0;
  std::map<std::string, std::uint64_t> known_;
};

} // namespace nats_mcp::coordination
