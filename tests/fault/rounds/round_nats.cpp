// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/round_nats.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>
#include <stdexcept>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

/// Streams whose leader is worth losing.
const std::vector<std::string> led_streams{"WORK",           "KV_work_items", "crew_PLANNING",
                                           "AGENT_INBOX",    "KV_agents",     "KV_agent_sessions",
                                           "KV_coordinator", "COORD"};

/// A stream that does not answer by then is stuck.
constexpr auto answers_within = 1s;

} // namespace

round_nats::round_nats(kind what, const small_disk* disk)
  : kind_{what}
  , disk_{disk} {
  if (what == kind::cluster) {
    cluster_ = std::make_unique<nats_cluster>(3);
  } else if (what == kind::one) {
    one_ = std::make_unique<nats_server>();
  } else {
    // How much streams may hold in all is said, or nats-server reckons by the disk and takes none.
    const auto store = (disk->path() / "store").string();
    std::filesystem::remove_all(store); // of a stage before this one
    one_ = std::make_unique<nats_server>(nats_server::options{
      false, {"jetstream { store_dir: \"" + store + "\", max_file_store: 64GB }"}});
  }
}

std::size_t round_nats::size() const noexcept { return cluster_ ? cluster_->size() : 1; }

nats_server& round_nats::node(std::size_t number) {
  return cluster_ ? cluster_->node(number) : *one_;
}

std::uint16_t round_nats::port() {
  for (std::size_t i = 0; i < size(); ++i) {
    if (node(i).running()) {
      return node(i).port();
    }
  }
  throw std::runtime_error{"no nats-server runs"};
}

bool round_nats::keeps_streams() {
  try {
    raw_nats nats{one_->port(), ""};
    nats.be_patient_for(answers_within);
    const auto asked = [&nats](const std::string& verb) {
      return json::parse(nats.request("$JS.API." + verb, "")).value_or(json::value{});
    };
    const auto names = asked("STREAM.NAMES");
    const auto* streams = json::find(names, "streams");
    if (streams == nullptr) {
      return false;
    }
    return streams->is_null()
           || std::all_of(streams->begin(), streams->end(), [&](const auto& one) {
                return json::find(asked("STREAM.INFO." + one.template get<std::string>()), "state")
                       != nullptr;
              });
  } catch (const std::runtime_error&) {
    return false;
  }
}

bool round_nats::ready(std::chrono::milliseconds within) {
  return cluster_ ? cluster_->ready(within)
                  : bool{eventually(within, [this] { return keeps_streams(); })};
}

std::optional<std::size_t> round_nats::some_leader(std::size_t number) {
  return cluster_ ? cluster_->leader_of(led_streams[number % led_streams.size()]) : std::nullopt;
}

std::vector<std::string> round_nats::single_copies() {
  return cluster_ ? cluster_->single_copies() : std::vector<std::string>{};
}

void round_nats::start(std::size_t number) {
  if (!node(number).running()) {
    node(number).start();
  }
}

void round_nats::free_disk() {
  disk_->free();
  one_->kill();
  one_->start();
}

void round_nats::keep(const std::filesystem::path& where) {
  std::filesystem::create_directories(where);
  const auto copy = [&](const std::filesystem::path& from, const std::string& name) {
    std::error_code ignored;
    std::filesystem::copy(from, where / name, std::filesystem::copy_options::recursive, ignored);
  };
  for (std::size_t i = 0; i < size(); ++i) {
    copy(node(i).folder(), "node-" + std::to_string(i));
  }
  if (disk_ != nullptr) {
    copy(disk_->path(), "disk");
  }
}

} // namespace nats_mcp::testing
