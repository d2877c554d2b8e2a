// SPDX-License-Identifier: MIT
#include "tests/fault/store_witness.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/integration/raw_nats.hpp"

#include <optional>
#include <poll.h>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 100ms;
/// About as much as a record of work.
constexpr std::size_t value_size = 600;
/// A key this close to its end is not looked for.
constexpr auto margin = 60s;

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

bool was_stored(const std::string& answer) {
  const auto document = json::parse(answer);
  return document && json::find(*document, "seq") != nullptr
         && json::find(*document, "error") == nullptr;
}

} // namespace

store_witness::store_witness(std::uint16_t nats_port, std::chrono::milliseconds kept_for)
  : port_{nats_port}
  , kept_for_{kept_for}
  , writing_{[this] { write(); }} {
  // nop
}

store_witness::~store_witness() {
  stopping_ = true;
  writing_.join();
}

void store_witness::write() {
  std::optional<raw_nats> nats;
  for (std::size_t number = 0; !stopping_; ++number) {
    const auto key = std::to_string(number);
    // An age that counts from before the write is no shorter than the server's.
    const auto begun = clock::now();
    try {
      if (!nats) {
        nats.emplace(port_, "");
        make_bucket(*nats, kept_for_);
      }
      if (was_stored(nats->request("$KV.witness." + key, std::string(value_size, 'w')))) {
        const std::lock_guard lock{mutex_};
        keys_.emplace(key, begun);
        ++acknowledged_;
      }
    } catch (const std::runtime_error&) {
      // nats-server is killed or stopped now and then; what it did not acknowledge does not count.
      nats.reset();
    }
    ::poll(nullptr, 0, static_cast<int>(pause.count()));
  }
}

void store_witness::look() {
  std::map<std::string, clock::time_point> keys;
  {
    const std::lock_guard lock{mutex_};
    const auto oldest = clock::now() - kept_for_ + margin;
    std::erase_if(keys_, [&](const auto& one) { return one.second < oldest; });
    keys = keys_;
  }
  raw_nats nats{port_, ""};
  for (const auto& [key, written] : keys) {
    if (nats.request("$JS.API.DIRECT.GET.KV_witness.$KV.witness." + key, "").empty()) {
      const std::lock_guard lock{mutex_};
      forgotten_ += keys_.erase(key);
    }
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
