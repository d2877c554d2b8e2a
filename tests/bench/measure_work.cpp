// SPDX-License-Identifier: MIT
#include "tests/bench/agent.hpp"
#include "tests/bench/measurements.hpp"
#include "tests/bench/nats_side.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/work_items.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace nats_mcp::bench {

namespace {

constexpr std::array<std::size_t, 3> depths{0, 10'000, 100'000};
constexpr std::array<std::size_t, 3> crews{1, 4, 16};
constexpr std::size_t crew_with_budget = 4;
constexpr double offers_budget = 10'000;
constexpr double items_budget = 2'000;
/// What a queue of any depth keeps of the rate of an empty one.
constexpr double rate_kept = 0.8;
constexpr std::size_t offer_window = 64;
const std::string floor_stream = "FLOOR";
const std::string floor_subject = "floor.lane";

std::string as_item(const std::string& id) { return R"({"workItemId":")" + id + R"("})"; }

double seconds_of(const std::function<void()>& what) {
  const auto begin = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs the same in so many threads; an exception of one of them is thrown here.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::exception_ptr> failures(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      try {
        work(i);
      } catch (const std::exception&) {
        failures[i] = std::current_exception();
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& failure : failures) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  }
}

/// What becomes of a queue: every item has to be claimed once, and what nobody claimed be there.
struct harvest {
  double rate = 0;
  double claimed_twice = 0;
};

using crew = std::vector<std::unique_ptr<agent>>;

harvest work_off(crew& workers, std::size_t size, std::size_t items) {
  std::vector<std::vector<std::string>> done(size);
  std::atomic<std::size_t> begun{0};
  harvest out;
  const auto seconds = seconds_of([&] {
    side_by_side(size, [&](std::size_t number) {
      auto& worker = *workers[number];
      while (begun++ < items) {
        auto id = claimed_item(worker.call("claim_work", R"({"timeout":10000})"));
        if (id.empty()) {
          throw std::runtime_error("there is nothing left to claim");
        }
        worker.call("complete_work", as_item(id));
        done[number].push_back(std::move(id));
      }
    });
  });
  std::set<std::string> known;
  for (const auto& ids : done) {
    for (const auto& id : ids) {
      out.claimed_twice += known.insert(id).second ? 0 : 1;
    }
  }
  out.rate = static_cast<double>(items) / seconds;
  return out;
}

double floor_work_off(const std::string& url, std::size_t size, std::size_t items) {
  std::vector<std::unique_ptr<raw_nats>> workers;
  for (std::size_t i = 0; i < size; ++i) {
    workers.push_back(std::make_unique<raw_nats>(url, write_mode::at_once));
  }
  const auto seconds = seconds_of([&] {
    side_by_side(
      size, [&](std::size_t number) { workers[number]->work_off(floor_stream, items / size); });
  });
  return static_cast<double>(items / size * size) / seconds;
}

/// One server with a queue of one depth.
class depth_run {
public:
  depth_run(const run_options& options, std::size_t depth)
    : options_(options)
    , depth_(depth)
    , nats_(scratch_.path())
    , raw_(nats_.url(), write_mode::gathered) {
    raw_.add_lane(floor_stream, floor_subject);
    raw_.fill(depth, [](std::size_t) { return raw_message{floor_subject, message_payload()}; });
    if (options.server.empty()) {
      return;
    }
    offerer_ = start("offerer");
    offerer_->register_as("offerer");
    for (std::size_t i = 0; i < crews.back(); ++i) {
      workers_.push_back(start("worker-" + std::to_string(i)));
      workers_.back()->register_as("worker-" + std::to_string(i), capability);
    }
    make_work_streams(*offerer_, *workers_.front());
    fill_queue(raw_, depth);
  }

