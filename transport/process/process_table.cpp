// SPDX-License-Identifier: MIT
#include "transport/process/process_table.hpp"

#include "transport/process/descriptor.hpp"
#include "transport/process/process_handle.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

/// More than a machine's socket table can sensibly hold; beyond it a listener counts as not found.
constexpr std::size_t socket_table_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t stat_bytes_max = 4096;
/// "0A" in /proc/net/tcp.
constexpr std::string_view state_listening = "0A";
constexpr std::string_view loopback_address = "0100007F";
constexpr std::string_view every_address = "00000000";

/// Cuts the next word off the front of `text`; words are separated by blanks.
std::string_view next_word(std::string_view& text) noexcept {
  const auto first = std::min(text.find_first_not_of(' '), text.size());
  const auto last = std::min(text.find(' ', first), text.size());
  const auto word = text.substr(first, last - first);
  text.remove_prefix(last);
  return word;
}

template <class Number>
std::optional<Number> number_in(std::string_view word, int base) noexcept {
  Number number{};
  const auto* last = word.data() + word.size();
  const auto read = std::from_chars(word.data(), last, number, base);
  if (word.empty() || read.ec != std::errc{} || read.ptr != last) {
    return std::nullopt;
  }
  return number;
}

std::filesystem::path process_folder(pid_t pid) {
  return std::filesystem::path{"/proc"} / std::to_string(pid);
}

process_condition condition_from(char state) noexcept {
  switch (state) {
    case 'T':
    case 't':
      return process_condition::stopped;
    case 'Z':
    case 'X':
    case 'x':
      return process_condition::gone;
    default:
      return process_condition::running;
  }
}

/// Calls `visit` with the path of every descriptor of `pid` until it says true; says whether it
/// did.
template <class Visit>
bool any_descriptor(pid_t pid, Visit visit) {
  std::error_code failure;
  std::filesystem::directory_iterator entries{process_folder(pid) / "fd", failure};
  for (; !failure && entries != std::filesystem::directory_iterator{}; entries.increment(failure)) {
    if (visit(entries->path())) {
      return true;
    }
  }
  return false;
}

} // namespace

std::optional<process_facts> parse_process_stat(std::string_view text) {
  // "pid (name) state ppid …": the name may itself hold blanks and parentheses; field 22 is the
  // start.
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  auto front = text.substr(0, open);
  const auto pid = number_in<pid_t>(next_word(front), 10);
  auto rest = text.substr(close + 1);
  const auto state = next_word(rest);
  for (int field = 4; field < 22; ++field) {
    next_word(rest);
  }
  const auto start = number_in<std::uint64_t>(next_word(rest), 10);
  if (!pid || state.size() != 1 || !start) {
    return std::nullopt;
  }
  return process_facts{{*pid, *start},
                       condition_from(state.front()),
                       0,
                       std::string{text.substr(open + 1, close - open - 1)}};
}

std::optional<process_facts> look_up(pid_t pid) {
  const auto folder = process_folder(pid);
  const auto text = read_small_file(folder / "stat", stat_bytes_max);
  struct stat owner {};
  if (!text || ::stat(folder.c_str(), &owner) != 0) {
    return std::nullopt;
  }
  auto facts = parse_process_stat(*text);
  if (facts) {
    facts->user = owner.st_uid;
  }
  return facts;
}

process_condition condition_of(const process_identity& process) {
  const auto facts = look_up(process.pid);
  return facts && facts->identity == process ? facts->condition : process_condition::gone;
}

bool signal_process(const process_identity& process, int number) {
  // The handle is taken first: from then on the number cannot be given to another process
  // unnoticed.
  const auto handle = open_process(process.pid);
  return handle && condition_of(process) != process_condition::gone && send_signal(handle, number);
}

std::optional<listening_socket> find_loopback_listener(std::string_view table, std::uint16_t port) {
  std::optional<listening_socket> found;
  while (!table.empty()) {
    const auto end = std::min(table.find('\n'), table.size());
    auto row = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    next_word(row); // the row's number
    const auto local = next_word(row);
    next_word(row); // the remote address
    const auto state = next_word(row);
    const auto colon = local.find(':');
    if (state != state_listening || colon == std::string_view::npos
        || number_in<std::uint16_t>(local.substr(colon + 1), 16) != port) {
      continue;
    }
    const auto address = local.substr(0, colon);
    if (address != loopback_address && (address != every_address || found)) {
      continue;
    }
    for (int field = 4; field < 7; ++field) {
      next_word(row); // queues, timer, retransmissions
    }
    const auto user = number_in<uid_t>(next_word(row), 10);
    next_word(row); // timeout
    const auto inode = number_in<std::uint64_t>(next_word(row), 10);
    if (user && inode) {
      found = listening_socket{*user, *inode};
    }
    if (address == loopback_address) {
      return found;
    }
  }
  return found;
}

bool owns_loopback_listener(const process_identity& process, std::uint16_t port) {
  const auto facts = look_up(process.pid);
  if (!facts || facts->identity != process || facts->condition == process_condition::gone
      || facts->user != ::geteuid()) {
    return false;
  }
  const auto table = read_small_file("/proc/net/tcp", socket_table_bytes_max);
  const auto listener = table ? find_loopback_listener(*table, port) : std::nullopt;
  if (!listener || listener->user != ::geteuid()) {
    return false;
  }
  const auto link = "socket:[" + std::to_string(listener->inode) + "]";
  return any_descriptor(process.pid, [&](const std::filesystem::path& entry) {
    std::error_code failure;
    return std::filesystem::read_symlink(entry, failure) == link;
  });
}

std::vector<process_facts> processes_with_open(const std::filesystem::path& file) {
  std::vector<process_facts> found;
  struct stat wanted {};
  if (::stat(file.c_str(), &wanted) != 0) {
    return found;
  }
  std::error_code failure;
  std::filesystem::directory_iterator entries{"/proc", failure};
  for (; !failure && entries != std::filesystem::directory_iterator{}; entries.increment(failure)) {
    const auto name = entries->path().filename().string();
    const auto pid = number_in<pid_t>(name, 10);
    if (!pid || *pid == ::getpid()) {
      continue;
    }
    const auto has_it = any_descriptor(*pid, [&](const std::filesystem::path& entry) {
      struct stat opened {};
      return ::stat(entry.c_str(), &opened) == 0 && opened.st_dev == wanted.st_dev
             && opened.st_ino == wanted.st_ino;
    });
    if (has_it) {
      if (auto facts = look_up(*pid); facts && facts->condition != process_condition::gone) {
        found.push_back(std::move(*facts));
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    return left.identity.pid < right.identity.pid;
  });
  return found;
}

std::filesystem::path own_executable() {
  std::error_code failure;
  const std::filesystem::path link{"/proc/self/exe"};
  const auto file = std::filesystem::read_symlink(link, failure);
  return !failure && std::filesystem::exists(file, failure) ? file : link;
}

std::optional<std::string> read_small_file(const std::filesystem::path& file,
                                           std::size_t bytes_max) {
  const descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!opened) {
    return std::nullopt;
  }
  std::string text;
  std::array<char, 16384> block{};
  while (text.size() <= bytes_max) {
    const auto count = ::read(opened.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return std::nullopt;
    }
    if (count == 0) {
      return text;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

} // namespace nats_mcp::transport
