// SPDX-License-Identifier: MIT
#include "transport/http/http_server.hpp"

#include "protocol/http/event_stream.hpp"
#include "protocol/limits/http.hpp"

#include "transport/http/awaited_heads.hpp"
#include "transport/http/connection_threads.hpp"
#include "transport/http/http_routes.hpp"
#include "transport/http/listening_socket.hpp"
#include "transport/http/socket_stream.hpp"

#include <httplib.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/random.h>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace nats_mcp::transport {

namespace {

std::optional<std::string> only_header(const httplib::Request& asked, const char* name) {
  if (asked.get_header_value_count(name) != 1) {
    return std::nullopt;
  }
  return asked.get_header_value(name);
}

http::request read_request(const httplib::Request& asked, std::string from) {
  http::request out;
  out.method = asked.method;
  out.path = asked.path;
  out.target_bytes = asked.target.size();
  out.host = only_header(asked, "Host");
  out.origin = only_header(asked, "Origin");
  out.authorization = only_header(asked, "Authorization");
  out.cookie = only_header(asked, "Cookie");
  out.fetch_site = only_header(asked, "Sec-Fetch-Site");
  out.fetch_mode = only_header(asked, "Sec-Fetch-Mode");
  out.fetch_destination = only_header(asked, "Sec-Fetch-Dest");
  out.page_header = only_header(asked, std::string{http::page_header_name}.c_str());
  out.last_event_id = only_header(asked, "Last-Event-ID");
  const auto length = asked.get_header_value("Content-Length");
  out.has_body = asked.has_header("Transfer-Encoding") || (!length.empty() && length != "0");
  out.from = std::move(from);
  return out;
}

/// The library's view of a connection. What it writes is dropped once the connection is an event
/// stream: it knows answers with an end only.
class library_stream final : public httplib::Stream {
public:
  explicit library_stream(socket_stream& bytes)
    : bytes_{bytes} {
    // nop
  }

  void mute() noexcept { is_muted_ = true; }

  [[nodiscard]] bool is_readable() const override { return bytes_.can_read(); }
  [[nodiscard]] bool is_writable() const override { return is_muted_ || bytes_.can_write(); }
  ssize_t read(char* to, std::size_t size) override {
    return static_cast<ssize_t>(bytes_.read(to, size));
  }
  ssize_t write(const char* from, std::size_t size) override {
    return is_muted_ || bytes_.write({from, size}) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& address, int& port) const override {
    address = bytes_.peer();
    port = 0;
  }
  void get_local_ip_and_port(std::string& address, int& port) const override {
    address.clear();
    port = 0;
  }
  [[nodiscard]] socket_t socket() const override { return bytes_.number(); }

private:
  socket_stream& bytes_;
  bool is_muted_ = false;
};

/// One request and its answer, by the library's code; it gets no socket and no thread of its own.
class request_reader final : public httplib::Server {
public:
  explicit request_reader(http_routes& routes, socket_stream& bytes)
    : routes_{routes}
    , bytes_{bytes}
    , stream_{bytes} {
    httplib::Headers always;
    for (const auto& [name, value] : security_headers()) {
      always.emplace(name, value);
    }
    set_default_headers(std::move(always));
    set_pre_routing_handler([this](const httplib::Request& asked, httplib::Response& out) {
      answer(asked, out);
      return HandlerResponse::Handled;
    });
    set_error_handler([](const httplib::Request&, httplib::Response& out) {
      if (out.body.empty()) {
        out.set_content("This is no request that can be read.\n", "text/plain; charset=utf-8");
      }
    });
  }

  /// @returns the request, if its connection is to carry events now.
  [[nodiscard]] std::optional<http::request> run() {
    bool is_closed = false;
    (void)process_request(stream_, true, is_closed, [](httplib::Request& asked) {
      // No parts of answers and none compressed: both cost more than they bring here.
      asked.ranges.clear();
      asked.headers.erase("Accept-Encoding");
    });
    return std::move(event_request_);
  }

private:
  void answer(const httplib::Request& asked, httplib::Response& out) {
    auto mine = read_request(asked, bytes_.peer());
    auto reply = routes_.answer(mine);
    // The time for the question is over; that for the answer begins.
    bytes_.set_deadline(std::chrono::steady_clock::now() + limits::http_write_max);
    if (reply.is_event_stream) {
      stream_.mute();
      event_request_ = std::move(mine);
    }
    out.status = reply.status;
    for (const auto& [name, value] : reply.headers) {
      out.set_header(name, value);
    }
    if (reply.status != 204) {
      out.set_content(reply.body, reply.content_type);
    }
  }

