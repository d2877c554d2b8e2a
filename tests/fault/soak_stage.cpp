// SPDX-License-Identifier: MIT
#include "tests/fault/soak_stage.hpp"

#include "tests/fault/coordinators_at_work.hpp"
#include "tests/support/eventually.hpp"

#include <csignal>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

/// More than three heartbeats: who was killed comes back as itself.
constexpr auto pause_after_kill = 6s;
/// What a channel keeps: soon as much as it ever will, and more than anybody falls behind.
constexpr std::string_view channel_members = R"(, "maxMessages": 400)";

std::string name_of(unsigned number) { return "soak-" + std::to_string(number); }

} // namespace

// -- the page ----------------------------------------------------------------------------------

soak_page::soak_page(int port)
  : client_{"127.0.0.1", port}
  , reading_{[this] {
    // Longer than the page's heartbeat and every standstill.
    client_.set_read_timeout(60s);
    while (!stopping_) {
      (void)client_.Get("/events", [this](const char*, std::size_t count) {
        bytes_ += count;
        return !stopping_;
      });
      ends_ += stopping_ ? 0 : 1;
    }
  }} {
  // nop
}

soak_page::~soak_page() {
  stopping_ = true;
  client_.stop();
  reading_.join();
}

// -- who is there ------------------------------------------------------------------------------

