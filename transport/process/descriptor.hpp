// SPDX-License-Identifier: MIT
// A file descriptor with one owner, so that every way out of a function closes it.
#pragma once

#include "protocol/error.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace nats_mcp::transport {

/// Owns one file descriptor, or none. Not thread-safe.
class descriptor {
public:
  descriptor() noexcept = default;
  /// Takes ownership of `number`; negative means none.
  explicit descriptor(int number) noexcept
    : number_(number) {}
  descriptor(descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~descriptor() { reset(); }

  /// The number, -1 when there is none. Stays owned.
  [[nodiscard]] int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  /// Closes it now.
  void reset() noexcept;

private:
  int number_ = -1;
};

/// Both ends of a pipe, neither inherited by child processes.
struct pipe_ends {
  descriptor read;
  descriptor write;
};
[[nodiscard]] result<pipe_ends> make_pipe();

/// `doing` and what the operating system says about `error_number`, such as
/// "Cannot open /x/y: Permission denied (errno 13)."
[[nodiscard]] error system_failure(std::string_view doing, int error_number);

} // namespace nats_mcp::transport
