// SPDX-License-Identifier: MIT
// Writes whose copies and answers are lost or late, among writes of others: what the writer is told
// is what became of it.
#include "protocol/jetstream/exchange.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::jetstream::exchange_properties_test {
namespace {

using namespace std::chrono_literals;

const monotonic_time start{1h};
const monotonic_time deadline = start + 10s;
const std::string subject = "$KV.things.a";
const std::string write_id = "w1";
const std::string our_value = R"({"writeId":"w1"})";

/// Each as likely, in the first runs too.
int below(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }

/// One key of a bucket, on a server that compares, sets, and knows message ids again.
class key_server {
public:
  incoming handle(const outgoing& asked) {
    incoming reply;
    if (asked.subject == "$JS.API.DIRECT.GET.KV_things." + subject) {
      return read();
    }
    RC_ASSERT(asked.subject == subject);
    const std::string id{header(asked.headers, "Nats-Msg-Id")};
    const std::string expected{header(asked.headers, "Nats-Expected-Last-Subject-Sequence")};
    if (const auto known = ids_.find(id); !id.empty() && known != ids_.end()) {
      reply.payload = acknowledgement(known->second, R"(,"duplicate":true})");
    } else if (!expected.empty() && expected != std::to_string(newest())) {
      reply.payload = R"({"error":{"code":400,"err_code":10071,"description":)"
                      R"("wrong last sequence: )"
                      + std::to_string(newest()) + "\"}}";
    } else {
      reply.payload = acknowledgement(store(asked.headers, asked.payload), "}");
      ids_[id] = newest();
    }
    return reply;
  }
  /// Somebody else writes, or deletes.
  void be_written_by_another() {
    if (below(3) == 0) {
      store({{"KV-Operation", "DEL"}, {"Nats-Mcp-Write-Id", "other"}}, "");
    } else {
      store({}, R"({"writeId":"other"})");
    }
  }
  void forget_ids() { ids_.clear(); }
  void have_old_replicas(bool has) { has_old_replicas_ = has; }

  [[nodiscard]] std::uint64_t newest() const { return all_.empty() ? 0 : all_.back().sequence; }
  /// Where our write stands.
  [[nodiscard]] std::vector<std::uint64_t> ours() const {
    std::vector<std::uint64_t> out;
    for (const auto& one : all_) {
      if (one.payload == our_value || header(one.headers, "Nats-Mcp-Write-Id") == write_id) {
        out.push_back(one.sequence);
      }
    }
    return out;
  }

private:
  struct stored {
    std::uint64_t sequence = 0;
    jetstream::headers headers;
    std::string payload;
  };

  static std::string acknowledgement(std::uint64_t sequence, const std::string& rest) {
    return R"({"stream":"KV_things","seq":)" + std::to_string(sequence) + rest;
  }
  std::uint64_t store(jetstream::headers headers, std::string payload) {
    const auto sequence = newest() + 1 + static_cast<std::uint64_t>(below(3)); // others' keys
    all_.push_back({sequence, std::move(headers), std::move(payload)});
    return sequence;
  }
  incoming read() const {
    incoming reply;
    const std::size_t behind =
      has_old_replicas_ && !all_.empty() ? *rc::gen::inRange<std::size_t>(0, all_.size()) : 0;
    if (behind >= all_.size()) {
      reply.status = 404;
      return reply;
    }
    const auto& one = all_[all_.size() - 1 - behind];
    reply.headers = one.headers;
    reply.headers.emplace_back("Nats-Stream", "KV_things");
    reply.headers.emplace_back("Nats-Subject", subject);
    reply.headers.emplace_back("Nats-Sequence", std::to_string(one.sequence));
    reply.headers.emplace_back("Nats-Time-Stamp", "2025-01-15T10:00:00.123456789Z");
    reply.payload = one.payload;
    return reply;
  }

  std::vector<stored> all_;
  std::map<std::string, std::uint64_t> ids_;
  bool has_old_replicas_ = false;
};

/// One write and everything that may happen to it.
class writing {
public:
  writing(key_server* server, exchange what)
    : server_{server}
    , what_{std::move(what)} {
    // nop
  }

  /// Copies and answers are lost or late, and others write meanwhile.
  void struggle(bool forgets_ids) {
    server_->have_old_replicas(true);
    for (int tries = below(10); tries > 0 && !outcome_; --tries) {
      if (below(3) == 0) {
        server_->be_written_by_another();
      }
      if (below(2) == 0) {
        arrive_late();
      }
      if (forgets_ids && below(2) == 0) {
        server_->forget_ids();
      }
      auto copy = next_copy();
      switch (below(6)) {
        case 0:
          break; // lost
        case 1:
          late_.push_back(std::move(copy));
          break;
        case 2:
          (void)answer_to(copy); // is lost
          break;
        case 3:
          hear(unavailable());
          break;
        default:
          hear(answer_to(copy));
      }
    }
  }
  /// Every other question for what stands there takes the other form; here only one is answered.
  void go_on_in_peace() {
    server_->have_old_replicas(false);
    for (int tries = 6; tries > 0 && !outcome_; --tries) {
      hear(answer_to(next_copy()));
    }
  }
  void arrive_late() {
    for (const auto& copy : std::exchange(late_, {})) {
      (void)answer_to(copy);
    }
  }

