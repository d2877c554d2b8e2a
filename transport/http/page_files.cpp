// SPDX-License-Identifier: MIT
#include "transport/http/page_files.hpp"

#include <algorithm>

namespace nats_mcp::transport {

const page_file* find_page_file(std::string_view path) noexcept {
  const auto all = page_files();
  const auto found =
    std::find_if(all.begin(), all.end(), [path](const page_file& one) { return one.path == path; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace nats_mcp::transport
