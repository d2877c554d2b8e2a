// SPDX-License-Identifier: MIT
#include "tests/support/tcp_proxy.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace nats_mcp::testing {

namespace {

using transport::descriptor;

/// More is not read before some of it is passed on.
constexpr std::size_t kept_max = 1024UL * 1024UL;
constexpr std::size_t read_max = 65536;
/// So fine is a throttle.
constexpr std::chrono::milliseconds throttle_step{5};
constexpr std::chrono::milliseconds forever{60'000};
constexpr std::chrono::seconds bind_max{5};

sockaddr_in proxy_address(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

/// Several may be bound to one port as long as none of them listens. A listener that was closed may
/// live a moment longer in a child that another thread has forked and that has not executed
/// anything yet, so it tries for a while.
descriptor bound_socket(std::uint16_t port) {
  descriptor out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const int yes = 1;
  ::setsockopt(out.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const auto address = proxy_address(port);
  const auto deadline = std::chrono::steady_clock::now() + bind_max;
  while (::bind(out.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error{"the proxy cannot have port " + std::to_string(port)};
    }
    ::poll(nullptr, 0, 2);
  }
  return out;
}

/// Closed with a reset, as by a machine that does not know the connection.
void reset(descriptor& socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.reset();
}

descriptor connect_to(std::uint16_t port) {
  descriptor out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const timeval patience{1, 0};
  ::setsockopt(out.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const auto address = proxy_address(port);
  if (::connect(out.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return out;
}

} // namespace

std::string_view to_text(tcp_proxy::manner how) noexcept {
  switch (how) {
    case tcp_proxy::manner::pass:
      return "passing";
    case tcp_proxy::manner::delay:
      return "delayed";
    case tcp_proxy::manner::throttle:
      return "throttled";
    case tcp_proxy::manner::hold:
      return "held up";
    case tcp_proxy::manner::lose_requests:
      return "requests lost";
    case tcp_proxy::manner::lose_answers:
      return "answers lost";
    case tcp_proxy::manner::lose_all:
      return "all lost";
    case tcp_proxy::manner::refuse:
      return "refused";
  }
  return {};
}

/// A socket to look at. No connection: the listener, or what wakes.
struct tcp_proxy::entry {
  pollfd what;
  connection* with;
  bool is_client;
};

tcp_proxy::tcp_proxy(std::uint16_t target)
  : target_{target}
  , place_{bound_socket(0)}
  , waker_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(place_.number(), reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  listen();
  thread_ = std::thread{[this] { run(); }};
}

tcp_proxy::~tcp_proxy() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake();
  thread_.join();
}

std::string tcp_proxy::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

void tcp_proxy::behave(const behaviour& now) {
  const std::lock_guard lock{mutex_};
  behaviour_ = now;
  if (now.how == manner::refuse) {
    listener_.reset();
    reset_all();
  } else if (!listener_) {
    listen();
  }
  if (!is_lost(true) && !is_lost(false)) {
    for (const auto& one : connections_) {
      one->over = one->over || one->has_lost;
    }
  }
  refilled_ = std::chrono::steady_clock::now();
  wake();
}

void tcp_proxy::cut() {
  const std::lock_guard lock{mutex_};
  reset_all();
}

std::size_t tcp_proxy::connections() const {
  const std::lock_guard lock{mutex_};
  return connections_.size();
}

// -- under the mutex ----------------------------------------------------------------------------

void tcp_proxy::listen() {
  listener_ = bound_socket(port_);
  if (::listen(listener_.number(), 64) != 0) {
    throw std::runtime_error{"the proxy cannot listen"};
  }
}

void tcp_proxy::reset_all() {
  for (const auto& one : connections_) {
    reset(one->client);
    reset(one->server);
  }
  connections_.clear();
  wake();
}

bool tcp_proxy::is_lost(bool from_client) const noexcept {
  return behaviour_.how == manner::lose_all
         || behaviour_.how == (from_client ? manner::lose_requests : manner::lose_answers);
}

std::size_t tcp_proxy::ready(const stream& what, time_point now) const {
  switch (behaviour_.how) {
    case manner::hold:
      return 0;
    case manner::throttle:
      return std::min(what.size, static_cast<std::size_t>(what.allowance));
    case manner::delay: {
      std::size_t out = 0;
      for (const auto& one : what.pieces) {
        if (one.came + behaviour_.delay > now) {
          break;
        }
        out += one.bytes.size();
      }
      return out;
    }
    default:
      return what.size;
  }
}

void tcp_proxy::accept() {
  descriptor client{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
  if (!client) {
    return;
  }
  auto server = connect_to(target_);
  if (!server) {
    reset(client);
    return;
  }
  auto made = std::make_unique<connection>();
  made->client = std::move(client);
  made->server = std::move(server);
  connections_.push_back(std::move(made));
}

void tcp_proxy::take_in(connection& with, bool from_client) {
  auto& into = from_client ? with.requests : with.answers;
  std::array<char, read_max> block{};
  const auto count = ::recv((from_client ? with.client : with.server).number(), block.data(),
                            block.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (is_lost(from_client)) {
    with.has_lost = true;
    into.ended = count <= 0;
    return;
  }
  if (count <= 0) {
    into.ended = true;
    return;
  }
  const auto size = static_cast<std::size_t>(count);
  into.pieces.push_back({{block.data(), size}, std::chrono::steady_clock::now()});
  into.size += size;
}

void tcp_proxy::pass_on(connection& with, bool from_client) {
  auto& from = from_client ? with.requests : with.answers;
  auto left = ready(from, std::chrono::steady_clock::now());
  while (left > 0) {
    auto& first = from.pieces.front();
    const auto count =
      ::send((from_client ? with.server : with.client).number(), first.bytes.data(),
             std::min(left, first.bytes.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count <= 0) {
      with.over = with.over || errno != EAGAIN;
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    left -= size;
    from.size -= size;
    from.allowance = std::max(0.0, from.allowance - static_cast<double>(size));
    first.bytes.erase(0, size);
    if (first.bytes.empty()) {
      from.pieces.erase(from.pieces.begin());
    }
  }
  // An end is passed on as what came before it; where something is lost, nobody learns of it.
  with.over = with.over || (from.ended && from.size == 0 && !with.has_lost);
}

std::vector<tcp_proxy::entry> tcp_proxy::entries() {
  std::vector<entry> out{{{waker_.number(), POLLIN, 0}, nullptr, false}};
  if (listener_) {
    out.push_back({{listener_.number(), POLLIN, 0}, nullptr, true});
  }
  const auto now = std::chrono::steady_clock::now();
  const auto add = [&](connection& with, bool is_client) {
    const auto& said = is_client ? with.requests : with.answers;
    const auto& heard = is_client ? with.answers : with.requests;
    const bool reads = !said.ended && said.size < kept_max;
    const bool writes = ready(heard, now) > 0;
    const auto events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
    if (events != 0) {
      out.push_back(
        {{(is_client ? with.client : with.server).number(), events, 0}, &with, is_client});
    }
  };
  for (const auto& one : connections_) {
    add(*one, true);
    add(*one, false);
  }
  return out;
}

std::chrono::milliseconds tcp_proxy::patience() const {
  const bool keeps = std::any_of(connections_.begin(), connections_.end(), [](const auto& one) {
    return one->requests.size + one->answers.size > 0;
  });
  const bool ticks = behaviour_.how == manner::delay || behaviour_.how == manner::throttle;
  return keeps && ticks ? throttle_step : forever;
}

void tcp_proxy::wake() const {
  const std::uint64_t one = 1;
  (void)!::write(waker_.number(), &one, sizeof one);
}

// -- the thread ---------------------------------------------------------------------------------

void tcp_proxy::run() {
  for (;;) {
    std::vector<pollfd> waits;
    std::chrono::milliseconds within{};
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) {
        return;
      }
      for (const auto& one : entries()) {
        waits.push_back(one.what);
      }
      within = patience();
    }
    ::poll(waits.data(), waits.size(), static_cast<int>(within.count()));
    const std::lock_guard lock{mutex_};
    serve_once();
  }
}

/// Looks again: while it waited, somebody may have closed what it waited for.
void tcp_proxy::serve_once() {
  std::uint64_t ignored = 0;
  (void)!::read(waker_.number(), &ignored, sizeof ignored);
  const auto now = std::chrono::steady_clock::now();
  const auto refill =
    std::chrono::duration<double>(now - refilled_).count() * double(behaviour_.bytes_per_second);
  refilled_ = now;
  auto looks = entries();
  std::vector<pollfd> waits;
  for (const auto& one : looks) {
    waits.push_back(one.what);
  }
  ::poll(waits.data(), waits.size(), 0);
  for (std::size_t i = 1; i < looks.size(); ++i) {
    auto* with = looks[i].with;
    if (waits[i].revents == 0) {
      continue;
    }
    if (with == nullptr) {
      accept();
    } else if ((waits[i].events & POLLIN) != 0) {
      take_in(*with, looks[i].is_client);
    }
  }
  for (const auto& one : connections_) {
    for (auto* direction : {&one->requests, &one->answers}) {
      const auto most = std::max(1.0, double(behaviour_.bytes_per_second) / 10);
      direction->allowance = std::min(most, direction->allowance + refill);
    }
    pass_on(*one, true);
    pass_on(*one, false);
    if (one->over && one->has_lost) {
      reset(one->client);
      reset(one->server);
    }
  }
  std::erase_if(connections_, [](const auto& one) { return one->over; });
}

} // namespace nats_mcp::testing
