// SPDX-License-Identifier: MIT
// One test per transcript file; see README.md beside this file for their form and how to update
// them.
#include "tests/transcripts/player.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace nats_mcp::transcripts {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> all_transcripts() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{NATS_MCP_TRANSCRIPTS}) {
    if (entry.path().extension() == ".transcript") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Such as `legacy_handshake` for legacy/handshake.transcript.
std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  auto name = info.param.parent_path().filename().string() + '_' + info.param.stem().string();
  std::replace_if(
    name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

std::string content_of(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream{file}.rdbuf();
  return content.str();
}

class transcript : public testing::TestWithParam<fs::path> {};

TEST_P(transcript, is_what_the_server_says) {
  const auto expected = content_of(GetParam());
  const auto played = player::play(expected);
  if (std::getenv("NATS_MCP_UPDATE_TRANSCRIPTS") != nullptr) {
    std::ofstream{GetParam()} << played;
    return;
  }
  EXPECT_EQ(played, expected);
}

INSTANTIATE_TEST_SUITE_P(all, transcript, testing::ValuesIn(all_transcripts()), test_name);

TEST(transcripts, exist_for_every_era) {
  for (const auto* era : {"legacy", "modern", "dual"}) {
    const auto files = all_transcripts();
    EXPECT_TRUE(
      std::any_of(files.begin(), files.end(),
                  [&](const fs::path& file) { return file.parent_path().filename() == era; }))
      << era;
  }
}

} // namespace
} // namespace nats_mcp::transcripts
