// SPDX-License-Identifier: MIT
#include "actors/main/apply_command.hpp"

#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stream_comparison.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/text.hpp"

#include "actors/main/command_gateway.hpp"
#include "actors/main/command_lanes.hpp"
#include "actors/main/shared_streams.hpp"

#include <cstddef>
#include <iostream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nats_mcp {

namespace {

/// What is to be done to one stream.
struct planned_change {
  /// In the user's words, such as `#planning`.
  std::string name;
  /// Nothing: the stream does not exist and is made.
  std::optional<jetstream::stream_comparison> comparison;
  jetstream::stream_config wanted;
  jetstream::deletion_bounds deleted;

  [[nodiscard]] bool changes() const {
    return !comparison || !comparison->raised.empty() || !comparison->left.empty();
  }
};

void print_differences(const std::vector<jetstream::stream_difference>& differences,
                       std::string_view remark) {
  for (const auto& one : differences) {
    std::cout << "    " << one.setting << ": " << one.existing << " -> " << one.wanted << remark
              << '\n';
  }
}

void print_plan(const planned_change& change) {
  std::cout << change.name << " (stream " << change.wanted.name << ")\n";
  if (!change.comparison) {
    std::cout << "    does not exist and will be created\n";
    return;
  }
  print_differences(change.comparison->raised, "");
  print_differences(change.comparison->left, "");
  print_differences(change.comparison->fixed, "  (cannot be changed; only a new stream has it)");
  if (!change.changes()) {
    std::cout << "    as configured\n";
    return;
  }
  if (change.deleted.at_most == 0) {
    std::cout << "    deletes no messages\n";
  } else if (change.deleted.at_least == change.deleted.at_most) {
    std::cout << "    DELETES " << counted(change.deleted.at_most, "message") << " at once\n";
  } else {
    std::cout << "    DELETES " << change.deleted.at_least << " to "
              << counted(change.deleted.at_most, "message") << " at once\n";
  }
}

result<planned_change> plan(command_gateway& nats, jetstream::stream_config wanted, wall_time now) {
  planned_change out;
  out.name = jetstream::spoken_stream(wanted.name);
  out.wanted = std::move(wanted);
  const auto reply = nats.ask<jetstream::api_reply>(
    jetstream::stream_info_request(out.wanted.name, nats.deadline()));
  if (!reply) {
    if (reply.error().code == ec::not_found) {
      return out;
    }
    return tl::make_unexpected(reply.error());
  }
  const auto info = jetstream::parse_stream_info(reply->body);
  if (!info) {
    return tl::make_unexpected(info.error());
  }
  out.comparison = jetstream::compare(info->config, out.wanted);
  out.deleted = jetstream::deletions(*info, out.comparison->after_apply, now);
  return out;
}

/// Lanes whose items shall come back after another time without a sign of life.
void print_lanes(const std::vector<work::existing_lane>& lanes, const std::string& wanted) {
  std::size_t shown = 0;
  for (const auto& one : lanes) {
    if (++shown > lanes_shown_max) {
      std::cout << counted(lanes.size() - lanes_shown_max, "more lane") << " like these\n";
      break;
    }
    std::cout << one_line(work::in_words(*one.where)) << " (consumer " << one_line(one.consumer)
              << ")\n    ackTimeout: " << ack_timeout_text(one) << " -> " << wanted << '\n';
  }
  if (!lanes.empty()) {
    std::cout << "    takes no item from whoever holds it; agents that run now go on with the old"
                 " time until they are started anew\n";
  }
}

bool confirmed_on_terminal() {
  if (::isatty(STDIN_FILENO) == 0) {
    return false;
  }
  std::cout << "Change this? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

result<void> carry_out(command_gateway& nats, const planned_change& change) {
  const auto request =
    change.comparison
      ? jetstream::update_stream_request(change.comparison->after_apply, nats.deadline())
      : jetstream::create_stream_request(change.wanted, nats.deadline());
  const auto reply = nats.ask<jetstream::api_reply>(request);
  if (!reply) {
    return tl::make_unexpected(reply.error());
  }
  return {};
}

apply_exit complain(const std::string& sentence) {
  std::cerr << sentence << '\n';
  return apply_exit::failure;
}

/// Prints what is to be done to the streams; what needs nothing is left out of the result.
result<std::vector<planned_change>> plan_streams(command_gateway& nats,
                                                 const config::configuration& settings) {
  std::vector<jetstream::stream_config> streams;
  for (const auto& channel : settings.channels) {
    streams.push_back(
      messaging::channel_stream(settings.channel_namespace, channel, settings.replicas));
  }
  const auto channels = streams.size();
  const auto append = [&streams](const auto& shared) {
    streams.insert(streams.end(), shared.begin(), shared.end());
  };
  append(agent_streams(settings));
  append(work_streams(settings));
  const auto coordination_begin = streams.size();
  append(coordination_streams(settings));
  std::vector<planned_change> out;
  const auto now = real_world().wall_clock();
  for (std::size_t i = 0; i < streams.size(); ++i) {
    auto change = plan(nats, streams[i], now);
    if (!change && change.error().code == ec::permission_denied && i >= coordination_begin) {
      continue; // whoever may change the agents' streams need not be a coordinator's user
    }
    if (!change) {
      return tl::make_unexpected(change.error());
    }
    if (i >= channels && !change->comparison) {
      continue; // the first agent or coordinator that needs it makes it
    }
    print_plan(*change);
    if (change->changes()) {
      out.push_back(std::move(*change));
    }
  }
  return out;
}

apply_exit change_lanes(command_gateway& nats, const std::vector<work::existing_lane>& lanes,
                        const config::loaded_configuration& loaded) {
  for (const auto& one : lanes) {
    const auto reply = nats.ask<jetstream::api_reply>(
      work::change_lane_request(one, wanted_lane(one, loaded), nats.deadline()));
    if (!reply) {
      return complain(work::in_words(*one.where) + ": " + reply.error().message);
    }
  }
  if (!lanes.empty()) {
    std::cout << counted(lanes.size(), "lane") << " changed.\n";
  }
  return apply_exit::success;
}

} // namespace

apply_exit run_apply(const process_environment& environment, confirmation_given confirmed) {
  const auto loaded = load_configuration(environment);
  if (!loaded.problems.empty()) {
    return complain(config::unusable(loaded.problems).message);
  }
  command_gateway nats{loaded.value, environment, engine_start::if_needed};
  auto changes = plan_streams(nats, loaded.value);
  if (!changes) {
    return complain(changes.error().message);
  }
  const auto lanes = look_at_lanes(nats, loaded.value.work_queue.ack_timeout);
  if (!lanes) {
    return complain("The lanes of the work queue: " + lanes.error().message);
  }
  print_lanes(lanes->different, to_text(loaded.value.work_queue.ack_timeout));
  if (changes->empty() && lanes->different.empty()) {
    std::cout << "Everything is as configured.\n";
    return apply_exit::success;
  }
  if (confirmed == confirmation_given::no && !confirmed_on_terminal()) {
    std::cout << "Nothing was changed. Run `nats-mcp-server apply --yes` to change it.\n";
    return apply_exit::unconfirmed;
  }
  for (const auto& change : *changes) {
    if (const auto done = carry_out(nats, change); !done) {
      return complain(change.name + ": " + done.error().message);
    }
    std::cout << change.name << (change.comparison ? " changed.\n" : " created.\n");
  }
  return change_lanes(nats, lanes->different, loaded);
}

} // namespace nats_mcp