  [[nodiscard]] const std::optional<result<answer>>& outcome() const { return outcome_; }
  [[nodiscard]] unsigned attempts() const { return attempts_; }

private:
  outgoing next_copy() { return what_.message("r", {{}, attempts_++, start}); }
  std::optional<incoming> answer_to(const outgoing& copy) {
    if (copy.subject == "$JS.API.STREAM.MSG.GET.KV_things") {
      return std::nullopt;
    }
    return server_->handle(copy);
  }
  static incoming unavailable() {
    incoming reply;
    reply.payload = R"({"error":{"code":503,"err_code":10008,"description":"not now"}})";
    return reply;
  }
  void hear(std::optional<incoming> reply) {
    if (!reply) {
      return;
    }
    auto next = what_.on_reply(std::move(*reply), {{}, attempts_, start});
    if (auto* ended = std::get_if<result<answer>>(&next)) {
      outcome_ = std::move(*ended);
    }
  }

  key_server* server_;
  exchange what_;
  unsigned attempts_ = 0;
  std::vector<outgoing> late_;
  std::optional<result<answer>> outcome_;
};

void write_some(key_server& server) {
  for (int count = below(3); count > 0; --count) {
    server.be_written_by_another();
  }
}

/// None, what stands there, or what once did.
std::optional<std::uint64_t> any_expectation(const key_server& server) {
  return *rc::gen::element<std::optional<std::uint64_t>>(std::nullopt, server.newest(),
                                                         server.newest() / 2);
}

exchange any_write(const std::optional<std::uint64_t>& expected) {
  return *rc::gen::arbitrary<bool>()
           ? exchange{kv_put{"things", "a", our_value, expected, write_id, deadline}}
           : exchange{kv_delete{"things", "a", expected, deadline}, write_id};
}

bool holds(const std::vector<std::uint64_t>& all, std::uint64_t one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

RC_GTEST_PROP(a_write_of_a_key, is_told_as_what_became_of_it_and_stored_at_most_once, ()) {
  key_server server;
  write_some(server);
  writing it{&server, any_write(any_expectation(server))};
  it.struggle(false);
  it.go_on_in_peace();
  it.arrive_late();
  const auto ours = server.ours();
  RC_ASSERT(ours.size() <= 1);
  RC_ASSERT(it.outcome().has_value());
  const auto& told = *it.outcome();
  if (told) {
    RC_ASSERT(holds(ours, std::get<kv_revision>(*told).revision));
  } else {
    RC_ASSERT(told.error().code == ec::conflict);
    const bool is_sure = told.error().jetstream_code == error_number::wrong_last_sequence;
    RC_ASSERT((!is_sure || ours.empty()));
    RC_ASSERT((ours.empty() || ours.back() != server.newest())); // what stands there is told
  }
}

RC_GTEST_PROP(a_write_of_a_key, succeeds_at_once_where_nothing_goes_wrong_and_nobody_else_writes,
              ()) {
  key_server server;
  write_some(server);
  const auto expected = any_expectation(server);
  const bool fits = !expected || *expected == server.newest();
  writing it{&server, any_write(expected)};
  it.go_on_in_peace();
  RC_ASSERT(it.attempts() == 1U);
  RC_ASSERT(it.outcome()->has_value() == fits);
  RC_ASSERT(server.ours().size() == (fits ? 1U : 0U));
}

RC_GTEST_PROP(a_message, is_told_as_what_became_of_it_though_the_server_may_forget_its_id, ()) {
  key_server server;
  write_some(server);
  writing it{&server,
             exchange{publish{subject, our_value, write_id, any_expectation(server), deadline}}};
  const bool is_forgotten = below(2) == 0;
  it.struggle(is_forgotten);
  it.go_on_in_peace();
  it.arrive_late();
  const auto ours = server.ours();
  RC_ASSERT((is_forgotten || ours.size() <= 1));
  RC_ASSERT(it.outcome().has_value());
  const auto& told = *it.outcome();
  if (told) {
    RC_ASSERT(holds(ours, std::get<publish_receipt>(*told).sequence));
  } else if (told.error().code == ec::conflict) {
    RC_ASSERT(ours.empty());
  } else {
    RC_ASSERT(told.error().code == ec::unknown_outcome);
  }
}

} // namespace
} // namespace nats_mcp::jetstream::exchange_properties_test
