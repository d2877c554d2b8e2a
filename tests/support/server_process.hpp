// SPDX-License-Identifier: MIT
// Runs the shipped binary on real pipes, as an MCP client does. Whatever is no line of JSON on its
// standard output ends the test with an exception: nothing but MCP may be there.
#pragma once

#include "protocol/json/value.hpp"

#include "transport/process/child_process.hpp"

#include "tests/support/secrets.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// What to run. The environment is exactly `environment` on top of a harmless one: a home directory
/// that does not exist and NATS_MCP_LOCAL=never, so that no test touches the user's own engine; and
/// secrets nobody asks for (tests/support/secrets.hpp).
struct server_options {
  std::filesystem::path binary = NATS_MCP_SERVER_BINARY;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  std::filesystem::path working_directory;
};

/// One running server and the client's end of its pipes. One thread. Killed when it goes out of
/// scope; then the test fails if one of its secrets was shown. Every reading function throws
/// `std::runtime_error` when standard output carries anything but JSON.
class server_process {
public:
  /// Starts it. Throws when it cannot be executed.
  explicit server_process(const server_options& options);
  server_process(server_process&&) noexcept = default;
  server_process& operator=(server_process&&) = delete;
  ~server_process();

  /// Writes `line` and a line feed; takes in what the server writes meanwhile. @returns false when
  /// the server reads no more.
  bool send(std::string_view line);
  /// Writes bytes as they are.
  bool send_raw(std::string_view bytes);
  /// Closes the server's standard input.
  void close_input() { input_.reset(); }

  /// The next line the server writes; absent at the deadline and at the end of its output.
  std::optional<json::value> read_line(std::chrono::milliseconds within = default_wait);
  /// Sends a request with a fresh numeric id and waits for its response (the whole message); lines
  /// that are not it are kept for `read_line`, in order. Throws when it does not come in time.
  json::value request(std::string_view method, const json::value& params = json::value::object(),
                      std::chrono::milliseconds within = default_wait);
  /// Sends a request and returns its id at once, for `response_to`.
  json::value post(std::string_view method, const json::value& params = json::value::object());
  /// Waits for the response with this id. Throws when it does not come in time.
  json::value response_to(const json::value& id, std::chrono::milliseconds within = default_wait);
  /// Sends a notification.
  bool notify(std::string_view method, const json::value& params = json::value::object());

  /// Sends a signal to the server.
  void signal(int number) const noexcept { child_->signal(number); }
  /// Waits until it has ended, and takes in the rest of its output; absent when it still runs then.
  /// Throws when a server that was not killed leaves half a line.
  std::optional<transport::exit_status> wait_exit(std::chrono::milliseconds within = default_wait);
  /// What it has written to standard error so far.
  [[nodiscard]] std::string standard_error() const;
  /// Whether standard output is closed and every line has been read.
  [[nodiscard]] bool at_end() const noexcept { return !output_ && lines_.empty(); }
  [[nodiscard]] pid_t pid() const noexcept { return child_->pid(); }

  static constexpr std::chrono::milliseconds default_wait{10000};

private:
  server_process(const server_options& options,
                 const std::map<std::string, std::string>& environment);

  /// Reads what is there, waiting at most until `deadline`. False at the deadline and at the end.
  bool take_in(monotonic_time deadline);
  void parse_lines();
  [[noreturn]] void complain(const std::string& what) const;

  transport::descriptor input_;
  transport::descriptor output_;
  transport::descriptor errors_;
  std::optional<transport::child_process> child_;
  std::string name_;
  std::vector<secret> secrets_;
  secret_search written_;
  std::string unparsed_;
  std::deque<json::value> lines_;
  std::int64_t last_id_ = 0;
};

} // namespace nats_mcp::testing
