// SPDX-License-Identifier: MIT
#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace nats_mcp::tidy {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> top_folders{"actors",   "deploy", "docs",
                                                      "protocol", "tests",  "transport"};

/// Blanks comments and literals of C++ text byte by byte; line ends stay where they are.
class masker {
public:
  explicit masker(std::string_view text)
    : text_(text)
    , out_(text) {
    // nop
  }

  std::string run() {
    while (at_ < text_.size()) {
      if (starts("//")) {
        blank_until("\n", keep_end);
      } else if (starts("/*")) {
        blank_until("*/", drop_end);
      } else if (starts("R\"")) {
        raw_literal();
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !in_number())) {
        literal(text_[at_]);
      } else {
        ++at_;
      }
    }
    return out_;
  }

private:
  enum end_of_blank { keep_end, drop_end };

  [[nodiscard]] bool starts(std::string_view what) const {
    return text_.substr(at_, what.size()) == what;
  }

  /// The digit separator of 10'000 is no quote.
  [[nodiscard]] bool in_number() const {
    return at_ > 0 && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0;
  }

  void blank(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_) {
      if (out_[at_] != '\n') {
        out_[at_] = ' ';
      }
    }
  }

  void blank_until(std::string_view stop, end_of_blank end) {
    const auto found = text_.find(stop, at_ + 2);
    blank(found == std::string_view::npos ? text_.size()
                                          : found + (end == drop_end ? stop.size() : 0));
  }

  void raw_literal() {
    const auto open = text_.find('(', at_);
    const auto stop = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    blank_until(stop, drop_end);
  }

  void literal(char quote) {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    blank(end + 1);
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

bool is_ours(const fs::directory_entry& entry) {
  const auto name = entry.path().filename().string();
  return name != "node_modules" && name != "build" && !name.starts_with('.');
}

bool ends_in(const std::string& name, const std::vector<std::string_view>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace

std::ostream& operator<<(std::ostream& out, const finding& value) {
  return out << value.path << ':' << value.line << ": error: " << value.text;
}

std::string to_text(const std::vector<finding>& findings) {
  std::ostringstream out;
  for (const auto& one : findings) {
    out << one << '\n';
  }
  return out.str();
}

source_file make_source(std::string path, std::string_view text) {
  return {std::move(path), split_lines(std::string(text)), split_lines(masker(text).run())};
}

std::vector<source_file> load_tree(const std::string& root,
                                   const std::vector<std::string_view>& endings) {
  std::vector<source_file> files;
  const auto add = [&](const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    files.push_back(make_source(path.lexically_relative(root).generic_string(), text));
  };
  const auto matches = [&](const fs::directory_entry& entry) {
    return entry.is_regular_file() && ends_in(entry.path().filename().string(), endings);
  };
  for (const auto& entry : fs::directory_iterator(root)) {
    if (matches(entry)) {
      add(entry.path());
    }
  }
  for (const auto folder : top_folders) {
    const auto start = fs::path(root) / folder;
    if (!fs::exists(start)) {
      continue;
    }
    for (auto entry = fs::recursive_directory_iterator(start);
         entry != fs::recursive_directory_iterator(); ++entry) {
      if (!is_ours(*entry)) {
        entry.disable_recursion_pending();
      } else if (matches(*entry)) {
        add(entry->path());
      }
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& left, const auto& right) { return left.path < right.path; });
  return files;
}

bool is_under(std::string_view path, const std::vector<std::string_view>& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view folder) { return path.starts_with(folder); });
}

} // namespace nats_mcp::tidy