  /// @param empty_queue the rates of the crews at depth 0, filled there and compared elsewhere.
  void measure(std::vector<row>& rows, std::array<double, crews.size()>& empty_queue) {
    const auto name = ", " + std::to_string(depth_) + " deep";
    for (std::size_t i = 0; i < crews.size(); ++i) {
      offer(rows, i == 0 ? "offers, 64 in flight" + name : std::string{});
      const auto floor = floor_work_off(nats_.url(), crews[i], options_.items);
      row line{"claim and complete, " + std::to_string(crews[i]) + " at once" + name,
               "1/s",
               "",
               {},
               row::direction::at_least,
               floor,
               {}};
      if (offerer_) {
        const auto got = work_off(workers_, crews[i], options_.items);
        claimed_twice_ += got.claimed_twice;
        line.measured = got.rate;
        promise(line, crews[i], empty_queue[i]);
        empty_queue[i] = depth_ == 0 ? got.rate : empty_queue[i];
      }
      rows.push_back(line);
    }
    if (offerer_) {
      const auto left = static_cast<double>(left_in_queue());
      rows.push_back(
        {"claimed twice" + name, "", "0", 0, row::direction::at_most, {}, claimed_twice_});
      rows.push_back({"lost" + name,
                      "",
                      "0",
                      0,
                      row::direction::at_most,
                      {},
                      static_cast<double>(depth_) - left});
    }
  }

private:
  /// What nobody claimed. A completion is answered before its delivery is acknowledged: what is on
  /// its way is waited for.
  std::uint64_t left_in_queue() {
    auto left = raw_.extent_of("WORK").messages;
    for (int look = 0; look < 100 && left > depth_; ++look) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      left = raw_.extent_of("WORK").messages;
    }
    return left;
  }

  std::unique_ptr<agent> start(const std::string& name) {
    auto out =
      std::make_unique<agent>(agent_options{{options_.server}, nats_.url(), scratch_.path(), name});
    out->initialize();
    return out;
  }

  /// As many as a crew takes; one row for the first time.
  void offer(std::vector<row>& rows, const std::string& name) {
    const auto floor =
      raw_.publish_pipelined(floor_subject, message_payload(), options_.items, offer_window);
    std::optional<double> rate;
    if (offerer_) {
      rate = offerer_->call_pipelined("broadcast_work_offer", offer_arguments("bench"),
                                      options_.items, offer_window);
    }
    if (!name.empty()) {
      rows.push_back(
        {name, "1/s", ">= 10000", offers_budget, row::direction::at_least, floor, rate});
    }
  }

  void promise(row& line, std::size_t size, double in_empty_queue) const {
    if (depth_ != 0) {
      line.limit = rate_kept * in_empty_queue;
      line.budget = ">= 80 % of depth 0";
    } else if (size == crew_with_budget) {
      line.limit = items_budget;
      line.budget = ">= 2000";
    }
  }

  const run_options& options_;
  std::size_t depth_;
  scratch_directory scratch_;
  nats_server nats_;
  raw_nats raw_;
  std::unique_ptr<agent> offerer_;
  crew workers_;
  double claimed_twice_ = 0;
};

} // namespace

void measure_work(const run_options& options) {
  std::vector<row> rows;
  std::array<double, crews.size()> empty_queue{};
  for (const auto depth : depths) {
    depth_run{options, depth}.measure(rows, empty_queue);
  }
  print_table("Work (floors: js_PublishAsync with ids; a pull of one and a confirmed"
              " acknowledgement of one lane, as many threads)",
              rows);
}

void measure_waiting_claims(const run_options& options) {
  const scratch_directory scratch;
  const nats_server nats(scratch.path());
  raw_nats reader(nats.url(), write_mode::at_once);
  raw_nats writer(nats.url(), write_mode::at_once);
  std::vector<double> floor;
  for (const auto seconds : reader.hand_over(writer, floor_stream, floor_subject, options.waits)) {
    floor.push_back(1000 * seconds);
  }
  std::vector<double> measured;
  if (!options.server.empty()) {
    agent offerer({{options.server}, nats.url(), scratch.path(), "offerer"});
    agent worker({{options.server}, nats.url(), scratch.path(), "worker"});
    offerer.initialize();
    worker.initialize();
    offerer.register_as("offerer");
    worker.register_as("worker", capability);
    make_work_streams(offerer, worker);
    for (std::size_t i = 0; i < options.waits; ++i) {
      worker.post("claim_work", R"({"timeout":30000})");
      // It has looked through its lanes and waits now.
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const auto begin = std::chrono::steady_clock::now();
      offerer.post("broadcast_work_offer", offer_arguments("bench"));
      const auto id = claimed_item(worker.answer());
      measured.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
          .count());
      offerer.answer();
      worker.call("complete_work", as_item(id));
    }
  }
  const auto share = [&](double of) {
    return measured.empty() ? std::nullopt : std::optional(percentile(measured, of));
  };
  print_table("A claim that waits (floor: js_Publish to a waiting pull of one)",
              {row{"offer to claimed, p50",
                   "ms",
                   "",
                   {},
                   row::direction::at_most,
                   percentile(floor, 0.5),
                   share(0.5)},
               row{"offer to claimed, p99",
                   "ms",
                   "",
                   {},
                   row::direction::at_most,
                   percentile(floor, 0.99),
                   share(0.99)}});
}

} // namespace nats_mcp::bench
