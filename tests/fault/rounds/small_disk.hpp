// SPDX-License-Identifier: MIT
// A file system so small that it can be filled: a tmpfs of this process's own, gone with it; where
// nobody may mount one, as in a container, /dev/shm if that is small.
#pragma once

#include <cstddef>
#include <filesystem>

namespace nats_mcp::testing {

class small_disk {
public:
  /// Call it before any other thread is started: they and child processes see the mount only then.
  /// Throws `std::runtime_error` where there is no way to have one.
  explicit small_disk(std::size_t bytes);
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Until there is not a byte left.
  void fill() const;
  void free() const;

private:
  [[nodiscard]] std::filesystem::path filling() const { return path_ / "filling"; }

  std::filesystem::path path_;
  bool mounted_ = false;
};

} // namespace nats_mcp::testing
