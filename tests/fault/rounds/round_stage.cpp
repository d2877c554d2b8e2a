// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/round_stage.hpp"

#include "tests/fault/coordinators_at_work.hpp"
#include "tests/fault/rounds/stored_talk.hpp"
#include "tests/fault/stored_work.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds round_lease{1500};
/// More than three heartbeats: who comes back only then comes back as itself.
constexpr auto silent_for = 3500ms;
/// Nothing may fall out of a channel before it is judged.
constexpr std::string_view keep_everything = R"(, "maxMessages": 100000, "maxBytes": 50000000)";
/// Mail to a GUID that is gone is read some heartbeats after its process fell silent.
constexpr auto mail_comes_within = 60s;
constexpr auto quiet_for = 2s;
constexpr auto quiet_within = 20s;

std::string agent_name(std::size_t number) { return "agent-" + std::to_string(number); }

} // namespace

round_stage::round_stage(const options& choice)
  : options_{choice}
  , chance_{choice.seed}
  , nats_{choice.nats, choice.disk} {
  if (!nats_.ready(30s)) {
    throw std::runtime_error{"NATS does not get ready"};
  }
  std::vector<std::string> everybody;
  for (std::size_t i = 0; i < choice.agents; ++i) {
    everybody.push_back(agent_name(i));
    lines_.push_back(make_line(everybody.back()));
  }
  for (std::size_t i = 0; i < choice.coordinators; ++i) {
    lines_.push_back(make_line("coordinator-" + std::to_string(i)));
  }
  folder_.write(".mcp-config.json", R"({"namespace": "crew"})");
  for (std::size_t i = 0; i < choice.agents; ++i) {
    make_member(i, everybody);
  }
  coordinators_.resize(choice.coordinators);
}

round_stage::~round_stage() {
  work_.end_waits();
  for (std::size_t i = 0; i < agents(); ++i) {
    signal_agent(i, SIGCONT);
  }
  for (const auto& member : members_) {
    member->stop();
  }
}

round_stage::line round_stage::make_line(const std::string& name) {
  line out{name, {}};
  for (std::size_t i = 0; i < nats_.size(); ++i) {
    out.proxies.push_back(std::make_unique<tcp_proxy>(nats_.node(i).port()));
  }
  return out;
}

std::string round_stage::servers(const line& through) {
  std::string out;
  for (const auto& proxy : through.proxies) {
    out += (out.empty() ? "" : ",") + proxy->url();
  }
  return out;
}

void round_stage::make_member(std::size_t number, const std::vector<std::string>& everybody) {
  crew_member::options choice{agent_name(number),
                              servers(lines_[number]),
                              {{"WORKQUEUE_ACK_TIMEOUT", std::to_string(round_lease.count())},
                               {"WORKQUEUE_MAX_HOLD", "4000"},
                               {"NATS_MCP_CALL_TIMEOUT", "2000"},
                               {"NATS_MCP_HEARTBEAT_INTERVAL", "1000"},
                               {"NATS_MCP_REPLICAS", std::to_string(nats_.replicas())},
                               {"LOG_LEVEL", "ERROR"}},
                              chance_(),
                              work_,
                              std::string{keep_everything},
                              // Half of them come back at once, as another one.
                              number % 2 == 0 ? 0ms : silent_for};
  members_.push_back(std::make_unique<round_member>(std::move(choice), talk_, everybody));
}

void round_stage::start() {
  for (std::size_t i = 0; i < coordinators(); ++i) {
    start_coordinator(i);
  }
  for (const auto& member : members_) {
    member->start();
  }
}

// -- faults -------------------------------------------------------------------------------------

const std::string& round_stage::line_name(std::size_t number) const {
  return lines_.at(number).name;
}

void round_stage::kill_agent(std::size_t number) {
  if (const auto life = members_.at(number)->kill_life(); !life.empty()) {
    talk_.killed(life);
  }
}

void round_stage::signal_agent(std::size_t number, int signal) {
  members_.at(number)->signal(signal);
}

void round_stage::start_coordinator(std::size_t number) {
  auto& one = coordinators_.at(number);
  if (one) {
    return;
  }
  auto command = coordinator_process(servers(lines_.at(agents() + number)), folder_);
  command.environment["NATS_MCP_REPLICAS"] = std::to_string(nats_.replicas());
  one = std::make_unique<server_process>(command);
}

void round_stage::signal_coordinator(std::size_t number, int signal) {
  if (const auto& one = coordinators_.at(number)) {
    one->signal(signal);
  }
}

void round_stage::break_line(std::size_t number, const tcp_proxy::behaviour& how) {
  for (const auto& proxy : lines_.at(number).proxies) {
    proxy->behave(how);
  }
}

void round_stage::cut_line(std::size_t number) {
  for (const auto& proxy : lines_.at(number).proxies) {
    proxy->cut();
  }
}

// -- judgement ----------------------------------------------------------------------------------

