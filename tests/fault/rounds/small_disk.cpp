// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/small_disk.hpp"

#include "transport/process/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <sys/mount.h>
#include <system_error>
#include <unistd.h>

namespace nats_mcp::testing {

namespace {

/// A larger one would take its memory from everybody.
constexpr std::uintmax_t shared_memory_max = 256UL * 1024UL * 1024UL;
const std::filesystem::path shared_memory{"/dev/shm"};

std::filesystem::path folder_below(const std::filesystem::path& where) {
  auto pattern = (where / "nats-mcp-disk-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error{"no folder below " + where.string()};
  }
  return pattern;
}

/// Mounts of this process are nobody else's from here on.
bool leave_the_others() {
  const auto user = ::geteuid();
  if (user != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
      return false;
    }
    std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
  } else if (::unshare(CLONE_NEWNS) != 0) {
    return false;
  }
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

} // namespace

small_disk::small_disk(std::size_t bytes)
  : path_{folder_below(std::filesystem::temp_directory_path())} {
  const auto size = "size=" + std::to_string(bytes);
  mounted_ = leave_the_others()
             && ::mount("tmpfs", path_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) == 0;
  if (mounted_) {
    return;
  }
  std::filesystem::remove(path_);
  std::error_code failure;
  const auto space = std::filesystem::space(shared_memory, failure);
  if (failure || space.capacity > shared_memory_max) {
    throw std::runtime_error{"a small disk needs the right to mount one, or a small /dev/shm"};
  }
  path_ = folder_below(shared_memory);
}

small_disk::~small_disk() {
  std::error_code ignored;
  if (mounted_) {
    ::umount2(path_.c_str(), MNT_DETACH);
  }
  std::filesystem::remove_all(path_, ignored);
}

void small_disk::fill() const {
  const transport::descriptor file{
    ::open(filling().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
  for (const std::size_t size : {65536UL, 1UL}) {
    const std::string block(size, 'x');
    while (::write(file.number(), block.data(), block.size()) > 0) {
      // nop: the last write may be a short one
    }
  }
}

void small_disk::free() const { std::filesystem::remove(filling()); }

} // namespace nats_mcp::testing
