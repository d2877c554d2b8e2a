// SPDX-License-Identifier: MIT
#include "transport/engine/engine_log.hpp"

#include "protocol/limits.hpp"

#include "transport/process/process_table.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <sys/stat.h>
#include <unistd.h>

namespace nats_mcp::transport {

namespace {

constexpr std::size_t quoted_line_bytes_max = 300;

std::string timestamp() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

} // namespace

engine_log::engine_log(engine_files files, descriptor file)
  : files_(std::move(files))
  , file_(std::move(file)) {
  // nop
}

result<engine_log> engine_log::open(const engine_files& files) {
  auto file = open_log(files.log());
  if (!file) {
    return tl::make_unexpected(file.error());
  }
  engine_log log{files, std::move(*file)};
  log.keep_bounded();
  return log;
}

void engine_log::note(std::string_view sentence) const {
  const auto line = "[" + std::to_string(::getpid()) + "] " + timestamp() + " [engine] "
                    + std::string{sentence} + "\n";
  // A full disk must not end the engine; there is nobody else to tell.
  [[maybe_unused]] const auto written = ::write(file_.number(), line.data(), line.size());
}

void engine_log::keep_bounded() const {
  struct stat facts {};
  if (::fstat(file_.number(), &facts) != 0
      || static_cast<std::size_t>(facts.st_size) <= limits::engine_log_bytes_max) {
    return;
  }
  std::error_code failure;
  std::filesystem::copy_file(files_.log(), files_.older_log(),
                             std::filesystem::copy_options::overwrite_existing, failure);
  [[maybe_unused]] const auto emptied = ::ftruncate(file_.number(), 0);
}

std::string engine_log::last_line() const {
  auto text = read_small_file(files_.log(), 2 * limits::engine_log_bytes_max).value_or("");
  const auto last = text.find_last_not_of('\n');
  if (last == std::string::npos) {
    return {};
  }
  text.resize(last + 1);
  const auto before = text.rfind('\n');
  return text.substr(before == std::string::npos ? 0 : before + 1).substr(0, quoted_line_bytes_max);
}

} // namespace nats_mcp::transport
