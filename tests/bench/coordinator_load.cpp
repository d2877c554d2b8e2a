// SPDX-License-Identifier: MIT
#include "tests/bench/coordinator_load.hpp"

#include "tests/bench/child.hpp"

#include <httplib.h>

#include <atomic>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace nats_mcp::bench {

namespace {

constexpr auto host = "127.0.0.1";
constexpr double page_budget_percent = 2;

/// One that is free now.
int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* const any = reinterpret_cast<sockaddr*>(&where);
  const bool found = ::bind(probe, any, size) == 0 && ::getsockname(probe, any, &size) == 0;
  ::close(probe);
  if (!found) {
    throw std::runtime_error{"There is no free port."};
  }
  return ntohs(where.sin_port);
}

/// What a browser with the page open does: takes every event.
class viewer {
public:
  explicit viewer(int port)
    : client_{host, port} {
    client_.set_read_timeout(std::chrono::seconds{30});
    reading_ = std::jthread{[this] {
      client_.Get("/events", [this](const char*, std::size_t size) {
        bytes_ += size;
        return true;
      });
    }};
  }
  viewer(const viewer&) = delete;
  viewer& operator=(const viewer&) = delete;
  ~viewer() { client_.stop(); }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
  httplib::Client client_;
  std::atomic<std::size_t> bytes_ = 0;
  std::jthread reading_;
};

void wait_until_ready(int port) {
  httplib::Client client{host, port};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < end) {
    if (const auto answer = client.Get("/readyz"); answer && answer->status == 200) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  throw std::runtime_error{"The coordinator is not ready."};
}

/// Percent of a core.
double share(const child& process, std::chrono::seconds watched) {
  const auto before = process.processor_time();
  std::this_thread::sleep_for(watched);
  const auto used = process.processor_time() - before;
  return 100.0 * static_cast<double>(used.count())
         / static_cast<double>(std::chrono::milliseconds{watched}.count());
}

row percent_row(std::string what, std::string budget, std::optional<double> limit,
                double measured) {
  return {std::move(what), "%", std::move(budget), limit, row::direction::at_most, {}, measured};
}

} // namespace

std::vector<row> measure_coordinator_load(const coordinator_load_options& options) {
  const auto port = free_port();
  const child coordinator{
    {{options.coordinator, "--http", std::string{host} + ":" + std::to_string(port)},
     {"NATS_URL=" + options.nats_url, "HOME=" + options.directory},
     options.directory}};
  wait_until_ready(port);
  const auto unseen = share(coordinator, options.watched);
  const viewer page{port};
  const auto seen = share(coordinator, options.watched);
  if (page.bytes() == 0) {
    throw std::runtime_error{"The page showed nothing."};
  }
  return {
    percent_row("coordinator that leads, nobody looks, share of a core", "", {}, unseen),
    percent_row("the same with its page open", "<= 2 more", unseen + page_budget_percent, seen)};
}

} // namespace nats_mcp::bench
