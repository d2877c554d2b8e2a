// SPDX-License-Identifier: MIT
// Prometheus's text format, read strictly: what its description does not allow is a failure of the
// test that reads it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nats_mcp::coordination {

using label_set = std::vector<std::pair<std::string, std::string>>;

struct scraped_family {
  std::string help;
  std::string type;
  std::map<label_set, double> samples;
};

class scraper {
public:
  explicit scraper(std::string_view text)
    : left_{text} {
    while (!left_.empty()) {
      line();
    }
  }

  [[nodiscard]] const std::map<std::string, scraped_family>& families() const noexcept {
    return families_;
  }

private:
  void line() {
    const auto end = left_.find('\n');
    if (end == std::string_view::npos) {
      ADD_FAILURE() << "the last line is not ended";
      left_ = {};
      return;
    }
    rest_ = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    if (take("# HELP ")) {
      const auto name = word();
      EXPECT_FALSE(families_.contains(name)) << name << " comes twice";
      take(" ");
      families_[name].help = std::string{rest_};
      current_ = name;
    } else if (take("# TYPE ")) {
      EXPECT_EQ(word(), current_);
      take(" ");
      families_[current_].type = std::string{rest_};
    } else {
      sample();
    }
  }

  void sample() {
    EXPECT_EQ(word(), current_) << "a sample outside its family";
    label_set labels;
    if (take("{")) {
      do {
        auto name = word();
        EXPECT_TRUE(take("=\"")) << rest_;
        labels.emplace_back(std::move(name), value());
      } while (take(","));
      EXPECT_TRUE(take("}")) << rest_;
    }
    EXPECT_TRUE(take(" ")) << rest_;
    char* end = nullptr;
    const std::string digits{rest_};
    const auto number = std::strtod(digits.c_str(), &end);
    EXPECT_EQ(*end, '\0') << digits;
    EXPECT_TRUE(families_[current_].samples.emplace(labels, number).second) << "the same twice";
  }

  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) {
      return false;
    }
    rest_.remove_prefix(what.size());
    return true;
  }
  std::string word() {
    const auto end =
      rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
    const auto out = std::string{rest_.substr(0, end)};
    EXPECT_FALSE(out.empty()) << rest_;
    rest_.remove_prefix(out.size());
    return out;
  }
  std::string value() {
    std::string out;
    while (!rest_.empty() && !take("\"")) {
      if (take("\\\\")) {
        out += '\\';
      } else if (take("\\\"")) {
        out += '"';
      } else if (take("\\n")) {
        out += '\n';
      } else {
        EXPECT_NE(rest_.front(), '\\') << "an escape that is none";
        out += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return out;
  }

  std::string_view left_;
  std::string_view rest_;
  std::string current_;
  std::map<std::string, scraped_family> families_;
};

inline std::map<std::string, scraped_family> scrape(std::string_view text) {
  return scraper{text}.families();
}

} // namespace nats_mcp::coordination