  http_routes& routes_;
  socket_stream& bytes_;
  library_stream stream_;
  std::optional<http::request> event_request_;
};

std::string stream_head() {
  // The third one is for nginx, which else keeps events until there are enough of them.
  std::string out = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
                    "X-Accel-Buffering: no\r\n";
  for (const auto& [name, value] : security_headers()) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
  return out + "\r\n";
}

std::string refused_head(std::string_view sentence) {
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Connection: close\r\nRetry-After: 5\r\nContent-Length: "
         + std::to_string(sentence.size()) + "\r\n\r\n" + std::string{sentence};
}

/// For `poll`: for ever without a time.
int milliseconds_until(const std::optional<monotonic_time>& due) {
  if (!due) {
    return -1;
  }
  const auto left =
    std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

std::string beat_now() {
  return http::stream_beat(
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

void serve_events(socket_stream& bytes, event_board& board, const http::request& asked) {
  const auto send = [&](std::string_view text) {
    bytes.set_deadline(std::chrono::steady_clock::now() + limits::http_write_max);
    return bytes.write(text);
  };
  const auto page = board.open_page();
  if (!page) {
    (void)send(refused_head("As many pages are open as this coordinator serves.\n"));
    bytes.finish();
    return;
  }
  auto seen = http::event_number(board.incarnation(), asked.last_event_id.value_or(std::string{}))
                .value_or(0);
  bool is_there = send(stream_head() + http::stream_opening() + beat_now());
  while (is_there && !board.is_closed()) {
    std::string text;
    for (const auto& [number, event] : page->news(seen)) {
      text += http::stream_event(board.incarnation(), number, event);
      seen = number;
    }
    is_there = text.empty() || send(text);
    if (is_there) {
      const auto woken = bytes.wait_for(page->number(), limits::page_beat_interval);
      is_there = woken == socket_stream::waking::bell
                 || (woken == socket_stream::waking::time && send(beat_now()));
    }
  }
}

} // namespace

class http_server::loop {
public:
  loop(listening_socket listening, options choice)
    : where_{std::move(listening.where)}
    , socket_{std::move(listening.socket)}
    , door_{std::move(choice.door)}
    , routes_{where_, std::move(choice.terms), door_, [] { return random_secret(); }}
    , threads_{{limits::http_threads_max, limits::http_connections_waiting_max,
                [this](begun_connection connection) { serve(std::move(connection)); }}}
    , accepting_{[this] { accept_all(); }} {
    // nop
  }

  ~loop() {
    stop_.ring();
    door_->close();
    accepting_.join();
  }

  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  [[nodiscard]] const http::address& where() const noexcept { return where_; }

private:
  void accept_all() {
    awaited_heads heads{
      {limits::http_heads_awaited_max, limits::http_head_bytes_max, limits::http_read_max}};
    std::vector<pollfd> entries(limits::http_heads_awaited_max + 2); // room for all
    for (;;) {
      entries = {{socket_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}};
      heads.append_to(entries);
      ::poll(entries.data(), entries.size(), milliseconds_until(heads.next_due()));
      if (entries[1].revents != 0) {
        return;
      }
      try {
        for (auto& one : heads.take(entries.data() + 2, std::chrono::steady_clock::now())) {
          give(std::move(one));
        }
        if (entries[0].revents != 0) {
          accept_one(heads);
        }
      } catch (const std::exception&) {
        pause(); // No memory for what came: it is closed, and the others go on.
      }
    }
  }

  void pause() const {
    pollfd entry{stop_.number(), POLLIN, 0};
    ::poll(&entry, 1, static_cast<int>(limits::http_accept_pause.count()));
  }

  void accept_one(awaited_heads& heads) const {
    descriptor connection{
      ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (connection) {
      heads.add(std::move(connection), std::chrono::steady_clock::now());
    } else if ((errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
               && !heads.drop_oldest()) {
      pause(); // It waits with the system, and would wake us again at once.
    }
  }

  void give(begun_connection connection) {
    if (const auto refused = threads_.give(std::move(connection))) {
      const auto text = refused_head("This coordinator is busy.\n");
      [[maybe_unused]] const auto sent =
        ::send(refused.socket.number(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }

  void serve(begun_connection connection) {
    socket_stream bytes{std::move(connection.socket), std::move(connection.received), stop_,
                        limits::http_head_bytes_max};
    bytes.set_deadline(std::chrono::steady_clock::now() + limits::http_read_max);
    try {
      if (const auto events = request_reader{routes_, bytes}.run()) {
        serve_events(bytes, door_->board, *events);
      } else {
        bytes.finish();
      }
    } catch (const std::exception&) {
      // No memory or no descriptor for this one: it is closed, and the others go on.
    }
  }

  http::address where_;
  descriptor socket_;
  wake_up stop_;
  std::shared_ptr<http_door> door_;
  http_routes routes_;
  connection_threads threads_;
  std::thread accepting_;
};

result<std::unique_ptr<http_server>> http_server::start(options choice) {
  if (auto fine = http::check(choice.where, choice.terms); !fine) {
    return tl::make_unexpected(std::move(fine.error()));
  }
  auto listening = listen_at(choice.where);
  if (!listening) {
    return tl::make_unexpected(std::move(listening.error()));
  }
  try {
    return std::make_unique<http_server>(
      std::make_unique<loop>(std::move(*listening), std::move(choice)));
  } catch (const std::system_error& failure) {
    return fail(ec::system_error, std::string{"Cannot serve HTTP: "} + failure.what() + ".");
  }
}

http_server::http_server(std::unique_ptr<loop> running)
  : loop_{std::move(running)} {
  // nop
}

http_server::~http_server() = default;

const http::address& http_server::where() const noexcept { return loop_->where(); }

result<std::string> random_secret() {
  std::array<unsigned char, 32> bits{};
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bits.size())) {
    return tl::make_unexpected(system_failure("Cannot make a secret", errno));
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto one : bits) {
    out += digits[one >> 4U];
    out += digits[one & 15U];
  }
  return out;
}

} // namespace nats_mcp::transport
