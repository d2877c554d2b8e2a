// SPDX-License-Identifier: MIT
// A directory of its own for one test, gone with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <utility>

namespace nats_mcp::testing {

/// Makes a fresh directory (0700) below the system's temporary directory; removes it with all it
/// holds.
class temporary_directory {
public:
  temporary_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "nats-mcp-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make a temporary directory like " + pattern);
    }
    path_ = pattern;
  }
  temporary_directory(temporary_directory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}
  temporary_directory& operator=(temporary_directory&&) = delete;
  ~temporary_directory() {
    std::error_code failure;
    if (!path_.empty()) {
      std::filesystem::remove_all(path_, failure);
    }
  }

  /// Writes a file into it.
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name} << text;
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace nats_mcp::testing
