// SPDX-License-Identifier: MIT
#include "transport/process/descriptor.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace nats_mcp::transport {

void descriptor::reset() noexcept {
  if (number_ >= 0) {
    ::close(std::exchange(number_, -1));
  }
}

result<pipe_ends> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::make_unexpected(system_failure("Cannot make a pipe", errno));
  }
  return pipe_ends{descriptor{ends[0]}, descriptor{ends[1]}};
}

error system_failure(std::string_view doing, int error_number) {
  return {ec::system_error,
          std::string{doing} + ": " + std::system_category().message(error_number) + " (errno "
            + std::to_string(error_number) + ").",
          0};
}

} // namespace nats_mcp::transport
