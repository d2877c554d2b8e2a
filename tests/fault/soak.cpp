// SPDX-License-Identifier: MIT
// An hour of load and faults at random, in which memory, threads, descriptors and what NATS keeps
// are measured; what grows fails it, and so does a call without an answer, a message that was
// reported as sent and never shown, and lost work. Times of work and short rests take turns: what
// can be counted is counted while nothing happens.
#include "tests/fault/growth.hpp"
#include "tests/fault/process_figures.hpp"
#include "tests/fault/soak_stage.hpp"
#include "tests/fault/soak_times.hpp"
#include "tests/fault/soak_work.hpp"
#include "tests/fault/store_witness.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <poll.h>

namespace {

using namespace nats_mcp;
using namespace nats_mcp::testing;
using namespace std::chrono_literals;

struct soak_options {
  double minutes = 60;
  soak_stage::options stage;
  std::string table_file;
  std::string history_file;
};

/// A shorter run does not judge growth.
constexpr auto growth_needs = 30min;

/// The least of so many readings in a row counts: what comes and goes is none.
constexpr std::size_t readings_in_a_row = 10;
constexpr auto standstill_max = 180s;
/// Of one connection; an agent of the soak does a few things at a time.
constexpr std::int64_t subscriptions_max = 40;

class soak {
public:
  explicit soak(const soak_options& options)
    : options_{options}
    , total_{static_cast<std::int64_t>(options.minutes * 60'000)}
    , times_{total_ >= growth_needs ? long_times(total_) : short_times}
    , chance_{options.stage.seed}
    , stage_{options.stage}
    , work_{stage_.nats().port()}
    , witness_{{stage_.nats().port(), soak_work::records_kept_for, 100ms, options.stage.seed}} {
    if (!options.table_file.empty()) {
      table_.open(options.table_file);
    }
    table_ << "seconds,phase,what,value\n";
  }

  /// @returns what is wrong.
  std::vector<std::string> go() {
    stage_.around_kills(
      [this] { work_.before_kill(stage_.history().events(), stage_.history().now()); },
      [this] { work_.after_start(stage_.history().events(), stage_.history().now()); });
    stage_.start();
    stand_still();
    const auto processes = stage_.lasting_processes();
    while (stage_.history().now() < total_) {
      work();
      rest();
    }
    if (stage_.lasting_processes() != processes) {
      stage_.ledger().wrong("a process that was to last did not");
    }
    stage_.finish();
    const auto events = stage_.history().events();
    look_at_what_is_stored(events);
    auto out = stage_.ledger().judge(stage_.lasting_members(), soak_member::channels());
    const auto of_work = work_.judge(events, {soak_stage::lease, {}});
    out.insert(out.end(), of_work.begin(), of_work.end());
    if (!options_.history_file.empty()) {
      std::ofstream file{options_.history_file};
      for (const auto& event : events) {
        file << to_text(event) << '\n';
      }
      std::filesystem::copy_file(stage_.nats().folder() / "server.log",
                                 options_.history_file + ".server.log",
                                 std::filesystem::copy_options::overwrite_existing);
    }
    report();
    judge_all(
      load_, [](const auto& figures) { return judge_growth(figures, memory_bounds); }, out);
    judge_all(rests_, judge_count, out);
    return out;
  }

private:
  void work() {
    stage_.gate().open();
    const auto end = stage_.history().now() + times_.work;
    auto next_sample = stage_.history().now();
    auto next_fault = next_sample + pause_before_fault();
    for (auto now = next_sample; now < end; now = stage_.history().now()) {
      stage_.heal_what_is_due();
      if (now >= next_fault) {
        stage_.break_something();
        next_fault = stage_.history().now() + pause_before_fault();
      }
      if (now >= next_sample) {
        note(load_, "work", memory());
        stage_.scrape();
        next_sample += times_.between_samples;
      }
      ::poll(nullptr, 0, 50);
    }
    stage_.heal();
  }

  void stand_still() {
    if (!stage_.gate().close(stage_.members(), standstill_max)) {
      stage_.ledger().wrong("not everybody stood still within three minutes");
    }
  }

  void rest() {
    stand_still();
    const auto end = stage_.history().now() + times_.rest_max;
    std::deque<measured> readings;
    measured least;
    for (;;) {
      readings.push_back(counts());
      if (readings.size() > readings_in_a_row) {
        readings.pop_front();
      }
      least = least_of(readings);
      const bool enough = readings.size() == readings_in_a_row && !last_rest_.empty()
                          && !more_than(least, last_rest_);
      if (enough || stage_.history().now() >= end) {
        break;
      }
      ::poll(nullptr, 0, static_cast<int>(times_.between_readings.count()));
    }
    last_rest_ = least;
    note(rests_, "rest", least);
    work_.shorten_memory();
    look_at_what_is_stored(stage_.history().events());
    tell(least);
  }

  void look_at_what_is_stored(const std::vector<work_event>& events) {
    work_.look(events, stage_.history().now());
    witness_.look();
  }

  [[nodiscard]] std::chrono::milliseconds pause_before_fault() {
    return std::chrono::milliseconds{std::uniform_int_distribution<std::int64_t>{
      times_.between_faults_min.count(), times_.between_faults_max.count()}(chance_)};
  }

  [[nodiscard]] measured memory() {
    measured out;
    for (const auto& [name, pid] : stage_.lasting_processes()) {
      if (const auto found = read_process(pid)) {
        out[name + " resident bytes"] = found->resident_bytes;
        out[name + " anonymous bytes"] = found->anonymous_bytes;
      }
    }
    // nats-server does not last, and is not ours: in the table for whoever wants to know.
    const auto pid = stage_.nats().pid();
    if (const auto found = pid ? read_process(*pid) : std::nullopt) {
      write("work", "nats-server resident bytes", found->resident_bytes);
    }
    return out;
  }

  [[nodiscard]] measured counts() {
    measured out;
    for (const auto& [name, pid] : stage_.lasting_processes()) {
      if (const auto found = read_process(pid)) {
        out[name + " threads"] = found->threads;
        out[name + " descriptors"] = found->descriptors;
      }
    }
    if (const auto found = read_server(stage_.monitoring_port())) {
      out["nats-server connections"] = found->connections;
      // As many as requests were ever under way at once on a connection: they come to an end, and
      // begin anew with it, so the figures of two rests say nothing about growth.
      write("rest", "nats-server subscriptions", found->subscriptions);
      if (found->subscriptions > subscriptions_max * found->connections) {
        stage_.ledger().wrong(std::to_string(found->connections) + " connections have "
                              + std::to_string(found->subscriptions) + " subscriptions");
      }
      out["nats-server streams"] = found->streams;
      out["nats-server consumers"] = found->consumers;
    }
    return out;
  }

  void write(std::string_view phase, std::string_view what, std::int64_t value) {
    const auto seconds = std::chrono::duration<double>(stage_.history().now()).count();
    table_ << std::fixed << std::setprecision(1) << seconds << ',' << phase << ',' << what << ','
           << value << std::endl;
  }

  void note(std::map<std::string, std::vector<figure>>& into, std::string_view phase,
            const measured& what) {
    const auto now = stage_.history().now();
    for (const auto& [name, value] : what) {
      into[name].push_back({now, value});
      write(phase, name, value);
    }
  }

  void tell(const measured& counted) {
    std::size_t calls = 0;
    for (const auto& [call, tally] : stage_.ledger().calls()) {
      calls += tally.answered;
    }
    std::cout << std::chrono::duration_cast<std::chrono::seconds>(stage_.history().now()).count()
              << " s: " << calls << " answers;";
    for (const auto& [name, figures] : load_) {
      if (name.find("resident") != std::string::npos) {
        std::cout << ' ' << name.substr(0, name.find(' ')) << ' ' << figures.back().value / 1024
                  << " KiB,";
      }
    }
    for (const auto& [name, value] : counted) {
      std::cout << ' ' << name << ' ' << value << (name == counted.rbegin()->first ? "\n" : ",");
    }
    std::cout << "  work items so far:";
    for (const auto& [end, count] : work_.ends()) {
      std::cout << ' ' << count << ' ' << end << ';';
    }
    std::cout << ' ' << work_.forgotten() << " forgotten, " << work_.lost_by_server()
              << " lost by nats-server when it was killed; ";
    tell_of_witness();
    for (const auto& sentence : stage_.ledger().judge({}, {})) {
      std::cout << "  so far: " << sentence << '\n';
    }
    std::cout << std::flush;
  }

  void tell_of_witness() const {
    std::cout << "of " << witness_.acknowledged() << " keys of a client without our code "
              << witness_.forgotten() << " were forgotten\n";
  }

  void report() {
    std::cout << "Answers (failed, slowest in ms):\n";
    std::size_t calls = 0;
    for (const auto& [call, tally] : stage_.ledger().calls()) {
      std::cout << "  " << call << ": " << tally.answered << " (" << tally.failed << ", "
                << tally.slowest.count() << ")\n";
      calls += tally.answered;
    }
    std::cout << "  all: " << calls << "\nFaults:";
    for (const auto& [fault, count] : stage_.faults()) {
      std::cout << ' ' << count << " times " << fault << ';';
    }
    std::cout << "\nMessages reported as sent: " << stage_.ledger().said()
              << ", direct ones shown again: " << stage_.ledger().shown_again() << "\nWork items:";
    for (const auto& [end, count] : work_.ends()) {
      std::cout << ' ' << count << ' ' << end << ';';
    }
    std::cout << "\nBy nats-server alone " << work_.lost_by_server()
              << " records were lost when it was killed, which are not judged; ";
    tell_of_witness();
    std::cout << "The page took in " << stage_.page().bytes() << " bytes; its stream ended "
              << stage_.page().ends() << " times.\n";
  }

  template <class Decision>
  void judge_all(const std::map<std::string, std::vector<figure>>& all, Decision decide,
                 std::vector<std::string>& wrong) const {
    if (total_ < growth_needs) {
      std::cout << all.size()
                << " series were measured; a run of less than half an hour does not"
                   " judge whether they grow.\n";
      if (all.empty()) {
        wrong.push_back("nothing was measured");
      }
      return;
    }
    for (const auto& [what, figures] : all) {
      const auto verdict = decide(figures);
      if (!verdict) {
        wrong.push_back(what + " was measured too rarely");
        continue;
      }
      std::cout << what << ": " << verdict->at_first << ", " << verdict->before << ", "
                << verdict->after << " (at first, before, after)\n";
      if (verdict->grew) {
        wrong.push_back(what + " grew from " + std::to_string(verdict->before) + " to "
                        + std::to_string(verdict->after));
      }
    }
  }

  soak_options options_;
  std::chrono::milliseconds total_;
  soak_times times_;
  std::mt19937_64 chance_;
  soak_stage stage_;
  soak_work work_;
  store_witness witness_;
  std::ofstream table_;
  std::map<std::string, std::vector<figure>> load_;
  std::map<std::string, std::vector<figure>> rests_;
  measured last_rest_;
};

} // namespace

int main(int argc, char** argv) {
  soak_options options;
  CLI::App app{
    "Lets agents and coordinators work for an hour while faults happen at random, and checks that"
    " nothing grows, no call stays without an answer and nothing that was accepted is lost"};
  app.option_defaults()->always_capture_default();
  app.add_option("--minutes", options.minutes, "Growth is judged from 30 minutes on")
    ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.stage.seed, "Of the choices; the timing is the machine's");
  app.add_option("--csv", options.table_file, "Writes every figure that was measured to this file");
  app.add_option("--history", options.history_file,
                 "Writes every call about work to this file, and nats-server's log beside it");
  app.add_option("--lasting", options.stage.lasting, "Agents that live as long as the soak")
    ->check(CLI::PositiveNumber);
  app.add_option("--killed", options.stage.killed, "Agents that are killed again and again");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto wrong = soak{options}.go();
    for (const auto& sentence : wrong) {
      std::cout << "WRONG " << sentence << '\n';
    }
    std::cout << (wrong.empty() ? "Nothing grew, nothing was lost.\n" : "");
    return wrong.empty() ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 2;
  }
}
