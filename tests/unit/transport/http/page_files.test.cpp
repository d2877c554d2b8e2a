// SPDX-License-Identifier: MIT
// The page is in the program as it stands in its files, and needs nothing from elsewhere.
#include "transport/http/page_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nats_mcp::transport::page_files_test {
namespace {

TEST(the_page, is_there_with_its_types) {
  ASSERT_NE(find_page_file("/index.html"), nullptr);
  EXPECT_EQ(find_page_file("/index.html")->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(find_page_file("/page.css")->content_type, "text/css; charset=utf-8");
  EXPECT_EQ(find_page_file("/page.js")->content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(find_page_file("/icon.svg")->content_type, "image/svg+xml");
  EXPECT_EQ(find_page_file("/"), nullptr);
  EXPECT_EQ(find_page_file("page.js"), nullptr);
}

TEST(the_page, needs_nothing_from_elsewhere) {
  for (const auto& one : page_files()) {
    const std::string content{one.content};
    for (const auto* elsewhere :
         {"src=\"http", "href=\"http", "url(http", "from \"http", "@import"}) {
      EXPECT_EQ(content.find(elsewhere), std::string::npos) << one.path;
    }
  }
}

TEST(the_page, makes_no_markup_of_text) {
  for (const auto& one : page_files()) {
    const std::string content{one.content};
    for (const auto* sink : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                             "eval(", "new Function", "javascript:", " onclick=", "style=\""}) {
      EXPECT_EQ(content.find(sink), std::string::npos) << one.path << " has " << sink;
    }
  }
}

} // namespace
} // namespace nats_mcp::transport::page_files_test
