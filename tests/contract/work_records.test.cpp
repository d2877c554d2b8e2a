// SPDX-License-Identifier: MIT
// The contract about the records of work and about dead letters: read by the page with consumers
// that begin anywhere, found by their exact names, replaced by the newest; and the server's clock.
#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/work/streams.hpp"

#include "tests/contract/gateway_contract.hpp"

namespace nats_mcp::testing {
namespace {

constexpr auto first_item = "11111111-1111-4111-8111-111111111111";
constexpr auto second_item = "22222222-2222-4222-8222-222222222222";

/// What one page of a stream holds.
struct page {
  std::uint64_t available = 0;
  strings texts;
  std::vector<std::uint64_t> sequences;
};

template <class World>
class work_records : public gateway_contract<World> {
protected:
  void make(const jetstream::stream_config& wanted) {
    const auto made =
      this->world_.ask(jetstream::create_stream_request(wanted, this->world_.in(this->patience)));
    ASSERT_TRUE(made) << made.error().message;
    const auto info = jetstream::parse_stream_info(made->body);
    ASSERT_TRUE(info) << info.error().message;
    auto known = info->config;
    known.other = wanted.other;
    known.age_by = wanted.age_by; // ours alone: who may raise it
    EXPECT_EQ(known, wanted) << "the server took it as it is meant";
  }

  void make_items() { make(work::items_stream({1h, 1})); }
  void make_letters() { make(work::dead_letter_stream({1h, 1})); }

  result<jetstream::kv_revision> write(const std::string& item, const std::string& value,
                                       std::optional<std::uint64_t> expected = {}) {
    return this->world_.ask(jetstream::kv_put{
      std::string{work::items_bucket}, item, value, expected, {}, this->world_.in(this->patience)});
  }

  /// The server's answer to whoever begins to read.
  result<jetstream::api_reply> begin(const std::string& stream, const std::string& pattern,
                                     const std::string& name, std::uint64_t from) {
    return this->world_.ask(
      jetstream::create_request({stream, pattern, name, from}, this->world_.in(this->patience)));
  }

  page read(const std::string& stream, const std::string& pattern, std::uint64_t from,
            std::uint32_t batch = 100) {
    const auto name = "page-" + std::to_string(++pages_);
    const auto begun = begin(stream, pattern, name, from);
    if (!begun) {
      ADD_FAILURE() << begun.error().message;
      return {};
    }
    page got;
    got.available = jetstream::available_messages(begun->body).value_or(~std::uint64_t{0});
    if (got.available == 0) {
      return got;
    }
    const auto pulled = this->world_.ask(
      jetstream::pull{stream, name, batch, 0ms, 0, this->world_.in(this->patience)});
    if (pulled) {
      got.texts = payloads(pulled->deliveries);
      for (const auto& one : pulled->deliveries) {
        got.sequences.push_back(one.stream_sequence);
      }
    }
    return got;
  }

  page read_items(std::uint64_t from, std::uint32_t batch = 100) {
    return read("KV_work_items", "$KV.work_items.>", from, batch);
  }

