// SPDX-License-Identifier: MIT
#include "tests/unit/transport/http/serving.hpp"

#include <algorithm>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace nats_mcp::transport::testing {

raw_client::raw_client(std::uint16_t port)
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  EXPECT_EQ(::connect(socket_.number(), reinterpret_cast<sockaddr*>(&where), sizeof where), 0);
}

bool raw_client::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool raw_client::receive(std::chrono::steady_clock::time_point until) {
  const auto left =
    std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd entry{socket_.number(), POLLIN, 0};
  if (is_over_ || left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) <= 0) {
    return false;
  }
  std::array<char, 65536> block{};
  const auto count = ::recv(socket_.number(), block.data(), block.size(), 0);
  is_over_ = count <= 0;
  if (!is_over_) {
    heard_.append(block.data(), static_cast<std::size_t>(count));
  }
  return true;
}

const std::string& raw_client::hear(std::string_view wanted, std::chrono::milliseconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  std::size_t from = 0;
  while (heard_.find(wanted, from) == std::string::npos) {
    from = heard_.size() - std::min(heard_.size(), wanted.size());
    if (!receive(until)) {
      break;
    }
  }
  return heard_;
}

bool raw_client::hears_the_end(std::chrono::milliseconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  while (receive(until)) {
    // What comes before it is kept.
  }
  return is_over_;
}

void served::serve(http::access_terms terms, const std::string& where) {
  attached_ = door_->attach([this] {
    for (const auto& [id, what] : door_->desk.take()) {
      asked_ = what;
      door_->desk.answer(id, answer_);
    }
  });
  auto started = http_server::start({http::parse_address(where).value(), std::move(terms), door_});
  ASSERT_TRUE(started) << started.error().message;
  server_ = std::move(*started);
}

void served::TearDown() { stop(); }

httplib::Client served::client() const {
  httplib::Client out{"127.0.0.1", port()};
  out.set_read_timeout(std::chrono::seconds{20});
  return out;
}

int served::get(const std::string& path, const httplib::Headers& headers) const {
  const auto answer = client().Get(path, headers);
  return answer ? answer->status : -1;
}

int served::post(const std::string& path, const httplib::Headers& headers) const {
  const auto answer = client().Post(path, headers, "", "");
  return answer ? answer->status : -1;
}

} // namespace nats_mcp::transport::testing
