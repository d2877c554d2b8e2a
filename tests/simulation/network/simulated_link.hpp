// SPDX-License-Identifier: MIT
// The gateway's way to the simulated server: what `transport::connection` is to a real one. With it
// the production gateway runs on virtual time, unchanged.
#pragma once

#include "transport/nats/event_queue.hpp"
#include "transport/nats/server_link.hpp"

#include "tests/simulation/network/network.hpp"

#include <memory>
#include <string>

namespace nats_mcp::simulation {

class simulated_link final : public transport::server_link {
public:
  explicit simulated_link(std::shared_ptr<network> wires);
  ~simulated_link() override;

  // See server_link.hpp.
  std::uint64_t attach(std::function<void()> wake) override;
  void detach(std::uint64_t receiver) override;
  [[nodiscard]] std::vector<transport::event> take_events() override;
  void connect() override;
  void keep_trying() override { connect(); }
  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override;
  /// Does nothing: what is written is on its way.
  void flush() override;
  [[nodiscard]] result<void> subscribe(transport::subscription_key key, const std::string& subject,
                                       const std::string& queue_group) override;
  void unsubscribe(transport::subscription_key key) override;
  void unsubscribe_range(transport::subscription_key first,
                         transport::subscription_key last) override;
  void close() override;
  [[nodiscard]] const std::string& inbox() const noexcept override;
  [[nodiscard]] std::optional<transport::connection_made> current() const override;

  /// For faults that hit this process alone.
  [[nodiscard]] process_id process() const noexcept { return process_; }

private:
  std::shared_ptr<network> wires_;
  transport::event_queue queue_;
  process_id process_{};
  std::string inbox_;
  bool closed_ = false;
};

} // namespace nats_mcp::simulation