soak_stage::soak_stage(const options& choice)
  : options_{choice}
  , chance_{choice.seed}
  , nats_{{true, {"http: \"127.0.0.1:" + std::to_string(monitoring_port_) + "\""}}} {
  folder_.write(".mcp-config.json", R"({"namespace": "crew", "channels": [{"name": "planning")"
                                      + std::string{channel_members} + "}]}");
  std::vector<std::string> everybody;
  for (unsigned i = 0; i < choice.lasting + choice.killed; ++i) {
    everybody.push_back(name_of(i));
  }
  for (unsigned i = 0; i < everybody.size(); ++i) {
    const auto fate = i < choice.lasting ? soak_member::fate::lasting : soak_member::fate::killed;
    members_.push_back(std::make_unique<soak_member>(
      crew_member::options{everybody[i],
                           nats_.url(),
                           {{"WORKQUEUE_ACK_TIMEOUT", std::to_string(lease.count())},
                            {"WORKQUEUE_MAX_HOLD", "4000"},
                            {"WORKQUEUE_DLQ_TTL", "360000"},
                            {"NATS_MCP_CALL_TIMEOUT", "3000"},
                            {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"},
                            {"LOG_LEVEL", "ERROR"}},
                           chance_(),
                           history_,
                           std::string{channel_members},
                           pause_after_kill},
      soak_member::talk{ledger_, gate_, fate, everybody}));
  }
}

soak_stage::~soak_stage() {
  history_.end_waits();
  gate_.open();
  heal();
  for (const auto& member : members_) {
    member->stop();
  }
}

void soak_stage::around_kills(std::function<void()> before, std::function<void()> after) {
  before_kill_ = std::move(before);
  after_start_ = std::move(after);
}

void soak_stage::start() {
  start_page();
  start_other_coordinator();
  for (const auto& member : members_) {
    member->start();
  }
}

void soak_stage::finish() {
  heal();
  history_.end_waits();
  for (const auto& member : members_) {
    member->stop();
  }
  for (unsigned i = 0; i < options_.lasting; ++i) {
    members_[i]->hear_the_rest();
  }
}

void soak_stage::start_page() {
  auto command = coordinator_process(nats_.url(), folder_);
  command.arguments.insert(command.arguments.end(), {"--http", "127.0.0.1:0"});
  coordinator_ = std::make_unique<server_process>(command);
  constexpr std::string_view mark = "http://127.0.0.1:";
  const auto up = eventually(30s, [&] {
    const auto log = coordinator_->standard_error();
    const auto at = log.find(mark);
    page_port_ = at == std::string::npos ? 0 : std::atoi(log.c_str() + at + mark.size());
    return observation{page_port_ != 0, log};
  });
  if (!up) {
    throw std::runtime_error{std::string{"the coordinator has no page: "} + up.message()};
  }
  page_ = std::make_unique<soak_page>(page_port_);
}

void soak_stage::start_other_coordinator() {
  other_coordinator_ = std::make_unique<server_process>(coordinator_process(nats_.url(), folder_));
}

void soak_stage::scrape() {
  if (wounds_.count("coordinator") > 0) {
    return; // It stands still.
  }
  httplib::Client client{"127.0.0.1", page_port_};
  client.set_read_timeout(30s);
  const auto begun = history_.now();
  const auto answer = client.Get("/metrics");
  if (!answer || answer->body.empty()) {
    ledger_.wrong("the coordinator does not answer /metrics");
    return;
  }
  ledger_.answered("GET /metrics", answer->status != 200, history_.now() - begun);
}

std::map<std::string, pid_t> soak_stage::lasting_processes() {
  std::map<std::string, pid_t> out{{"coordinator", coordinator_->pid()}};
  for (unsigned i = 0; i < options_.lasting; ++i) {
    if (const auto pid = members_[i]->pid()) {
      out[name_of(i)] = *pid;
    }
  }
  return out;
}

std::vector<std::string> soak_stage::lasting_members() const {
  std::vector<std::string> out;
  for (unsigned i = 0; i < options_.lasting; ++i) {
    out.push_back(name_of(i));
  }
  return out;
}

// -- faults ------------------------------------------------------------------------------------

unsigned soak_stage::number_below(unsigned bound) {
  return std::uniform_int_distribution<unsigned>{0, bound - 1}(chance_);
}

void soak_stage::hurt(const std::string& victim, const std::string& how,
                      std::chrono::milliseconds span, const std::function<void()>& now,
                      std::function<void()> later) {
  if (wounds_.count(victim) > 0) {
    return;
  }
  now();
  ++faults_[how];
  wounds_[victim] = {history_.now() + span, std::move(later)};
}

void soak_stage::break_something() {
  const std::chrono::milliseconds span{500 + number_below(3500)};
  const auto stopped = [&](const std::string& victim, const std::string& how, auto signal) {
    hurt(
      victim, how, span, [signal] { signal(SIGSTOP); }, [signal] { signal(SIGCONT); });
  };
  switch (number_below(7)) {
    case 0:
      hurt(
        "nats-server", "nats-server killed", span,
        [this] {
          before_kill_();
          nats_.kill();
        },
        [this] {
          nats_.start();
          after_start_();
        });
      return;
    case 1:
      stopped("nats-server", "nats-server stopped", [this](int number) { nats_.signal(number); });
      return;
    case 2: {
      const auto number = number_below(options_.lasting);
      stopped(name_of(number), "agent stopped",
              [this, number](int signal) { members_[number]->signal(signal); });
      return;
    }
    case 3:
      stopped("coordinator", "coordinator stopped",
              [this](int number) { coordinator_->signal(number); });
      return;
    case 4:
      hurt(
        "other coordinator", "coordinator killed", span, [this] { other_coordinator_.reset(); },
        [this] { start_other_coordinator(); });
      return;
    default:
      if (options_.killed > 0) {
        const auto number = options_.lasting + number_below(options_.killed);
        // It comes back by itself.
        hurt(
          name_of(number), "agent killed", 3 * pause_after_kill,
          [this, number] { members_[number]->kill(); }, [] {});
      }
  }
}

void soak_stage::heal_what_is_due() {
  const auto now = history_.now();
  for (auto at = wounds_.begin(); at != wounds_.end();) {
    if (at->second.until <= now) {
      at->second.heal();
      at = wounds_.erase(at);
    } else {
      ++at;
    }
  }
}

void soak_stage::heal() {
  for (const auto& [victim, one] : std::exchange(wounds_, {})) {
    one.heal();
  }
}

} // namespace nats_mcp::testing
