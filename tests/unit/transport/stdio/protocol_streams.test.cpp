// SPDX-License-Identifier: MIT
// Each test forks: the standard descriptors of the test program itself stay as they are.
#include "transport/stdio/protocol_streams.hpp"

#include "tests/unit/transport/stdio/peer.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <sys/wait.h>

namespace nats_mcp::transport::protocol_streams_test {

namespace {

using namespace testing;

struct observed {
  std::string output;
  std::string errors;
  int exit_code = -1;
};

/// Runs `body` in a child process whose standard input is `standard_input`.
observed in_child(std::string_view standard_input, const std::function<int()>& body) {
  auto input = pipe_pair();
  auto output = pipe_pair();
  auto errors = pipe_pair();
  std::fflush(stdout); // or the child prints once more what this process has printed
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(input.read.number(), STDIN_FILENO);
    ::dup2(output.write.number(), STDOUT_FILENO);
    ::dup2(errors.write.number(), STDERR_FILENO);
    ::_exit(body());
  }
  output.write.reset();
  errors.write.reset();
  write_all(input.write, standard_input);
  input.write.reset();
  observed seen;
  seen.output = read_bytes(output.read, 10'000);
  seen.errors = read_bytes(errors.read, 10'000);
  int status = 0;
  ::waitpid(child, &status, 0);
  seen.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return seen;
}

} // namespace

TEST(protocol_streams, sends_what_anybody_prints_to_standard_error) {
  const auto seen = in_child("", [] {
    const auto streams = take_protocol_streams();
    std::puts("a library says hello");
    std::fflush(stdout);
    write_all(streams.value().output, "{}\n");
    return 0;
  });
  EXPECT_EQ(seen.output, "{}\n");
  EXPECT_EQ(seen.errors, "a library says hello\n");
}

TEST(protocol_streams, leave_nothing_on_standard_input_for_others) {
  const auto seen = in_child("for the session\n", [] {
    const auto streams = take_protocol_streams();
    char byte = 0;
    const auto eaten = ::read(STDIN_FILENO, &byte, 1);
    write_all(streams.value().output, read_line(streams.value().input));
    return eaten == 0 ? 0 : 1;
  });
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.output, "for the session");
}

TEST(protocol_streams, are_not_inherited_by_child_processes) {
  const auto seen = in_child("", [] {
    const auto streams = take_protocol_streams();
    const auto flags_of = [](const descriptor& each) { return ::fcntl(each.number(), F_GETFD); };
    return flags_of(streams->input) == FD_CLOEXEC && flags_of(streams->output) == FD_CLOEXEC ? 0
                                                                                             : 1;
  });
  EXPECT_EQ(seen.exit_code, 0);
}

TEST(protocol_streams, work_with_standard_error_closed) {
  const auto seen = in_child("", [] {
    ::close(STDERR_FILENO);
    const auto streams = take_protocol_streams();
    std::puts("lost");
    std::fflush(stdout);
    write_all(streams.value().output, "{}\n");
    return ::fcntl(STDERR_FILENO, F_GETFD) >= 0 ? 0 : 1;
  });
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.output, "{}\n");
}

TEST(protocol_streams, say_what_is_missing_when_standard_output_is_closed) {
  const auto seen = in_child("", [] {
    ::close(STDOUT_FILENO);
    const auto streams = take_protocol_streams();
    if (streams) {
      return 1;
    }
    const descriptor errors{::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)};
    write_all(errors, streams.error().message);
    return 0;
  });
  EXPECT_EQ(seen.exit_code, 0);
  EXPECT_EQ(seen.errors, "Standard input and standard output have to be open: an MCP client speaks "
                         "over them. Start this server from a client, or see --help.");
}

} // namespace nats_mcp::transport::protocol_streams_test
