// SPDX-License-Identifier: MIT
#include "tests/support/server_process.hpp"

#include "tests/support/sanitizer_variables.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace nats_mcp::testing {

namespace {

monotonic_time now() { return std::chrono::steady_clock::now(); }

int milliseconds_until(monotonic_time deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

std::map<std::string, std::string> environment_of(const server_options& options) {
  auto variables = sanitizer_variables();
  variables["HOME"] = "/nonexistent";
  variables["NATS_MCP_LOCAL"] = "never";
  variables["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  for (const auto& [name, text] : options.environment) {
    variables[name] = text;
  }
  plant_secrets(variables);
  if (options.binary == NATS_MCP_COORDINATOR_BINARY
      && !options.environment.contains("NATS_MCP_HTTP_TOKEN")) {
    variables.erase("NATS_MCP_HTTP_TOKEN"); // with it, a coordinator's page is another one
  }
  return variables;
}

std::vector<std::string> joined(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> out;
  for (const auto& [name, text] : variables) {
    out.push_back(name + "=" + text);
  }
  return out;
}

transport::pipe_ends pipe_or_throw() {
  auto pipe = transport::make_pipe();
  if (!pipe) {
    throw std::runtime_error(pipe.error().message);
  }
  return std::move(*pipe);
}

} // namespace

server_process::server_process(const server_options& options)
  : server_process{options, environment_of(options)} {
  // nop
}

server_process::server_process(const server_options& options,
                               const std::map<std::string, std::string>& environment)
  : name_{options.binary.filename().string()}
  , secrets_{secrets_in(environment)}
  , written_{secrets_} {
  remember_secrets(secrets_);
  // A server that ends while we write is something tests look at, not something that ends them.
  ::signal(SIGPIPE, SIG_IGN);
  auto input = pipe_or_throw();
  auto output = pipe_or_throw();
  // A file in memory never blocks the server, however much it logs.
  errors_ = transport::descriptor{::memfd_create("server-stderr", MFD_CLOEXEC)};
  transport::child_options command;
  command.executable = options.binary;
  command.arguments = options.arguments;
  command.environment = joined(environment);
  command.working_directory = options.working_directory;
  command.descriptors = {{input.read.number(), STDIN_FILENO},
                         {output.write.number(), STDOUT_FILENO},
                         {errors_.number(), STDERR_FILENO}};
  auto started = transport::child_process::start(command);
  if (!started) {
    throw std::runtime_error(started.error().message);
  }
  child_.emplace(std::move(*started));
  input_ = std::move(input.write);
  output_ = std::move(output.read);
  ::fcntl(input_.number(), F_SETFL, O_NONBLOCK);
}

server_process::~server_process() {
  // Nothing is written any more, and everything that was is looked at.
  child_.reset();
  if (output_) {
    ::fcntl(output_.number(), F_SETFL, O_NONBLOCK);
    std::array<char, 65536> block{};
    for (auto count = ::read(output_.number(), block.data(), block.size()); count > 0;
         count = ::read(output_.number(), block.data(), block.size())) {
      written_.take({block.data(), static_cast<std::size_t>(count)});
    }
  }
  report_secrets(written_.found(), "the output of " + name_);
  expect_no_secrets(secrets_, standard_error(), "the log of " + name_);
}

// -- writing ------------------------------------------------------------------------------------

bool server_process::send(std::string_view line) { return send_raw(std::string{line} + "\n"); }

bool server_process::send_raw(std::string_view bytes) {
  while (input_ && !bytes.empty()) {
    const auto count = ::write(input_.number(), bytes.data(), bytes.size());
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno == EPIPE) {
      return false;
    }
    // The server does not read: perhaps because nobody reads what it writes.
    std::array<pollfd, 2> entries{{{input_.number(), POLLOUT, 0}, {output_.number(), POLLIN, 0}}};
    if (::poll(entries.data(), entries.size(), static_cast<int>(default_wait.count())) == 0) {
      complain("the server takes no input for " + std::to_string(default_wait.count()) + " ms");
    }
    if (entries[1].revents != 0) {
      take_in(now());
    }
  }
  return bytes.empty();
}

json::value server_process::post(std::string_view method, const json::value& params) {
  const json::value id = ++last_id_;
  const json::value message{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
  if (!send(message.dump())) {
    complain("the server reads no more, so it does not get the request " + std::string{method});
  }
  return id;
}

bool server_process::notify(std::string_view method, const json::value& params) {
  const json::value message{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
  return send(message.dump());
}

// -- reading ------------------------------------------------------------------------------------

std::optional<json::value> server_process::read_line(std::chrono::milliseconds within) {
  const auto deadline = now() + within;
  while (lines_.empty()) {
    if (!take_in(deadline)) {
      return std::nullopt;
    }
  }
  auto line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

json::value server_process::request(std::string_view method, const json::value& params,
                                    std::chrono::milliseconds within) {
  return response_to(post(method, params), within);
}

json::value server_process::response_to(const json::value& id, std::chrono::milliseconds within) {
  const auto deadline = now() + within;
  const auto answers = [&](const json::value& line) {
    return line.is_object() && line.contains("id") && line.at("id") == id
           && !line.contains("method");
  };
  for (;;) {
    const auto found = std::find_if(lines_.begin(), lines_.end(), answers);
    if (found != lines_.end()) {
      auto line = std::move(*found);
      lines_.erase(found);
      return line;
    }
    if (!take_in(deadline)) {
      complain("no response to the request with id " + id.dump());
    }
  }
}

bool server_process::take_in(monotonic_time deadline) {
  if (!output_) {
    return false;
  }
  pollfd entry{output_.number(), POLLIN, 0};
  if (::poll(&entry, 1, milliseconds_until(deadline)) <= 0) {
    return false;
  }
  std::array<char, 65536> block{};
  const auto count = ::read(output_.number(), block.data(), block.size());
  if (count <= 0) {
    output_.reset();
    return false;
  }
  written_.take({block.data(), static_cast<std::size_t>(count)});
  unparsed_.append(block.data(), static_cast<std::size_t>(count));
  parse_lines();
  return true;
}

void server_process::parse_lines() {
  std::size_t start = 0;
  for (;;) {
    const auto end = unparsed_.find('\n', start);
    if (end == std::string::npos) {
      break;
    }
    const std::string_view line{unparsed_.data() + start, end - start};
    auto parsed = json::value::parse(line, nullptr, false);
    if (parsed.is_discarded()) {
      complain("a line on standard output is no JSON: " + std::string{line.substr(0, 500)});
    }
    lines_.push_back(std::move(parsed));
    start = end + 1;
  }
  unparsed_.erase(0, start);
}

// -- ending -------------------------------------------------------------------------------------

std::optional<transport::exit_status> server_process::wait_exit(std::chrono::milliseconds within) {
  const auto deadline = now() + within;
  while (take_in(deadline)) {
    // nop: until the end of the output or the deadline
  }
  const auto status = child_->wait_until(deadline);
  if (status && status->code && !unparsed_.empty()) {
    complain("the server ended in the middle of a line: " + unparsed_.substr(0, 500));
  }
  return status;
}

std::string server_process::standard_error() const {
  std::string text;
  std::array<char, 65536> block{};
  for (;;) {
    const auto count =
      ::pread(errors_.number(), block.data(), block.size(), static_cast<off_t>(text.size()));
    if (count <= 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

void server_process::complain(const std::string& what) const {
  const auto errors = standard_error();
  const auto start = errors.size() > 4000 ? errors.size() - 4000 : 0;
  throw std::runtime_error(what + "\nstandard error of the server:\n" + errors.substr(start));
}

} // namespace nats_mcp::testing
