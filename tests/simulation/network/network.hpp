// SPDX-License-Identifier: MIT
// The wires between the processes of a simulation and its one server. Messages travel for a while,
// get lost, break the connection or find the server gone, all by the fault plan and one seed.
// Within one process nothing overtakes anything, as on a TCP connection; between processes
// everything may.
//
// Nothing happens by itself: somebody calls `advance` when `next_due` says so (network_pump.hpp).
#pragma once

#include "protocol/time.hpp"

#include "transport/nats/event.hpp"

#include "tests/simulation/jetstream/server.hpp"
#include "tests/simulation/network/fault_plan.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nats_mcp::simulation {

/// One process as the network knows it.
enum class process_id : std::uint64_t {};

class network {
public:
  struct options {
    std::uint64_t seed = 0;
    fault_plan plan{};
    server::options nats{};
    /// The virtual clock everything here follows.
    std::function<monotonic_time()> clock{};
    /// Told of every fault when it happens, such as "lost request". May be empty.
    std::function<void(std::string_view)> on_fault{};
    /// Civil time at the server when the clock stood where it stands now.
    instant civil_start{std::chrono::hours{490'000}};
  };

  explicit network(options choice);
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  // -- processes (used by simulated_link) ------------------------------------------------------

  /// @param report receives what happens to this process's connection, in order.
  [[nodiscard]] process_id join(std::function<void(transport::event)> report);
  void leave(process_id process);
  void connect(process_id process);
  [[nodiscard]] result<void> write(process_id process, std::uint64_t epoch,
                                   const jetstream::outgoing& message);
  void subscribe(process_id process, std::uint64_t key, std::string subject, std::string group);
  void unsubscribe(process_id process, std::uint64_t key);
  /// All keys from `first` to before `last`.
  void unsubscribe_range(process_id process, std::uint64_t first, std::uint64_t last);
  [[nodiscard]] std::optional<transport::connection_made> current(process_id process) const;

  // -- time and faults -------------------------------------------------------------------------

  /// Lets everything due by now happen, each at its own time.
  void advance();
  [[nodiscard]] std::optional<monotonic_time> next_due() const;
  /// Called whenever something becomes due earlier than all that was.
  void on_earlier(std::function<void()> wake) { wake_ = std::move(wake); }

  /// No more faults; the server is there from now on.
  void heal();
  void disconnect(process_id process);
  /// The server goes down now and is back after `lasts`.
  void restart_server(bool killed, std::chrono::milliseconds lasts);
  void stall_server(std::chrono::milliseconds lasts);
  /// What the process and the server say to each other arrives when this is over.
  void cut_off(process_id process, std::chrono::milliseconds lasts);

  [[nodiscard]] server& nats() noexcept { return server_; }
  [[nodiscard]] instant civil_now() const { return civil(options_.clock()); }
  [[nodiscard]] const fault_plan& plan() const noexcept { return options_.plan; }

private:
  struct process {
    std::function<void(transport::event)> report;
    std::map<std::uint64_t, std::pair<std::string, std::string>> wanted;
    /// The connection this process believes in, 0 = none, and whether it still exists.
    std::uint64_t epoch = 0;
    bool alive = false;
    std::uint64_t epochs = 0;
    bool connecting = false;
    unsigned failures = 0;
    connection_id connection{};
    monotonic_time last_sent{};
    monotonic_time last_received{};
    monotonic_time cut_off_until{};
  };
  struct to_server {
    process_id from{};
    std::uint64_t epoch = 0;
    std::variant<jetstream::outgoing, transport::subscription_key> what;
    std::string subject; ///< of a subscription; empty to end it
    std::string group;
  };
  struct to_process {
    process_id to{};
    std::uint64_t epoch = 0;
    transport::event what;
  };
  struct attempt {
    process_id by{};
    monotonic_time began;
  };
  struct notice_loss {
    process_id by{};
    std::uint64_t epoch = 0;
  };
  struct server_back {};
  enum class planned : std::uint8_t { restart, stall };
  using happening = std::variant<to_server, to_process, attempt, notice_loss, server_back, planned>;

  void at(monotonic_time when, happening what);
  void happen(to_server& one, monotonic_time now);
  void happen(to_process& one, monotonic_time now);
  void happen(attempt& one, monotonic_time now);
  void happen(notice_loss& one, monotonic_time now);
  void happen(server_back& one, monotonic_time now);
  void happen(planned& one, monotonic_time now);
  void send(process_id from, to_server one);
  void spread_output(monotonic_time now);
  void cut(process& one, process_id id, monotonic_time now);
  void stop_server(bool killed, std::chrono::milliseconds lasts, monotonic_time now);
  void plan_next(planned what, monotonic_time now);
  /// Rolls the dice for a fault, and tells of it.
  [[nodiscard]] bool strikes(std::uint64_t chance, std::string_view name);
  void tell(std::string_view fault) const;
  [[nodiscard]] bool rolls(std::uint64_t chance) { return random_() % 10'000 < chance; }
  [[nodiscard]] std::chrono::nanoseconds delay();
  [[nodiscard]] instant civil(monotonic_time time) const;

  options options_;
  monotonic_time began_;
  std::mt19937_64 random_;
  server server_;
  bool down_ = false;
  monotonic_time stalled_until_{};
  std::map<process_id, process> processes_;
  std::map<connection_id, process_id> by_connection_;
  std::uint64_t last_process_ = 0;
  /// By time, then in order of scheduling.
  std::map<std::pair<monotonic_time, std::uint64_t>, happening> schedule_;
  std::uint64_t scheduled_ = 0;
  std::function<void()> wake_;
};

} // namespace nats_mcp::simulation
