// SPDX-License-Identifier: MIT
// Reading pages of a stream: short-lived consumers, bounded pulls, one page of it all.
#include "actors/work/page_reader.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::testing {
namespace {

using numbers = std::vector<std::uint64_t>;

/// A stream as far as reading goes: consumers with a filter each, pulls bounded by bytes.
class stream_to_read {
public:
  void store(const std::string& subject, std::size_t bytes = 1) {
    jetstream::delivery one;
    one.subject = subject;
    one.payload = std::string(bytes, 'x');
    one.stream_sequence = ++last_;
    messages_.push_back(std::move(one));
  }

  result<jetstream::api_reply> api(const jetstream::api_request& request) {
    verbs.push_back(request.verb);
    if (why_not) {
      return tl::make_unexpected(*why_not);
    }
    if (request.verb.starts_with("CONSUMER.DELETE.")) {
      return jetstream::api_reply{};
    }
    const auto body = json::parse(request.body);
    const auto& config = (*body)["config"];
    const auto name = config["name"].get<std::string>();
    auto& here = consumers_[name];
    for (const auto& message : messages_) {
      if (message.stream_sequence >= config["opt_start_seq"].get<std::uint64_t>()
          && message.subject == config["filter_subject"].get<std::string>()) {
        here.push_back(message);
      }
    }
    return jetstream::api_reply{json::write({{"num_pending", here.size() + promised_too_much}})};
  }

  result<jetstream::pull_result> pull(const jetstream::pull& wanted) {
    pulls.push_back(wanted);
    jetstream::pull_result out;
    auto& here = consumers_.at(wanted.consumer);
    std::size_t bytes = 0;
    while (!here.empty() && out.deliveries.size() < wanted.batch) {
      bytes += here.front().payload.size();
      if (wanted.bytes_max > 0 && bytes > wanted.bytes_max) {
        out.end = jetstream::pull_end::bytes_full;
        return out;
      }
      out.deliveries.push_back(std::move(here.front()));
      here.erase(here.begin());
    }
    if (out.deliveries.size() < wanted.batch) {
      // The second as nats-server 2.9 and 2.10 say it.
      out.end =
        out.deliveries.empty() ? jetstream::pull_end::no_messages : jetstream::pull_end::expired;
    }
    if (end) {
      out.end = *end;
    }
    return out;
  }

  [[nodiscard]] std::size_t asked(const std::string& what) const {
    return static_cast<std::size_t>(std::count_if(
      verbs.begin(), verbs.end(), [&](const auto& verb) { return verb.starts_with(what); }));
  }

  std::vector<std::string> verbs;
  std::vector<jetstream::pull> pulls;
  /// Why nothing works.
  std::optional<error> why_not;
  /// How every pull ends.
  std::optional<jetstream::pull_end> end;
  /// Messages that went between the count and the pull.
  std::size_t promised_too_much = 0;

private:
  std::uint64_t last_ = 0;
  std::vector<jetstream::delivery> messages_;
  std::map<std::string, std::vector<jetstream::delivery>> consumers_;
};

class reading_pages : public ::testing::Test {
protected:
  result<work::stream_page> read(std::vector<std::string> filters, work::page_bounds bounds,
                                 std::uint64_t start = 1) {
    std::optional<result<work::stream_page>> out;
    reader_.start({"STREAM", std::move(filters), start, bounds, monotonic_time{}},
                  [&](const result<work::stream_page>& page) { out = page; });
    return out.value_or(fail(ec::timeout, "It never answered."));
  }

  static numbers sequences(const result<work::stream_page>& page) {
    numbers out;
    for (const auto& message : page.value_or(work::stream_page{}).messages) {
      out.push_back(message.stream_sequence);
    }
    return out;
  }

