// SPDX-License-Identifier: MIT
#include "tests/fault/store_witness.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/fault/stored_message.hpp"
#include "tests/integration/raw_nats.hpp"

#include <optional>
#include <poll.h>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

/// As items are: so many are under way, each is written so often, and is so large.
constexpr std::size_t keys_under_way = 12;
constexpr std::size_t writes_min = 2;
constexpr std::size_t writes_max = 5;
constexpr std::size_t value_min = 500;
constexpr std::size_t value_max = 1300;

void make_bucket(raw_nats& nats, std::chrono::milliseconds kept_for) {
  const json::value config{
    {"name", "KV_witness"},      {"subjects", {"$KV.witness.>"}},
    {"max_msgs_per_subject", 1}, {"max_age", std::chrono::nanoseconds{kept_for}.count()},
    {"storage", "file"},         {"retention", "limits"},
    {"discard", "new"},          {"num_replicas", 1},
    {"allow_direct", true},      {"deny_delete", true},
    {"allow_rollup_hdrs", true},
  };
  nats.request("$JS.API.STREAM.CREATE.KV_witness", config.dump());
}

/// To the microsecond, as `poll` cannot.
void rest(std::chrono::microseconds span) {
  const auto nanoseconds = std::chrono::nanoseconds{span}.count();
  const timespec time{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  ::ppoll(nullptr, 0, &time, nullptr);
}

bool was_stored(const std::string& answer) {
  const auto document = json::parse(answer);
  return document && json::find(*document, "seq") != nullptr
         && json::find(*document, "error") == nullptr;
}

} // namespace

store_witness::store_witness(const options& choice)
  : options_{choice}
  , chance_{choice.seed}
  , writing_{[this] { write(); }} {
  // nop
}

store_witness::~store_witness() {
  stopping_ = true;
  writing_.join();
}

std::size_t store_witness::number_between(std::size_t least, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>{least, most}(chance_);
}

store_witness::unfinished_key& store_witness::next_key() {
  while (unfinished_.size() < keys_under_way) {
    unfinished_.push_back(
      {std::to_string(++last_), static_cast<unsigned>(number_between(writes_min, writes_max))});
  }
  return unfinished_[number_between(0, unfinished_.size() - 1)];
}

void store_witness::write() {
  std::optional<raw_nats> nats;
  while (!stopping_) {
    auto& key = next_key();
    const auto name = key.name;
    --key.writes_left;
    std::erase_if(unfinished_, [](const auto& one) { return one.writes_left == 0; });
    // An age that counts from before the write is no shorter than the server's.
    const auto begun = clock::now();
    try {
      if (!nats) {
        nats.emplace(options_.nats_port, "");
        make_bucket(*nats, options_.kept_for);
      }
      if (was_stored(nats->request("$KV.witness." + name,
                                   std::string(number_between(value_min, value_max), 'w')))) {
        const std::lock_guard lock{mutex_};
        acknowledged_ += keys_.insert_or_assign(name, begun).second ? 1U : 0U;
      }
    } catch (const std::runtime_error&) {
      // nats-server is killed or stopped now and then; what it did not acknowledge does not count.
      nats.reset();
    }
    rest(options_.pause);
  }
}

void store_witness::look() {
  const auto looked_for = options_.kept_for - options_.kept_for / 8;
  std::map<std::string, clock::time_point> keys;
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(keys_, [&](const auto& one) { return one.second + looked_for < clock::now(); });
    keys = keys_;
  }
  raw_nats nats{options_.nats_port, ""};
  for (const auto& [key, written] : keys) {
    if (read_last(nats, "KV_witness", "$KV.witness." + key)
        || written + looked_for < clock::now()) {
      continue;
    }
    const std::lock_guard lock{mutex_};
    forgotten_ += keys_.erase(key);
  }
}

std::size_t store_witness::acknowledged() const {
  const std::lock_guard lock{mutex_};
  return acknowledged_;
}

std::size_t store_witness::forgotten() const {
  const std::lock_guard lock{mutex_};
  return forgotten_;
}

} // namespace nats_mcp::testing
