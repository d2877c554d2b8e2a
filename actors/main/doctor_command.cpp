// SPDX-License-Identifier: MIT
#include "actors/main/doctor_command.hpp"

#include "protocol/config/loader.hpp"
#include "protocol/jetstream/reading_consumer.hpp"
#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stream_comparison.hpp"
#include "protocol/json/member.hpp"
#include "protocol/messaging/channel_names.hpp"
#include "protocol/text.hpp"

#include "actors/main/command_gateway.hpp"
#include "actors/main/command_lanes.hpp"
#include "actors/main/examination.hpp"
#include "actors/main/material_examination.hpp"
#include "actors/main/shared_streams.hpp"
#include "actors/main/version.hpp"
#include "actors/main/version_examination.hpp"

#include <iostream>
#include <limits>
#include <string>

namespace nats_mcp {

namespace {

/// Clocks further apart than this make time stamps misleading.
constexpr auto clock_difference_max = std::chrono::seconds{5};

void examine_configuration(examination& report, const config::loaded_configuration& loaded) {
  report.begin("Configuration");
  if (loaded.files.empty()) {
    report.fine("No configuration file; defaults and environment are used.");
  }
  for (const auto& file : loaded.files) {
    report.fine("Read " + file + ".");
  }
  for (const auto& problem : loaded.problems) {
    report.broken(config::to_text(problem));
  }
  for (const auto& setting : config::settings_of(loaded)) {
    if (setting.origin != "default") {
      report.fine(setting.key + " = " + setting.value + " (" + setting.origin + ")");
    }
  }
  report.fine("Project " + loaded.value.project_directory + ", namespace "
              + loaded.value.channel_namespace + ".");
}

/// Says how far apart two clocks are. @param asked_at and @param answered_at by our clock, around
/// the moment in which the server looked at its own.
void compare_clocks(examination& report, wall_time server_time, wall_time asked_at,
                    wall_time answered_at) {
  const auto apart = server_time < asked_at      ? asked_at - server_time
                     : server_time > answered_at ? server_time - answered_at
                                                 : std::chrono::milliseconds{0};
  const auto text = "The clocks of this machine and of the NATS server are "
                    + std::to_string(apart.count()) + " ms apart";
  if (apart > clock_difference_max) {
    report.odd(text + ". Time stamps in channels will be misleading; set up time synchronization.");
  } else {
    report.fine(text + ".");
  }
}

enum class clocks : bool { unknown, compared };

struct connection_findings {
  /// Whether it makes sense to go on.
  bool usable = false;
  clocks time = clocks::unknown;
};

connection_findings examine_connection(examination& report, command_gateway& nats,
                                       const runtime& world, std::uint32_t replicas) {
  report.begin("NATS");
  connection_findings out;
  auto asked_at = world.wall_clock();
  const auto status = nats.ask<jetstream::gateway_status>(ping_server{nats.deadline()});
  const auto answered_at = world.wall_clock();
  if (!status) {
    report.broken(status.error().message);
    return out;
  }
  out.usable = true;
  examine_version(report, *status, replicas);
  if (status->round_trip) {
    report.fine("A round trip takes " + std::to_string(status->round_trip->count())
                + " microseconds.");
  }
  report.fine("The largest message it takes is " + std::to_string(status->max_payload_bytes)
              + " bytes.");
  if (status->server_time) {
    compare_clocks(report, *status->server_time, asked_at, answered_at);
    out.time = clocks::compared;
  }
  return out;
}

bool examine_jetstream(examination& report, command_gateway& nats) {
  report.begin("JetStream");
  const auto reply = nats.ask<jetstream::api_reply>(
    jetstream::api_request{"INFO", {}, jetstream::repeatable::yes, nats.deadline()});
  if (!reply) {
    report.broken(reply.error().message);
    return false;
  }
  const auto info = json::parse(reply->body).value_or(json::value::object());
  report.fine("Enabled; " + counted(json::unsigned_member(info, "streams").value_or(0), "stream")
              + " with " + counted(json::unsigned_member(info, "storage").value_or(0), "byte")
              + " on disk.");
  return true;
}

std::string difference_text(const jetstream::stream_difference& one) {
  return one.setting + " is " + one.existing + ", configured is " + one.wanted;
}

/// Asks for the impossible, so that nothing is stored: a refusal because of the sequence proves
/// that storing would be allowed.
void examine_sending(examination& report, command_gateway& nats, const std::string& channel,
                     const std::string& subject) {
  jetstream::publish impossible;
  impossible.subject = subject;
  impossible.expected_last_subject_sequence = std::numeric_limits<std::uint64_t>::max();
  impossible.deadline = nats.deadline();
  const auto stored = nats.ask<jetstream::publish_receipt>(impossible);
  if (!stored && stored.error().code == ec::conflict) {
    report.fine("#" + channel + ": sending is allowed.");
  } else if (!stored) {
    report.broken("#" + channel + ": sending does not work. " + stored.error().message);
  }
}

/// Reading needs a consumer; making one also tells the time of a server that does not tell it
/// otherwise.
void examine_reading(examination& report, command_gateway& nats, const std::string& channel,
                     jetstream::reading_consumer consumer, const runtime& world, clocks& time) {
  consumer.name = "doctor-" + make_uuid(world.random);
  const auto asked_at = world.wall_clock();
  const auto reply =
    nats.ask<jetstream::api_reply>(jetstream::create_request(consumer, nats.deadline()));
  const auto answered_at = world.wall_clock();
  if (!reply) {
    report.broken("#" + channel + ": reading does not work. " + reply.error().message);
    return;
  }
  report.fine("#" + channel + ": reading is allowed.");
  (void)nats.ask<jetstream::api_reply>(jetstream::delete_request(consumer, nats.deadline()));
  const auto info = json::parse(reply->body).value_or(json::value::object());
  const auto server_time = parse_rfc3339(json::text_member(info, "created"));
  if (server_time && time == clocks::unknown) {
    time = clocks::compared;
    compare_clocks(report, *server_time, asked_at, answered_at);
  }
}

void report_differences(examination& report, const std::string& name,
                        const jetstream::stream_config& existing,
                        const jetstream::stream_config& wanted) {
  const auto compared = jetstream::compare(existing, wanted);
  for (const auto& one : compared.raised) {
    report.odd(name + ": " + difference_text(one) + "; the next use raises it.");
  }
  for (const auto& one : compared.left) {
    report.odd(name + ": " + difference_text(one) + "; `nats-mcp-server apply` changes it.");
  }
  for (const auto& one : compared.fixed) {
    report.odd(name + ": " + difference_text(one) + "; only a new stream has it.");
  }
}

enum class found : bool { nothing, something };

/// Whether a NATS user that is an agent's needs to see a stream.
enum class needed_by : bool { agents, coordinators };

/// Streams that all agents of this server share, those that exist.
template <class Streams>
found examine_shared(examination& report, command_gateway& nats, const Streams& streams,
                     needed_by whom) {
  auto out = found::nothing;
  for (const auto& wanted : streams) {
    const auto name = jetstream::spoken_stream(wanted.name);
    const auto reply =
      nats.ask<jetstream::api_reply>(jetstream::stream_info_request(wanted.name, nats.deadline()));
    if (!reply && reply.error().code == ec::not_found) {
      continue;
    }
    out = found::something;
    if (!reply && reply.error().code == ec::permission_denied && whom == needed_by::coordinators) {
      report.fine(name + ": not for this NATS user to see.");
      continue;
    }
    const auto info = reply ? jetstream::parse_stream_info(reply->body)
                            : result<jetstream::stream_info>{tl::make_unexpected(reply.error())};
    if (!info) {
      report.broken(name + ": " + info.error().message);
      continue;
    }
    report.fine(name + ": " + std::to_string(info->extent.messages) + " stored" + ".");
    report_differences(report, name, info->config, wanted);
  }
  return out;
}

void examine_agents(examination& report, command_gateway& nats,
                    const config::configuration& configuration) {
  report.begin("Agents");
  if (examine_shared(report, nats, agent_streams(configuration), needed_by::agents)
      == found::nothing) {
    report.fine("No agent has registered here yet; the first one makes what is needed.");
  }
}

/// Whoever needs a lane first decides how long it waits for an acknowledgement.
void examine_lanes(examination& report, command_gateway& nats,
                   const config::configuration& configuration) {
  const auto wanted = configuration.work_queue.ack_timeout;
  const auto looked = look_at_lanes(nats, wanted);
  if (!looked) {
    report.broken("The lanes of the work queue: " + looked.error().message);
    return;
  }
  if (looked->different.empty() && looked->lanes > 0) {
    report.fine(counted(looked->lanes, "lane") + ", ackTimeout " + to_text(wanted) + ".");
  }
  std::size_t shown = 0;
  for (const auto& one : looked->different) {
    if (++shown > lanes_shown_max) {
      report.odd(counted(looked->different.size() - lanes_shown_max, "more lane") + " like these.");
      break;
    }
    report.odd(work::in_words(*one.where) + ": ackTimeout is " + ack_timeout_text(one)
               + ", configured is " + to_text(wanted) + "; `nats-mcp-server apply` changes it.");
  }
  for (const auto& one : looked->strange) {
    report.odd("the consumer \"" + one.consumer + "\" takes \"" + one.filter_subject
               + "\" from the work queue and is none of ours; what it takes no agent gets.");
  }
}

void examine_work(examination& report, command_gateway& nats,
                  const config::configuration& configuration) {
  report.begin("Work");
  if (examine_shared(report, nats, work_streams(configuration), needed_by::agents)
      == found::nothing) {
    report.fine("No work was offered here yet; the first offer makes what is needed.");
    return;
  }
  examine_lanes(report, nats, configuration);
}

void examine_coordination(examination& report, command_gateway& nats,
                          const config::configuration& configuration) {
  report.begin("Coordinator");
  if (examine_shared(report, nats, coordination_streams(configuration), needed_by::coordinators)
      == found::nothing) {
    report.fine("No coordinator has run here yet; nothing needs one.");
  }
}

void examine_channel(examination& report, command_gateway& nats,
                     const config::configuration& configuration, const config::channel& channel,
                     const runtime& world, clocks& time) {
  const auto wanted =
    messaging::channel_stream(configuration.channel_namespace, channel, configuration.replicas);
  const auto reply =
    nats.ask<jetstream::api_reply>(jetstream::stream_info_request(wanted.name, nats.deadline()));
  if (!reply && reply.error().code == ec::not_found) {
    report.odd("#" + channel.name
               + ": no stream yet; the first use creates it. Not checked: whether this user may"
                 " create it, send and read.");
    return;
  }
  const auto info = reply ? jetstream::parse_stream_info(reply->body)
                          : result<jetstream::stream_info>{tl::make_unexpected(reply.error())};
  if (!info) {
    report.broken("#" + channel.name + ": " + info.error().message);
    return;
  }
  const auto& subject = wanted.subjects.front();
  report.fine("#" + channel.name + ": " + counted(info->extent.messages, "message") + ".");
  report_differences(report, "#" + channel.name, info->config, wanted);
  examine_sending(report, nats, channel.name, subject);
  examine_reading(report, nats, channel.name,
                  {wanted.name, subject, {}, info->extent.last_sequence}, world, time);
}

} // namespace

doctor_exit run_doctor(const process_environment& environment) {
  examination report{std::cout};
  report.begin("Version");
  report.fine("nats-mcp-server " + std::string{version()} + ".");
  const auto loaded = load_configuration(environment);
  examine_configuration(report, loaded);
  command_gateway nats{loaded.value, environment, engine_start::never};
  const auto world = real_world();
  examine_material(report, loaded.value.nats, world.wall_clock());
  auto connection = examine_connection(report, nats, world, loaded.value.replicas);
  if (connection.usable && examine_jetstream(report, nats)) {
    report.begin("Channels");
    for (const auto& channel : loaded.value.channels) {
      examine_channel(report, nats, loaded.value, channel, world, connection.time);
    }
    examine_agents(report, nats, loaded.value);
    examine_work(report, nats, loaded.value);
    examine_coordination(report, nats, loaded.value);
  }
  if (connection.usable && connection.time == clocks::unknown) {
    report.odd(
      "Not checked: the clocks. A NATS server before 2.10 tells its time only together with"
      " a stream, and no stream of the channels can be read here yet.");
  }
  report.conclude();
  return report.problems() == 0 ? doctor_exit::healthy : doctor_exit::problems;
}

} // namespace nats_mcp
