// SPDX-License-Identifier: MIT
#include "transport/engine/engine_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

constexpr mode_t private_directory = 0700;
constexpr mode_t private_file = 0600;

/// NFS, SMB 1, SMB 2 and CIFS: there a flock is emulated by locks that a child does not inherit.
constexpr std::array<std::uint32_t, 4> network_file_systems{0x6969U, 0x517BU, 0xFE534D42U,
                                                            0xFF534D42U};

result<void> check_file_system(const std::filesystem::path& directory) {
  struct statfs facts {};
  if (::statfs(directory.c_str(), &facts) != 0) {
    return tl::make_unexpected(system_failure("Cannot examine " + directory.string(), errno));
  }
  const auto type = static_cast<std::uint32_t>(facts.f_type);
  if (std::find(network_file_systems.begin(), network_file_systems.end(), type)
      != network_file_systems.end()) {
    return fail(
      ec::system_error,
      "The local NATS engine cannot keep its store in " + directory.string()
        + ", which is on a network file system: locks do not protect it there. Set "
          "XDG_DATA_HOME to a directory on a local disk, or NATS_URL to a running server.");
  }
  return {};
}

} // namespace

result<void> engine_files::prepare() const {
  std::error_code failure;
  std::filesystem::create_directories(directory_.parent_path(), failure);
  if (::mkdir(directory_.c_str(), private_directory) != 0 && errno != EEXIST) {
    return tl::make_unexpected(system_failure(
      "Cannot make the local NATS engine's directory " + directory_.string(), errno));
  }
  struct stat facts {};
  if (::lstat(directory_.c_str(), &facts) != 0) {
    return tl::make_unexpected(system_failure("Cannot examine " + directory_.string(), errno));
  }
  if (!S_ISDIR(facts.st_mode) || facts.st_uid != ::geteuid()) {
    return fail(ec::system_error, "The local NATS engine's directory " + directory_.string()
                                    + " is not a directory of this user (user id "
                                    + std::to_string(::geteuid())
                                    + "): set HOME or XDG_DATA_HOME to one that is.");
  }
  if ((facts.st_mode & 07777U) != private_directory
      && ::chmod(directory_.c_str(), private_directory) != 0) {
    return tl::make_unexpected(
      system_failure("Cannot keep others out of " + directory_.string(), errno));
  }
  return check_file_system(directory_);
}

result<descriptor> take_lock(const std::filesystem::path& file, lock_kind kind) {
  descriptor opened{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file)};
  if (!opened) {
    return tl::make_unexpected(system_failure("Cannot open " + file.string(), errno));
  }
  const auto operation = (kind == lock_kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(opened.number(), operation) != 0) {
    if (errno == EWOULDBLOCK) {
      return fail(ec::busy, "The lock " + file.string() + " is held by another process.");
    }
    if (errno != EINTR) {
      return tl::make_unexpected(system_failure("Cannot lock " + file.string(), errno));
    }
  }
  return opened;
}

bool is_same_file(const descriptor& opened, const std::filesystem::path& file) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(opened.number(), &ours) == 0 && ::stat(file.c_str(), &named) == 0
         && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

result<void> replace_file(const std::filesystem::path& file, std::string_view text) {
  auto temporary = file;
  temporary += ".new";
  ::unlink(temporary.c_str());
  descriptor opened{
    ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_file)};
  while (opened && !text.empty()) {
    const auto count = ::write(opened.number(), text.data(), text.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      break;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!opened || !text.empty() || ::rename(temporary.c_str(), file.c_str()) != 0) {
    return tl::make_unexpected(system_failure("Cannot write " + file.string(), errno));
  }
  return {};
}

result<descriptor> open_log(const std::filesystem::path& file) {
  descriptor opened{
    ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, private_file)};
  if (!opened) {
    return tl::make_unexpected(system_failure("Cannot open the log " + file.string(), errno));
  }
  return opened;
}

} // namespace nats_mcp::transport