  stream_to_read stream_;

private:
  std::uint64_t bits_ = 0;
  page_reader reader_{
    [this](const jetstream::api_request& what, const api_answered& then) {
      then(stream_.api(what));
    },
    [this](const jetstream::pull& what, const pull_answered& then) { then(stream_.pull(what)); },
    [this] { return ++bits_; }};
};

TEST_F(reading_pages, of_several_subjects_gives_one_page_in_the_order_of_the_stream) {
  for (const auto* subject : {"a", "b", "a", "c", "b"}) {
    stream_.store(subject);
  }
  const auto page = read({"a", "b"}, {10, 1000});
  EXPECT_EQ(sequences(page), (numbers{1, 2, 3, 5}));
  EXPECT_FALSE(page->next);
  EXPECT_EQ(stream_.asked("CONSUMER.CREATE."), 2U);
  EXPECT_EQ(stream_.asked("CONSUMER.DELETE."), 2U) << "nothing is left behind";
}

TEST_F(reading_pages, says_where_the_next_one_begins) {
  for (auto count = 0; count < 7; ++count) {
    stream_.store(count % 3 == 0 ? "a" : "b");
  }
  numbers all;
  std::optional<std::uint64_t> next = 1;
  while (next && all.size() < 10) {
    const auto page = read({"a", "b"}, {2, 1000}, *next);
    ASSERT_TRUE(page);
    for (const auto sequence : sequences(page)) {
      all.push_back(sequence);
    }
    next = page->next;
  }
  EXPECT_EQ(all, (numbers{1, 2, 3, 4, 5, 6, 7}));
}

TEST_F(reading_pages, stops_at_its_bytes) {
  for (auto count = 0; count < 5; ++count) {
    stream_.store("a", 40);
  }
  const auto page = read({"a"}, {10, 100});
  EXPECT_EQ(sequences(page), (numbers{1, 2}));
  EXPECT_EQ(page->next, 3U);
}

TEST_F(reading_pages, shows_one_message_however_large_it_is) {
  stream_.store("a", 500);
  stream_.store("a", 10);
  const auto page = read({"a"}, {10, 100});
  EXPECT_EQ(sequences(page), numbers{1});
  EXPECT_EQ(page->next, 2U);
  EXPECT_EQ(stream_.pulls.back().batch, 1U);
}

TEST_F(reading_pages, never_pulls_without_end) {
  const auto many = limits::page_batch_max + 1;
  for (std::uint64_t count = 0; count < many; ++count) {
    stream_.store("a");
  }
  const auto page = read({"a"}, {many, 1'000'000});
  EXPECT_EQ(page->messages.size(), many);
  EXPECT_FALSE(page->next);
  ASSERT_EQ(stream_.pulls.size(), 2U);
  EXPECT_EQ(stream_.pulls.front().batch, limits::page_batch_max);
}

TEST_F(reading_pages, pulls_nothing_where_nothing_is) {
  const auto page = read({"a"}, {10, 100});
  EXPECT_EQ(sequences(page), numbers{});
  EXPECT_TRUE(stream_.pulls.empty());
  EXPECT_TRUE(read({}, {10, 100})) << "of nothing gives nothing";
}

TEST_F(reading_pages, takes_a_stream_that_does_not_exist_for_an_empty_one) {
  stream_.why_not = error{ec::not_found, "No stream.", 0};
  const auto page = read({"a", "b"}, {10, 100});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->messages.empty());
}

TEST_F(reading_pages, is_content_with_fewer_messages_than_were_counted) {
  stream_.promised_too_much = 3;
  EXPECT_EQ(sequences(read({"a"}, {10, 100})), numbers{});
  stream_.store("a");
  const auto page = read({"a"}, {10, 100});
  EXPECT_EQ(sequences(page), numbers{1});
  EXPECT_FALSE(page->next);
  stream_.end = jetstream::pull_end::no_messages; // as 2.15 says it
  EXPECT_EQ(sequences(read({"a"}, {10, 100})), numbers{1});
}

TEST_F(reading_pages, fails_when_it_may_have_missed_something) {
  stream_.store("a");
  for (const auto end : {jetstream::pull_end::silence, jetstream::pull_end::disconnected,
                         jetstream::pull_end::consumer_gone, jetstream::pull_end::no_responders}) {
    stream_.end = end;
    EXPECT_EQ(read({"a"}, {10, 100}).error().code, ec::timeout);
  }
}

TEST_F(reading_pages, does_not_care_whether_a_consumer_was_made_that_it_never_heard_of) {
  stream_.why_not = error{ec::unknown_outcome, "No answer.", 0};
  EXPECT_EQ(read({"a"}, {10, 100}).error().code, ec::timeout) << "nothing was changed";
  stream_.why_not = error{ec::permission_denied, "Not allowed.", 0};
  EXPECT_EQ(read({"a"}, {10, 100}).error().code, ec::permission_denied);
}

} // namespace
} // namespace nats_mcp::testing
