// SPDX-License-Identifier: MIT
#include "tests/unit/actors/work/work_stage.hpp"

#include "protocol/jetstream/durable_consumer.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/work/dead_letter.hpp"
#include "protocol/work/item_change.hpp"
#include "protocol/work/streams.hpp"

#include "actors/gateway/nats_gateway.hpp"

#include <caf/scoped_actor.hpp>

#include <utility>

namespace nats_mcp::testing {

namespace {

constexpr work::retention kept{std::chrono::hours{168}, 1};
const work::party planner{"10000000-0000-4000-8000-000000000001", "planner"};
const work::party ann{"20000000-0000-4000-8000-000000000002", "ann"};

} // namespace

void work_stage::SetUp() {
  simulation::network::options choice;
  choice.seed = 1;
  choice.clock = [this] { return now(); };
  network_ = std::make_shared<simulation::network>(std::move(choice));
  pump_ = adopt(simulation::spawn_network_pump(system(), network_));
  link_ = std::make_shared<simulation::simulated_link>(network_);
  caf::scoped_actor self{system()};
  gateway_ =
    adopt(spawn_nats_gateway(self.ptr(), {link_, [this] { return random(); }}, {}, {}, {}));
}

void work_stage::TearDown() {
  link_->close();
  deterministic::TearDown();
}

// -- what others did ---------------------------------------------------------------------------

void work_stage::make_streams() {
  if (std::exchange(made_, true)) {
    return;
  }
  for (const auto& stream : {work::work_stream(kept), work::dead_letter_stream(kept),
                             work::items_stream(kept), work::tasks_stream(kept)}) {
    const auto made = nats(jetstream::create_stream_request(stream, {}));
    ASSERT_TRUE(made) << made.error().message;
  }
}

std::string work_stage::id_of(unsigned number) {
  auto digits = std::to_string(number);
  return "550e8400-e29b-41d4-a716-" + std::string(12 - digits.size(), '0') + digits;
}

work::work_item work_stage::item(unsigned number, std::string capability) const {
  work::work_item out;
  out.id = id_of(number);
  out.task_id = "feature-" + std::to_string(number);
  out.capability = std::move(capability);
  out.description = "Do number " + std::to_string(number) + ".";
  out.deadline = civil_now() + 24h;
  out.offered_by = planner;
  out.offered_at = civil_now();
  return out;
}

void work_stage::store(const std::string& subject, const std::string& payload) {
  make_streams();
  jetstream::publish message;
  message.subject = subject;
  message.payload = payload;
  const auto stored = nats(std::move(message));
  ASSERT_TRUE(stored) << stored.error().message;
}

std::uint64_t work_stage::queue(const work::work_item& what, std::uint64_t generation) {
  make_streams();
  jetstream::publish message;
  message.subject = work::lane_subject(work::lane_of(what));
  message.payload = work::write_queued_item({what, generation});
  message.message_id = work::queue_message_id(what.id, generation);
  const auto stored = nats(std::move(message));
  EXPECT_TRUE(stored) << stored.error().message;
  return stored ? stored->sequence : 0;
}

void work_stage::put(const work::item_record& record) {
  make_streams();
  const auto write_id = "write-" + std::to_string(++bits_);
  const auto stored = nats(jetstream::kv_put{std::string{work::items_bucket},
                                             record.item.id,
                                             work::write_item_record(record, write_id),
                                             {},
                                             write_id,
                                             {}});
  ASSERT_TRUE(stored) << stored.error().message;
}

work::item_record work_stage::offer(const work::work_item& what) {
  auto record = work::offered({what, 1}, queue(what), civil_now());
  put(record);
  return record;
}

void work_stage::lose(const work::work_item& what, unsigned attempts) {
  auto record = offer(what);
  for (unsigned attempt = 0; attempt < attempts; ++attempt) {
    record = work::taken({{what, 1}, record.queue_sequence}, &record,
                         {"claim", ann, "Ann's session", 1s}, civil_now());
  }
  put(record);
  advance(2s);
}

void work_stage::bury(const work::work_item& what, const std::string& reason) {
  const auto offered = work::offered({what, 1}, 1, civil_now());
  const auto dead = work::died({{what, 1}, 1}, &offered, reason, civil_now());
  put(dead);
  const auto stored = nats(work::dead_letter_message(dead));
  ASSERT_TRUE(stored) << stored.error().message;
}

// -- what NATS holds ---------------------------------------------------------------------------

std::optional<work::item_record> work_stage::record(unsigned number) {
  const auto found =
    nats(jetstream::kv_get{std::string{work::items_bucket}, id_of(number), monotonic_time{}});
  if (!found || !found->entry) {
    return std::nullopt;
  }
  const auto record = work::read_item_record(found->entry->value);
  return record ? std::optional{*record} : std::nullopt;
}

bool work_stage::exists(const std::string& stream) {
  return network_->nats().find_stream(stream) != nullptr;
}

std::uint64_t work_stage::stored(const std::string& stream, std::string_view pattern) {
  const auto* found = network_->nats().find_stream(stream);
  std::uint64_t out = 0;
  for (const auto& [subject, count] :
       found == nullptr ? std::map<std::string, std::uint64_t>{} : found->log().counts(pattern)) {
    out += count;
  }
  return out;
}

std::optional<std::uint64_t> work_stage::delivered(const work::lane& where) {
  const auto consumer = work::lane_consumer(where, ack_wait, 1h);
  const auto info = nats(jetstream::consumer_info_request(consumer.stream, consumer.name, {}));
  const auto state = info ? jetstream::parse_consumer_state(info->body)
                          : result<jetstream::consumer_state>{tl::make_unexpected(info.error())};
  return state ? std::optional{state->delivered_consumer_sequence} : std::nullopt;
}

std::size_t work_stage::pulled_by_another(const work::lane& where) {
  const auto consumer = work::lane_consumer(where, ack_wait, 1h);
  (void)nats(jetstream::create_consumer_request(consumer, {}));
  jetstream::pull wanted;
  wanted.stream = consumer.stream;
  wanted.consumer = consumer.name;
  wanted.batch = 1000;
  const auto got = nats(std::move(wanted));
  return got ? got->deliveries.size() : 0;
}

wall_time work_stage::civil_now() const {
  return std::chrono::floor<std::chrono::milliseconds>(network_->civil_now());
}

} // namespace nats_mcp::testing
