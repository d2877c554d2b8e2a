// SPDX-License-Identifier: MIT
#include "actors/main/apply_command.hpp"

#include "protocol/jetstream/stream_comparison.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/text.hpp"

#include "actors/main/command_gateway.hpp"

#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

namespace nats_mcp {

namespace {

/// What is to be done to one channel's stream.
struct planned_change {
  std::string channel;
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
  std::cout << "#" << change.channel << " (stream " << change.wanted.name << ")\n";
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

result<planned_change> plan(command_gateway& nats, const config::configuration& configuration,
                            const config::channel& channel, wall_time now) {
  planned_change out;
  out.channel = channel.name;
  out.wanted =
    messaging::channel_stream(configuration.channel_namespace, channel, configuration.replicas);
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

} // namespace

apply_exit run_apply(const process_environment& environment, confirmation_given confirmed) {
  const auto loaded = load_configuration(environment);
  if (!loaded.problems.empty()) {
    return complain(config::unusable(loaded.problems).message);
  }
  command_gateway nats{loaded.value, environment, engine_start::if_needed};
  std::vector<planned_change> changes;
  const auto now = real_world().wall_clock();
  for (const auto& channel : loaded.value.channels) {
    auto change = plan(nats, loaded.value, channel, now);
    if (!change) {
      return complain(change.error().message);
    }
    print_plan(*change);
    if (change->changes()) {
      changes.push_back(std::move(*change));
    }
  }
  if (changes.empty()) {
    std::cout << "Everything is as configured.\n";
    return apply_exit::success;
  }
  if (confirmed == confirmation_given::no && !confirmed_on_terminal()) {
    std::cout << "Nothing was changed. Run `nats-mcp-server apply --yes` to change it.\n";
    return apply_exit::unconfirmed;
  }
  for (const auto& change : changes) {
    if (const auto done = carry_out(nats, change); !done) {
      return complain("#" + change.channel + ": " + done.error().message);
    }
    std::cout << "#" << change.channel << (change.comparison ? " changed.\n" : " created.\n");
  }
  return apply_exit::success;
}

} // namespace nats_mcp
