// SPDX-License-Identifier: MIT
#include "tests/support/secrets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <system_error>

namespace nats_mcp::testing {

namespace {

/// Agents may be driven, and started, by threads of their own.
std::mutex known_guard;

constexpr std::array plain_names{"NATS_TOKEN", "NATS_PASSWORD", "NATS_MCP_HTTP_TOKEN"};
constexpr std::array file_names{"NATS_CREDS", "NATS_NKEY_SEED_FILE"};
/// Whatever says who a process is; two ways at once are refused.
constexpr std::array ways_to_log_in{"NATS_CREDS", "NATS_NKEY_SEED_FILE", "NATS_TOKEN", "NATS_USER"};

std::string value_of(const std::map<std::string, std::string>& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string{} : found->second;
}

void add(std::vector<secret>& out, const std::string& origin, const std::string& text) {
  if (text.empty()) {
    return;
  }
  if (text.size() < secret_bytes_min) {
    throw std::runtime_error("the secret in " + origin + " is too short to be searched for");
  }
  out.push_back({origin, text});
  std::string in_json; // as the log writes it
  for (const char letter : text) {
    in_json += letter == '"' || letter == '\\' ? std::string{'\\', letter} : std::string{letter};
  }
  if (in_json != text) {
    out.push_back({origin, in_json});
  }
}

/// As it is used, where `%40` stands for `@`.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string{text.substr(at + 1, 2)}, nullptr, 16));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

void add_of_addresses(std::vector<secret>& out, std::string_view list) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto address = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) {
      continue;
    }
    address = address.substr(0, at);
    if (const auto scheme = address.find("://"); scheme != std::string_view::npos) {
      address.remove_prefix(scheme + 3);
    }
    const auto colon = address.find(':'); // without one, the user is a token
    const auto text = colon == std::string_view::npos ? address : address.substr(colon + 1);
    add(out, "NATS_URL", std::string{text});
    if (const auto plain = unescaped(text); plain != text) {
      add(out, "NATS_URL", plain);
    }
  }
}

/// Its lines, but for those around the keys that say what they are.
void add_of_file(std::vector<secret>& out, const char* name, const std::string& file) {
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line);) {
    if (line.size() >= secret_bytes_min && line.find_first_of(" *") == std::string::npos
        && line.find("-----") == std::string::npos) {
      out.push_back({std::string{"the file of "} + name, line});
    }
  }
}

bool holds(std::string_view text, std::string_view wanted) {
  return ::memmem(text.data(), text.size(), wanted.data(), wanted.size()) != nullptr;
}

std::vector<secret>& known() {
  static std::vector<secret> all;
  return all;
}

} // namespace

std::vector<secret> secrets_in(const std::map<std::string, std::string>& environment) {
  std::vector<secret> out;
  for (const auto* name : plain_names) {
    add(out, name, value_of(environment, name));
  }
  add_of_addresses(out, value_of(environment, "NATS_URL"));
  for (const auto* name : file_names) {
    add_of_file(out, name, value_of(environment, name));
  }
  return out;
}

void plant_secrets(std::map<std::string, std::string>& environment) {
  const bool says_who = std::any_of(ways_to_log_in.begin(), ways_to_log_in.end(),
                                    [&](const char* name) { return environment.contains(name); })
                        || value_of(environment, "NATS_URL").find('@') != std::string::npos;
  if (!says_who) {
    environment["NATS_TOKEN"] = "planted-token-of-nats-4f1c";
  }
  environment.try_emplace("NATS_MCP_HTTP_TOKEN", "planted-token-of-the-page-83ab");
}

secret_search::secret_search(std::vector<secret> wanted)
  : wanted_{std::move(wanted)} {
  for (const auto& one : wanted_) {
    longest_ = std::max(longest_, one.text.size());
  }
}

void secret_search::take(std::string_view piece) {
  if (wanted_.empty()) {
    return;
  }
  tail_ += piece;
  std::erase_if(wanted_, [this](const secret& one) {
    if (!holds(tail_, one.text)) {
      return false;
    }
    if (std::find(found_.begin(), found_.end(), one.origin) == found_.end()) {
      found_.push_back(one.origin);
    }
    return true;
  });
  if (tail_.size() >= longest_) {
    tail_.erase(0, tail_.size() - longest_ + 1);
  }
}

void remember_secrets(const std::vector<secret>& secrets) {
  const std::lock_guard guard{known_guard};
  for (const auto& one : secrets) {
    const auto same = [&one](const secret& old) { return old.text == one.text; };
    if (std::none_of(known().begin(), known().end(), same)) {
      known().push_back(one);
    }
  }
}

std::vector<secret> remembered_secrets() {
  const std::lock_guard guard{known_guard};
  return known();
}

void expect_no_secrets(const std::vector<secret>& secrets, std::string_view text,
                       const std::string& where) {
  secret_search search{secrets};
  search.take(text);
  report_secrets(search.found(), where);
}

void expect_no_secrets_below(const std::vector<secret>& secrets,
                             const std::filesystem::path& folder) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder, gone}) {
    if (!entry.is_regular_file(gone)) {
      continue;
    }
    secret_search search{secrets};
    std::ifstream file{entry.path(), std::ios::binary};
    std::string block(std::size_t{1024} * 1024, '\0');
    while (file) {
      file.read(block.data(), static_cast<std::streamsize>(block.size()));
      search.take(std::string_view{block}.substr(0, static_cast<std::size_t>(file.gcount())));
    }
    report_secrets(search.found(), entry.path().string());
  }
}

void report_secrets(const std::vector<std::string>& origins, const std::string& where) {
  for (const auto& origin : origins) {
    ADD_FAILURE() << "the secret in " << origin << " is shown in " << where;
  }
}

} // namespace nats_mcp::testing
