// SPDX-License-Identifier: MIT
// What the rounds have for NATS: one server, three that keep everything together, or one whose
// store lies on a small disk.
#pragma once

#include "tests/fault/rounds/nats_cluster.hpp"
#include "tests/fault/rounds/small_disk.hpp"
#include "tests/support/nats_server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class round_nats {
public:
  enum class kind : std::uint8_t { one, cluster, small_disk };

  /// Starts it. @param disk with `small_disk`, where the store lies; outlives this
  round_nats(kind what, const small_disk* disk);

  [[nodiscard]] kind what() const noexcept { return kind_; }
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] nats_server& node(std::size_t number);
  /// How many servers are to keep a stream.
  [[nodiscard]] std::size_t replicas() const noexcept { return size(); }
  /// The port of one that runs.
  [[nodiscard]] std::uint16_t port();

  /// Waits until it takes and shows what it holds, all of it at every node.
  [[nodiscard]] bool ready(std::chrono::milliseconds within);
  /// Which node leads one of the streams, the one with this number counted over them again and
  /// again.
  [[nodiscard]] std::optional<std::size_t> some_leader(std::size_t number);
  /// What is kept by fewer servers than it is to.
  [[nodiscard]] std::vector<std::string> single_copies();

  void start(std::size_t number);
  void kill(std::size_t number) { node(number).kill(); }
  void signal(std::size_t number, int signal) { node(number).signal(signal); }

  void fill_disk() const { disk_->fill(); }
  /// Frees it again, and starts nats-server anew: 2.9.10 may be in a deadlock, in which it hears no
  /// SIGTERM, and 2.15.1 goes on to refuse what it could not write once.
  void free_disk();

  /// Copies stores and logs, for whoever wants to know why.
  void keep(const std::filesystem::path& where);

private:
  /// Whether every stream answers.
  [[nodiscard]] bool keeps_streams();

  kind kind_;
  const small_disk* disk_;
  std::unique_ptr<nats_server> one_;
  std::unique_ptr<nats_cluster> cluster_;
};

} // namespace nats_mcp::testing
