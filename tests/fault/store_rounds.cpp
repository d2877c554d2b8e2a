// SPDX-License-Identifier: MIT
// nats-server alone, ended and started again while a client with none of our code writes: how often
// it forgets what it acknowledged. A measurement of what everything else stands on, and the control
// for runs of ours in which a record is missing. It fails when something was forgotten.
#include "tests/fault/store_witness.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/nats_server.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

namespace {

using namespace nats_mcp::testing;
using namespace std::chrono_literals;

/// In this time the keys that a bucket keeps fill two thirds of one of its files.
constexpr auto kept_for = 8s;
constexpr auto pause = 1500us;
constexpr auto new_file_within = 120s;

struct round_options {
  unsigned rounds = 20;
  /// With SIGTERM and not SIGKILL.
  bool gently = false;
  std::uint64_t seed = 1;
};

/// The number of the newest file in which the bucket keeps messages; 0 before the first.
int newest_file(const nats_server& nats) {
  const auto folder = nats.folder() / "store/jetstream/$G/streams/KV_witness/msgs";
  std::error_code none;
  int newest = 0;
  for (const auto& file : std::filesystem::directory_iterator{folder, none}) {
    if (file.path().extension() == ".blk") {
      newest = std::max(newest, std::stoi(file.path().stem().string()));
    }
  }
  return newest;
}

class rounds_of_ends {
public:
  explicit rounds_of_ends(const round_options& options)
    : options_{options}
    , chance_{options.seed} {
    // nop
  }

  /// @returns in how many rounds something was forgotten.
  unsigned go() {
    const auto version = nats_.version();
    std::cout << "nats-server " << version.major << '.' << version.minor << '.' << version.patch
              << '\n';
    unsigned bad = 0;
    for (unsigned round = 1; round <= options_.rounds; ++round) {
      const auto before = witness_.forgotten();
      end_soon_after_a_file_began();
      witness_.look();
      const auto forgotten = witness_.forgotten() - before;
      bad += forgotten > 0 ? 1U : 0U;
      std::cout << "round " << round << ": " << forgotten << " keys forgotten" << std::endl;
    }
    std::cout << witness_.forgotten() << " of " << witness_.acknowledged()
              << " acknowledged keys were forgotten, in " << bad << " of " << options_.rounds
              << " rounds.\n";
    return bad;
  }

private:
  void end_soon_after_a_file_began() {
    const auto file = newest_file(nats_);
    const auto began = eventually(new_file_within, [&] { return newest_file(nats_) > file; });
    if (!began) {
      throw std::runtime_error{std::string{"the bucket began no new file: "} + began.message()};
    }
    rest(kept_for / 3);
    options_.gently ? nats_.stop() : nats_.kill();
    rest(1s);
    nats_.start();
  }

  /// For some time, `longest` at most.
  void rest(std::chrono::milliseconds longest) {
    const std::chrono::milliseconds span{
      std::uniform_int_distribution<std::int64_t>{0, longest.count()}(chance_)};
    const auto end = std::chrono::steady_clock::now() + span;
    (void)eventually(longest + 1s, [&] { return std::chrono::steady_clock::now() >= end; });
  }

  round_options options_;
  std::mt19937_64 chance_;
  nats_server nats_;
  store_witness witness_{{nats_.port(), kept_for, pause, options_.seed}};
};

} // namespace

int main(int argc, char** argv) {
  round_options options;
  CLI::App app{"Ends nats-server while a client without our code writes, and says what it forgot"};
  app.option_defaults()->always_capture_default();
  app.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber);
  app.add_flag("--gently", options.gently, "Ends it with SIGTERM and not with SIGKILL");
  app.add_option("--seed", options.seed, "Of the choices; the timing is the machine's");
  CLI11_PARSE(app, argc, argv);
  try {
    return rounds_of_ends{options}.go() == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return 2;
  }
}