std::vector<std::string> round_stage::recover(std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  std::set<std::string> everybody;
  for (const auto& member : members_) {
    everybody.insert(member->name());
  }
  talk_.ask_for_probes();
  std::vector<std::string> out;
  for (const auto& member : talk_.wait_for_probes(everybody, within)) {
    out.push_back(member + " does not work again within " + std::to_string(within.count()) + " ms");
  }
  if (coordinators_.empty()) {
    return out;
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
    deadline - std::chrono::steady_clock::now());
  const auto leads = eventually(std::max(left, 0ms), [this] {
    return std::any_of(coordinators_.begin(), coordinators_.end(),
                       [](const auto& one) { return one && is_leading(*one); });
  });
  if (!leads) {
    out.push_back("no coordinator leads within " + std::to_string(within.count()) + " ms");
  }
  return out;
}

std::vector<std::string> round_stage::finish() {
  for (const auto& member : members_) {
    member->come_to_an_end();
  }
  const auto deadline = std::chrono::steady_clock::now() + quiet_within;
  auto done = work_.wait_for_completions(0, 0ms);
  for (auto before = done + 1; before != done && std::chrono::steady_clock::now() < deadline;) {
    before = done;
    done = work_.wait_for_completions(done + 1, quiet_for);
  }
  work_.end_waits();
  for (const auto& member : members_) {
    member->stop();
  }
  std::vector<std::string> violations;
  if (!nats_.ready(30s)) {
    violations.push_back("NATS does not have everything everywhere in the end");
  }
  hear_the_rest(violations);
  try {
    judge(violations);
  } catch (const std::runtime_error& e) {
    violations.push_back(std::string{"what NATS holds cannot be read: "} + e.what());
  }
  return violations;
}

void round_stage::hear_the_rest(std::vector<std::string>& violations) {
  for (const auto& member : members_) {
    if (!member->pid()) {
      violations.push_back(member->name() + " has no process in the end");
      return;
    }
  }
  try {
    for (const auto& member : members_) {
      member->hear_channels();
    }
    (void)eventually(mail_comes_within, [this] {
      for (const auto& member : members_) {
        member->hear_mail_once();
      }
      return missing_mail(talk_.record()).empty();
    });
  } catch (const std::runtime_error& e) {
    violations.push_back(std::string{"what is left is not heard: "} + e.what());
  }
}

void round_stage::judge(std::vector<std::string>& violations) {
  record_ = talk_.record();
  last_lives living;
  for (const auto& member : members_) {
    living[member->name()] = member->last_life();
  }
  const auto events = work_.events();
  const auto talk = read_stored_talk(nats_.port(), round_member::channels());
  items_ = read_stored_work(nats_.port(), items_of(events));
  const auto add = [&](const std::vector<std::string>& more) {
    violations.insert(violations.end(), more.begin(), more.end());
  };
  add(check_talk(record_, talk, living));
  add(check_work(events, items_, {round_lease, {}}));
  add(nats_.single_copies());
}

std::string round_stage::summary() const {
  std::size_t stored = 0;
  std::size_t unknown = 0;
  for (const auto& one : record_.said) {
    stored += one.how == said_event::receipt::stored ? 1 : 0;
    unknown += one.how == said_event::receipt::unknown ? 1 : 0;
  }
  std::size_t failed = 0;
  std::size_t unanswered = 0;
  for (const auto& one : record_.calls) {
    failed += one.how == call_event::end::failed ? 1 : 0;
    unanswered += one.how == call_event::end::none ? 1 : 0;
  }
  std::map<std::string, unsigned> states;
  for (const auto& [item, found] : items_) {
    ++states[found.state.value_or(found.in_queue ? "offered" : "nothing")];
  }
  auto out = std::to_string(record_.calls.size()) + " calls, " + std::to_string(failed)
             + " failed, " + std::to_string(unanswered) + " unanswered by the killed; "
             + std::to_string(stored) + " messages sent, " + std::to_string(unknown) + " perhaps; "
             + std::to_string(shown_again(record_)) + " shown again; items:";
  for (const auto& [state, count] : states) {
    out += " " + std::to_string(count) + " " + state;
  }
  return out;
}

void round_stage::write_history(const std::filesystem::path& file) const {
  std::ofstream out{file, std::ios::app};
  for (const auto& one : record_.calls) {
    out << one.begun.count() << "-" << one.ended.count() << " ms " << one.who.life << ": "
        << one.tool << ' ' << to_text(one.how) << (one.text.empty() ? "" : ": ")
        << one.text.substr(0, one.text.find('\n')) << '\n';
  }
  for (const auto& one : record_.said) {
    out << "said to " << one.to << ": " << one.mark << ' ' << to_text(one.how) << '\n';
  }
  for (const auto& one : work_.events()) {
    out << to_text(one) << '\n';
  }
}

} // namespace nats_mcp::testing
