// SPDX-License-Identifier: MIT
#include "actors/main/process_environment.hpp"

#include "protocol/config/loader.hpp"
#include "protocol/limits.hpp"

#include "transport/nats/certificate_files.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <pwd.h>
#include <sys/random.h>
#include <system_error>
#include <time.h>
#include <unistd.h>

extern char** environ; // POSIX

namespace nats_mcp {

namespace {

std::chrono::nanoseconds read_clock(clockid_t which) {
  timespec now{};
  ::clock_gettime(which, &now); // cannot fail for these clocks
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

std::chrono::nanoseconds sleep_of_system() {
  return read_clock(CLOCK_BOOTTIME) - read_clock(CLOCK_MONOTONIC);
}

/// Numbers of the kernel, fetched a few at a time: each message needs some for its id.
std::uint64_t system_random() {
  // The kernel gives up to 256 bytes in one piece, without interruption.
  thread_local std::array<std::uint64_t, 32> numbers;
  thread_local std::size_t left = 0;
  if (left == 0) {
    // Cannot fail once the kernel's pool is up, which it is before any user logs in.
    while (::getrandom(numbers.data(), sizeof numbers, 0) != static_cast<ssize_t>(sizeof numbers)) {
      // interrupted before anything was read
    }
    left = numbers.size();
  }
  return numbers[--left];
}

std::string computer_name() {
  std::array<char, limits::hostname_characters_max + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string{name.data()}
                                                          : std::string{};
}

std::string user_name(const std::map<std::string, std::string>& variables) {
  for (const auto* variable : {"USER", "USERNAME"}) {
    if (const auto set = variables.find(variable); set != variables.end() && !set->second.empty()) {
      return set->second;
    }
  }
  std::array<char, 4096> texts{};
  passwd entry{};
  passwd* found = nullptr;
  const int failure = ::getpwuid_r(::getuid(), &entry, texts.data(), texts.size(), &found);
  return failure == 0 && found != nullptr ? std::string{entry.pw_name} : std::string{};
}

} // namespace

process_environment read_process_environment() {
  process_environment out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry{*variable};
    if (const auto equals = entry.find('='); equals != std::string_view::npos) {
      out.variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  std::error_code ignored;
  out.working_directory = std::filesystem::current_path(ignored);
  out.own_binary = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (const auto home = out.variables.find("HOME"); home != out.variables.end()) {
    out.home = home->second;
  }
  out.hostname = computer_name();
  out.user = user_name(out.variables);
  return out;
}

result<std::optional<std::string>> read_text_file(const std::filesystem::path& file) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory) {
    return std::optional<std::string>{};
  }
  if (failure) {
    return fail(ec::system_error, "Cannot read " + file.string() + ": " + failure.message() + ".");
  }
  if (size > limits::configuration_bytes_max) {
    return fail(ec::limit_exceeded,
                file.string() + " is larger than a configuration may be (1 MiB).");
  }
  std::ifstream stream{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream) {
    return fail(ec::system_error, "Cannot read " + file.string() + ".");
  }
  return std::optional<std::string>{std::move(text)};
}

config::loaded_configuration load_configuration(const process_environment& environment) {
  config::sources given;
  given.environment = environment.variables;
  given.working_directory = environment.working_directory.string();
  given.home_directory = environment.home.string();
  given.read_file = [](const std::string& path) { return read_text_file(path); };
  given.real_path = [](const std::string& path) {
    std::error_code failure;
    const auto resolved = std::filesystem::canonical(path, failure);
    return failure ? path : resolved.string();
  };
  auto loaded = config::load(given);
  if (!loaded.value.nats.tls_ca.empty()) {
    transport::distrust_system_authorities();
  }
  return loaded;
}

process_identity make_process_identity(const process_environment& environment,
                                       const random_source& random) {
  return {make_uuid(random), environment.hostname, environment.user, {}};
}

runtime real_world() {
  return {
    [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); },
    system_random,
    {},
    sleep_of_system,
  };
}

} // namespace nats_mcp
