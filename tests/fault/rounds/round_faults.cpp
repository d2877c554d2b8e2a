// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/round_faults.hpp"

#include <csignal>
#include <map>
#include <stdexcept>

namespace nats_mcp::testing {

namespace {

using manner = tcp_proxy::manner;

constexpr manner broken[]{manner::delay,         manner::throttle,     manner::hold,
                          manner::lose_requests, manner::lose_answers, manner::lose_all,
                          manner::refuse};
const std::vector<std::string> whose_lines{"agent: ", "coordinator: ", "everybody: "};

std::size_t round_number_below(std::mt19937_64& chance, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>{0, bound - 1}(chance);
}

/// Signals or kills a process, and what makes that good again.
struct done_to_process {
  std::function<void()> kill;
  std::function<void()> start;
  std::function<void(int)> signal;
};

round_fault killed_or_stopped(const std::string& kind, const std::string& victim,
                              const done_to_process& how) {
  if (kind.ends_with("killed")) {
    return {kind, victim, how.kill, how.start};
  }
  return {kind, victim, [how] { how.signal(SIGSTOP); }, [how] { how.signal(SIGCONT); }};
}

done_to_process to_node(round_stage& stage, std::size_t node) {
  return {[&stage, node] { stage.nats().kill(node); }, [&stage, node] { stage.nats().start(node); },
          [&stage, node](int signal) { stage.nats().signal(node, signal); }};
}

/// Two of three, so that nobody can decide anything.
round_fault quorum_lost(const std::string& kind, round_stage& stage, std::mt19937_64& chance) {
  const auto spared = round_number_below(chance, stage.nats().size());
  const auto others = [&stage, spared](const std::function<void(std::size_t)>& what) {
    for (std::size_t i = 0; i < stage.nats().size(); ++i) {
      if (i != spared) {
        what(i);
      }
    }
  };
  return {kind, "nats", [&stage, others] { others([&](auto i) { stage.nats().kill(i); }); },
          [&stage, others] { others([&](auto i) { stage.nats().start(i); }); }};
}

round_fault broken_line(const std::string& kind, round_stage& stage, std::mt19937_64& chance) {
  std::vector<std::size_t> lines;
  std::string victim = "everybody";
  if (kind.starts_with("everybody")) {
    for (std::size_t i = 0; i < stage.lines(); ++i) {
      lines.push_back(i);
    }
  } else {
    lines.push_back(kind.starts_with("agent")
                      ? round_number_below(chance, stage.agents())
                      : stage.agents() + round_number_below(chance, stage.coordinators()));
    victim = stage.line_name(lines.front());
  }
  const auto each = [lines](const std::function<void(std::size_t)>& what) {
    for (const auto line : lines) {
      what(line);
    }
  };
  if (kind.ends_with(": cut")) {
    return {kind, victim, [&stage, each] { each([&](auto i) { stage.cut_line(i); }); }, [] {}};
  }
  for (const auto how : broken) {
    if (kind.ends_with(": " + std::string{to_text(how)})) {
      return {kind, victim,
              [&stage, each, how] { each([&](auto i) { stage.break_line(i, {how}); }); },
              [&stage, each] { each([&](auto i) { stage.break_line(i, {}); }); }};
    }
  }
  throw std::runtime_error{"there is no fault \"" + kind + "\""};
}

} // namespace

std::vector<std::string> fault_kinds(round_nats::kind nats) {
  std::vector<std::string> out{"agent killed", "agent stopped", "coordinator killed",
                               "coordinator stopped"};
  if (nats == round_nats::kind::small_disk) {
    // The disk is what it is about: several times, so that it is chosen more often.
    out.insert(out.end(), 6, "disk full");
    out.emplace_back("nats-server killed");
    return out;
  }
  if (nats == round_nats::kind::cluster) {
    for (const auto* kind : {"leading node killed", "leading node stopped", "node killed",
                             "node stopped", "two nodes killed"}) {
      out.insert(out.end(), 3, kind);
    }
    out.insert(out.end(), {"agent: answers lost", "agent: all lost", "agent: cut", "everybody: cut",
                           "coordinator: all lost"});
    return out;
  }
  out.insert(out.end(), 3, "nats-server killed");
  out.insert(out.end(), 2, "nats-server stopped");
  for (const auto& whose : whose_lines) {
    for (const auto how : broken) {
      out.push_back(whose + std::string{to_text(how)});
    }
    out.push_back(whose + "cut");
  }
  return out;
}

round_fault make_fault(const std::string& kind, round_stage& stage, std::mt19937_64& chance) {
  if (kind.starts_with("agent ")) {
    const auto i = round_number_below(chance, stage.agents());
    // It is started again by itself.
    return killed_or_stopped(kind, stage.line_name(i),
                             {[&stage, i] { stage.kill_agent(i); }, [] {},
                              [&stage, i](int signal) { stage.signal_agent(i, signal); }});
  }
  if (kind.starts_with("coordinator ")) {
    const auto i = round_number_below(chance, stage.coordinators());
    return killed_or_stopped(kind, stage.line_name(stage.agents() + i),
                             {[&stage, i] { stage.kill_coordinator(i); },
                              [&stage, i] { stage.start_coordinator(i); },
                              [&stage, i](int signal) { stage.signal_coordinator(i, signal); }});
  }
  if (kind.starts_with("leading node ")) {
    const auto number = round_number_below(chance, 1000);
    const auto leader = stage.nats().some_leader(number).value_or(number % stage.nats().size());
    return killed_or_stopped(kind, "nats", to_node(stage, leader));
  }
  if (kind == "two nodes killed") {
    return quorum_lost(kind, stage, chance);
  }
  if (kind.starts_with("node ") || kind.starts_with("nats-server ")) {
    const auto node = round_number_below(chance, stage.nats().size());
    return killed_or_stopped(kind, "nats", to_node(stage, node));
  }
  if (kind == "disk full") {
    return {kind, "nats", [&stage] { stage.nats().fill_disk(); },
            [&stage] { stage.nats().free_disk(); }};
  }
  return broken_line(kind, stage, chance);
}

} // namespace nats_mcp::testing
