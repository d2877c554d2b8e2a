// SPDX-License-Identifier: MIT
// No process of a test shows what it was trusted with. Every process that is started on pipes gets
// secrets in its environment; what it writes to its client, to its log and to NATS is searched for
// them when the test ends, and the test fails if one is there. No text here ever repeats a secret.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::testing {

/// A secret, and where a process has it from.
struct secret {
  std::string origin;
  std::string text;
};

/// A shorter one would be found by chance.
inline constexpr std::size_t secret_bytes_min = 8;

/// What stands in an environment, and in the files it names: passwords and tokens in addresses,
/// NATS_TOKEN, NATS_PASSWORD, NATS_MCP_HTTP_TOKEN, seeds and credentials. Throws
/// `std::runtime_error` for one that is too short to be searched for.
[[nodiscard]] std::vector<secret> secrets_in(const std::map<std::string, std::string>& environment);

/// Adds secrets a NATS server without users does not ask for, unless the environment says already
/// who the process is. A name that is there stays as it is.
void plant_secrets(std::map<std::string, std::string>& environment);

/// Searches a text that comes in pieces.
class secret_search {
public:
  explicit secret_search(std::vector<secret> wanted);

  void take(std::string_view piece);

  /// Where the secrets that were found come from; each once.
  [[nodiscard]] const std::vector<std::string>& found() const noexcept { return found_; }

private:
  std::vector<secret> wanted_;
  std::vector<std::string> found_;
  /// The end of what came, as long as a secret may begin in it.
  std::string tail_;
  std::size_t longest_ = 0;
};

/// From now on these are searched for in everything any server of this program stores. Any thread.
void remember_secrets(const std::vector<secret>& secrets);
[[nodiscard]] std::vector<secret> remembered_secrets();

/// Fails the running test, once for each secret in `text`. @param where what the text is.
void expect_no_secrets(const std::vector<secret>& secrets, std::string_view text,
                       const std::string& where);

/// The same for every file below `folder`, whatever it holds.
void expect_no_secrets_below(const std::vector<secret>& secrets,
                             const std::filesystem::path& folder);

/// The same for what was found already.
void report_secrets(const std::vector<std::string>& origins, const std::string& where);

} // namespace nats_mcp::testing
