// SPDX-License-Identifier: MIT
#include "tests/integration/raw_nats.hpp"

#include <array>
#include <atomic>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace nats_mcp::testing {

namespace {

constexpr std::string_view line_end{"\r\n"};

/// Nobody else's: several connections may have requests under way.
std::string own_subject() {
  static std::atomic<unsigned> last{0};
  return "reply." + std::to_string(::getpid()) + '.' + std::to_string(++last);
}

} // namespace

raw_nats::raw_nats(std::uint16_t port, std::string_view token)
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
  , reply_{own_subject()} {
  connect(port, R"("auth_token":")" + std::string{token} + '"');
  send("SUB " + reply_ + " 1\r\n");
}

raw_nats::raw_nats(std::uint16_t port, const login& who)
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  connect(port, R"("user":")" + who.user + R"(","pass":")" + who.password + '"');
}

void raw_nats::connect(std::uint16_t port, std::string_view credentials) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address)
      != 0) {
    throw std::runtime_error("nobody listens at port " + std::to_string(port));
  }
  read_line(); // INFO
  send(R"(CONNECT {"verbose":false,"headers":true,)" + std::string{credentials} + "}\r\nPING\r\n");
  if (const auto line = read_line(); line != "PONG") {
    throw std::runtime_error("the server says " + line);
  }
}

std::string raw_nats::request(std::string_view subject, std::string_view payload) {
  asked_ = subject;
  send("PUB " + std::string{subject} + ' ' + reply_ + ' ' + std::to_string(payload.size()) + "\r\n"
       + std::string{payload} + "\r\n");
  for (;;) {
    const auto line = read_line();
    if (line == "PING") {
      send("PONG\r\n");
    } else if (is_message(line)) {
      return read_payload(line);
    } else {
      throw std::runtime_error("the server says " + line);
    }
  }
}

std::string raw_nats::refusal_of(std::string_view lines) {
  send(std::string{lines} + "PING\r\n");
  for (std::string refusal;;) {
    const auto line = read_line();
    if (line == "PONG") {
      return refusal;
    }
    if (line.starts_with("-ERR")) {
      refusal = line;
    } else if (is_message(line)) {
      read_payload(line);
    }
  }
}

void raw_nats::listen(std::string_view pattern) { send("SUB " + std::string{pattern} + " 8\r\n"); }

std::vector<std::string> raw_nats::heard() {
  send("PING\r\n");
  for (std::vector<std::string> subjects;;) {
    const auto line = read_line();
    if (line == "PONG") {
      return subjects;
    }
    if (line == "PING") {
      send("PONG\r\n");
    } else if (is_message(line)) {
      const auto begin = line.find(' ') + 1;
      subjects.push_back(line.substr(begin, line.find(' ', begin) - begin));
      read_payload(line);
    } else {
      throw std::runtime_error("the server says " + line);
    }
  }
}

std::string raw_nats::publishing(std::string_view subject, std::string_view payload) {
  return "PUB " + std::string{subject} + ' ' + std::to_string(payload.size()) + "\r\n"
         + std::string{payload} + "\r\n";
}

std::string raw_nats::publishing_with(std::string_view header, std::string_view subject,
                                      std::string_view payload) {
  const auto headers = "NATS/1.0\r\n" + std::string{header} + "\r\n\r\n";
  return "HPUB " + std::string{subject} + ' ' + std::to_string(headers.size()) + ' '
         + std::to_string(headers.size() + payload.size()) + "\r\n" + headers + std::string{payload}
         + "\r\n";
}

bool raw_nats::is_message(std::string_view line) {
  return line.starts_with("MSG ") || line.starts_with("HMSG ");
}

std::string raw_nats::read_payload(std::string_view line) {
  const auto number_at = [line](std::size_t blank) {
    return std::stoul(std::string{line.substr(blank + 1)});
  };
  const auto last = line.rfind(' ');
  const auto length = number_at(last);
  const auto headers = line.starts_with("HMSG ") ? number_at(line.rfind(' ', last - 1)) : 0;
  const auto all = read_bytes(length + line_end.size());
  return all.substr(headers, length - headers);
}

void raw_nats::send(std::string_view bytes) {
  const auto count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("the server does not listen");
  }
}

std::string raw_nats::read_line() {
  auto end = buffer_.find(line_end);
  while (end == std::string::npos) {
    fill();
    end = buffer_.find(line_end);
  }
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + line_end.size());
  return line;
}

std::string raw_nats::read_bytes(std::size_t count) {
  while (buffer_.size() < count) {
    fill();
  }
  auto bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

void raw_nats::fill() {
  pollfd entry{socket_.number(), POLLIN, 0};
  std::array<char, 4096> block{};
  const auto count = ::poll(&entry, 1, static_cast<int>(patience_.count())) > 0
                       ? ::read(socket_.number(), block.data(), block.size())
                       : 0;
  if (count <= 0) {
    throw std::runtime_error("the server hung up or says nothing"
                             + (asked_.empty() ? "" : ", asked for " + asked_));
  }
  buffer_.append(block.data(), static_cast<std::size_t>(count));
}

} // namespace nats_mcp::testing
