// SPDX-License-Identifier: MIT
// What writing JSON promises: one line, valid UTF-8, never a failure.
#include "protocol/json/writer.hpp"

#include "protocol/json/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace nats_mcp::json::writer_test {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

std::string written(double number) {
  std::string out;
  append_number(out, number);
  return out;
}

TEST(json_writer, escapes_every_control_character) {
  for (int code = 0; code < 0x20; ++code) {
    const auto text = written(std::string(1, static_cast<char>(code)));
    EXPECT_EQ(text.find_first_of(std::string_view{"\0\n\r\t", 4}), std::string::npos) << code;
    EXPECT_EQ(parse(text).value(), std::string(1, static_cast<char>(code)));
  }
  EXPECT_EQ(written("a\nb\"c\\d\te\x1b\x7f"), R"("a\nb\"c\\d\te\u001b\u007f")");
}

TEST(json_writer, leaves_other_characters_as_they_are) {
  EXPECT_EQ(written("grüße 日本 😀 / <>&"), "\"grüße 日本 😀 / <>&\"");
}

TEST(json_writer, replaces_each_broken_byte) {
  EXPECT_EQ(written("a\xff"
                    "b"),
            "\"a\uFFFDb\"");
  EXPECT_EQ(written("\xe2\x82"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xf0\x9f\x98"
                    "x\n"),
            "\"\uFFFD\uFFFD\uFFFDx\\n\"");
}

TEST(json_writer, writes_broken_text_inside_documents_too) {
  const value document{{"k\xff", "v\xc3"}};
  EXPECT_EQ(write(document), "{\"k\uFFFD\":\"v\uFFFD\"}");
}

TEST(json_writer, writes_numbers_in_their_shortest_form) {
  EXPECT_EQ(written(3.0), "3");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(-2.5e-7), "-2.5e-07");
  EXPECT_EQ(parse(written(1e300)).value(), 1e300);
}

TEST(json_writer, writes_null_for_what_json_cannot_say) {
  EXPECT_EQ(written(std::nan("")), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(write(value(value::value_t::discarded)), "null");
}

TEST(utf8, cuts_between_characters) {
  EXPECT_EQ(shortened("hello", 5), "hello");
  EXPECT_EQ(shortened("hello", 4), "hell…");
  EXPECT_EQ(shortened("aé", 2), "a…");
  EXPECT_EQ(shortened("😀😀", 7), "😀…");
}

TEST(utf8, measures_only_well_formed_sequences) {
  EXPECT_EQ(sequence_length(""), 0U);
  EXPECT_EQ(sequence_length("a"), 1U);
  EXPECT_EQ(sequence_length("é"), 2U);
  EXPECT_EQ(sequence_length("€"), 3U);
  EXPECT_EQ(sequence_length("😀"), 4U);
  EXPECT_EQ(sequence_length("\xe0\x80\x80"), 0U) << "overlong";
  EXPECT_EQ(sequence_length("\xf4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(sequence_length("\x80"), 0U) << "a continuation byte alone";
}

TEST(writer, writes_numbers_so_that_they_stay_what_they_are) {
  for (const auto* text : {"[-0.0]", "[0]", "[-1.5]", R"({"id":1e+300})",
                           R"({"requestId":-9999990456789100000})", R"([-9999990456789100000])"}) {
    const auto once = write(parse(text).value());
    EXPECT_EQ(write(parse(once).value()), once) << text;
  }
  EXPECT_EQ(write(parse("[-0.0]").value()), "[-0.0]");
}

/// Any document of at most `depth` levels.
value any_document(int depth) {
  switch (*rc::gen::inRange(0, depth == 0 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return *rc::gen::arbitrary<double>();
    case 4:
      return *rc::gen::container<std::string>(rc::gen::element('a', '"', '\\', '\n', '\x7f', '\0'));
    case 5: {
      auto list = value::array();
      for (auto count = *rc::gen::inRange(0, 4); count > 0; --count) {
        list.push_back(any_document(depth - 1));
      }
      return list;
    }
    default: {
      auto object = value::object();
      for (auto count = *rc::gen::inRange(0, 4); count > 0; --count) {
        object[*rc::gen::element<std::string>("", "a", "b\n", "ü", "~/")] = any_document(depth - 1);
      }
      return object;
    }
  }
}

RC_GTEST_PROP(writer, writes_any_document_so_that_it_is_read_back, ()) {
  const auto document = any_document(4);
  const auto text = write(document);
  RC_ASSERT(text.find('\n') == std::string::npos);
  const auto back = parse(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == document);
}

} // namespace
} // namespace nats_mcp::json::writer_test
