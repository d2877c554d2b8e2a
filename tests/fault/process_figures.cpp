// SPDX-License-Identifier: MIT
#include "tests/fault/process_figures.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace nats_mcp::testing {

namespace {

std::optional<json::value> monitored(std::uint16_t port, const char* path) {
  httplib::Client client{"127.0.0.1", port};
  client.set_connection_timeout(std::chrono::seconds{2});
  client.set_read_timeout(std::chrono::seconds{5});
  const auto answer = client.Get(path);
  if (!answer || answer->status != 200) {
    return std::nullopt;
  }
  const auto parsed = json::parse(answer->body);
  return parsed ? std::optional{*parsed} : std::nullopt;
}

std::int64_t number(const json::value& object, std::string_view key) {
  return static_cast<std::int64_t>(json::unsigned_member(object, key).value_or(0));
}

} // namespace

std::optional<process_figures> read_process(pid_t pid) {
  const auto folder = std::filesystem::path{"/proc"} / std::to_string(pid);
  process_figures out;
  std::ifstream status{folder / "status"};
  constexpr std::int64_t kibibyte = 1024;
  for (std::string word; status >> word;) {
    if (word == "VmRSS:" && status >> out.resident_bytes) {
      out.resident_bytes *= kibibyte;
    } else if (word == "RssAnon:" && status >> out.anonymous_bytes) {
      out.anonymous_bytes *= kibibyte;
    } else if (word == "Threads:") {
      status >> out.threads;
    }
  }
  std::error_code failure;
  const std::filesystem::directory_iterator descriptors{folder / "fd", failure};
  if (failure || out.resident_bytes == 0) {
    return std::nullopt;
  }
  out.descriptors = std::distance(begin(descriptors), end(descriptors));
  return out;
}

std::optional<server_figures> read_server(std::uint16_t monitoring_port) {
  const auto connections = monitored(monitoring_port, "/connz?limit=10000");
  const auto jetstream = monitored(monitoring_port, "/jsz");
  const auto* each = connections ? json::find(*connections, "connections") : nullptr;
  if (each == nullptr || !jetstream) {
    return std::nullopt;
  }
  server_figures out;
  for (const auto& one : *each) {
    ++out.connections;
    out.subscriptions += number(one, "subscriptions");
  }
  out.streams = number(*jetstream, "streams");
  out.consumers = number(*jetstream, "consumers");
  return out;
}

measured least_of(const std::deque<measured>& readings) {
  measured out = readings.front();
  for (const auto& reading : readings) {
    for (const auto& [what, value] : reading) {
      const auto known = out.emplace(what, value).first;
      known->second = std::min(known->second, value);
    }
  }
  return out;
}

bool more_than(const measured& now, const measured& before) {
  return std::any_of(now.begin(), now.end(), [&](const auto& one) {
    const auto known = before.find(one.first);
    return known == before.end() || one.second > known->second;
  });
}

} // namespace nats_mcp::testing