  int pages_ = 0;
};
TYPED_TEST_SUITE(work_records, worlds, world_name);

TYPED_TEST(work_records, are_read_from_anywhere_each_as_it_is_now) {
  this->make_items();
  for (const auto* key : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(this->write(key, std::string{key} + "1"));
  }
  ASSERT_TRUE(this->write("b", "b2"));
  const auto all = this->read_items(1);
  EXPECT_EQ(all.available, 4U);
  EXPECT_EQ(all.texts, (strings{"a1", "c1", "d1", "b2"})) << "the ones unchanged longest first";
  EXPECT_EQ(all.sequences, (std::vector<std::uint64_t>{1, 3, 4, 5}));
  const auto rest = this->read_items(2);
  EXPECT_EQ(rest.available, 3U);
  EXPECT_EQ(rest.texts, (strings{"c1", "d1", "b2"})) << "from a place where nothing is any more";
  EXPECT_EQ(this->read_items(3, 1).texts, strings{"c1"});
}

TYPED_TEST(work_records, beyond_the_newest_there_is_nothing_to_read) {
  this->make_items();
  EXPECT_EQ(this->read_items(1).available, 0U) << "in an empty bucket";
  ASSERT_TRUE(this->write("a", "a1"));
  EXPECT_EQ(this->read_items(2).available, 0U);
  EXPECT_EQ(this->read_items(900).available, 0U);
}

TYPED_TEST(work_records, written_while_somebody_reads_are_read_in_their_new_place) {
  this->make_items();
  for (const auto* key : {"a", "b", "c"}) {
    ASSERT_TRUE(this->write(key, std::string{key} + "1"));
  }
  ASSERT_TRUE(this->begin("KV_work_items", "$KV.work_items.>", "reader", 1));
  const auto pull = [&](std::uint32_t batch) {
    const auto pulled = this->world_.ask(
      jetstream::pull{"KV_work_items", "reader", batch, 0ms, 0, this->world_.in(this->patience)});
    return pulled ? payloads(pulled->deliveries) : strings{};
  };
  EXPECT_EQ(pull(1), strings{"a1"});
  ASSERT_TRUE(this->write("b", "b2"));
  ASSERT_TRUE(this->write("a", "a2"));
  EXPECT_EQ(pull(9), (strings{"c1", "b2", "a2"})) << "some a second time, none never";
}

TYPED_TEST(work_records, are_written_by_one_of_two_who_read_the_same) {
  this->make_items();
  const auto made = this->write(first_item, "pending", 0);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_TRUE(this->write(second_item, "of another item"));
  ASSERT_TRUE(this->write(first_item, "claimed by one", made->revision));
  const auto late = this->write(first_item, "claimed by another", made->revision);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ec::conflict);
  const auto found = this->lookup(first_item, std::string{work::items_bucket});
  ASSERT_TRUE(found && found->entry);
  EXPECT_EQ(found->entry->value, "claimed by one");
}

TYPED_TEST(work_records, of_one_task_are_found_by_the_hash_of_its_name) {
  this->make(work::tasks_stream({1h, 1}));
  const auto index = [&](const char* task, const char* item) {
    return this->world_.ask(jetstream::kv_put{std::string{work::tasks_bucket},
                                              work::task_key(task, item).value(),
                                              item,
                                              {},
                                              {},
                                              this->world_.in(this->patience)});
  };
  ASSERT_TRUE(index("build > it.all *", first_item));
  ASSERT_TRUE(index("another", "33333333-3333-4333-8333-333333333333"));
  ASSERT_TRUE(index("build > it.all *", second_item));
  const auto pattern = "$KV.work_tasks." + work::task_keys_pattern("build > it.all *").value();
  EXPECT_EQ(this->read("KV_work_tasks", pattern, 1).texts, (strings{first_item, second_item}));
}

TYPED_TEST(work_records, tell_the_servers_time_by_the_making_of_a_reader) {
  this->make_items();
  const auto stored_at = [&](const char* key) {
    const auto found = this->lookup(key, std::string{work::items_bucket});
    return found && found->entry ? found->entry->stored_at : wall_time{};
  };
  ASSERT_TRUE(this->write("before", "1"));
  const auto begun = this->begin("KV_work_items", "$KV.work_items.none", "clock", 1);
  ASSERT_TRUE(begun) << begun.error().message;
  ASSERT_TRUE(this->write("after", "1"));
  const auto sampled = jetstream::creation_time(begun->body);
  ASSERT_TRUE(sampled) << begun->body;
  EXPECT_GE(*sampled, stored_at("before"));
  EXPECT_LE(*sampled, stored_at("after"));
}

// -- dead letters ------------------------------------------------------------------------------

TYPED_TEST(work_records, of_the_dead_the_newest_letter_replaces_the_one_before) {
  this->make_letters();
  const auto subject = work::dead_letter_subject("public", "c=2B=2B", first_item);
  ASSERT_TRUE(this->publish(subject, "died once", "item-g1"));
  ASSERT_TRUE(
    this->publish(work::dead_letter_subject("public", "cobol", second_item), "another", "two-g1"));
  const auto repeated = this->publish(subject, "died once", "item-g1");
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->duplicate);
  EXPECT_EQ(repeated->sequence, 1U) << "said twice, written once";
  ASSERT_TRUE(this->publish(subject, "died again", "item-g2"));
  EXPECT_EQ(this->messages_in("DEAD_LETTER"), 2U);
  const auto found = this->newest("DEAD_LETTER", subject);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->payload, "died again");
  EXPECT_EQ(found->sequence, 3U);
}

TYPED_TEST(work_records, of_the_dead_are_listed_by_capability_and_counted) {
  this->make_letters();
  const auto bury = [&](const char* token, const char* item) {
    ASSERT_TRUE(this->publish(work::dead_letter_subject("public", token, item), item));
  };
  bury("cobol", first_item);
  bury("c=2B=2B", second_item);
  bury("cobol", "seq-17");
  const auto some = this->read("DEAD_LETTER", work::dead_letters_pattern("public", "cobol"), 1);
  EXPECT_EQ(some.available, 2U);
  EXPECT_EQ(some.texts, (strings{first_item, "seq-17"}));
  EXPECT_EQ(this->read("DEAD_LETTER", work::dead_letters_pattern("public", ""), 2).texts,
            (strings{second_item, "seq-17"}));
  EXPECT_EQ(
    this->read("DEAD_LETTER", work::dead_letters_pattern("0123456789abcdef", ""), 1).available, 0U);
}

TYPED_TEST(work_records, of_the_dead_a_letter_deleted_late_does_not_take_the_next_with_it) {
  this->make_letters();
  const auto subject = work::dead_letter_subject("public", "cobol", first_item);
  ASSERT_TRUE(this->publish(subject, "died once", "item-g1"));
  ASSERT_TRUE(this->publish(subject, "died again", "item-g2"));
  const auto late = this->world_.ask(
    work::delete_message_request("DEAD_LETTER", 1, this->world_.in(this->patience)));
  ASSERT_FALSE(late) << "it was replaced";
  EXPECT_NE(late.error().jetstream_code, 0) << "in words that differ: " << late.error().message;
  EXPECT_EQ(this->newest("DEAD_LETTER", subject).value().payload, "died again");
}

TYPED_TEST(work_records, of_the_dead_letters_go_when_their_time_is_over) {
  constexpr auto kept = 300ms;
  auto brief = work::dead_letter_stream({1h, 1});
  brief.max_age = kept;
  brief.duplicate_window = kept;
  this->make(brief);
  const auto subject = work::dead_letter_subject("public", "cobol", first_item);
  const auto began = this->world_.now();
  ASSERT_TRUE(this->publish(subject, "died", "item-g1"));
  ASSERT_TRUE(this->world_.until(10s, [&] { return !this->newest("DEAD_LETTER", subject); }));
  EXPECT_GE(this->world_.now() - began, kept);
}

} // namespace
} // namespace nats_mcp::testing
