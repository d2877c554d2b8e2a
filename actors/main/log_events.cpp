// SPDX-License-Identifier: MIT
#include "actors/main/log_events.hpp"

#include "protocol/logging/stranger_journal.hpp"

#include "actors/main/version.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace nats_mcp {

namespace {

logging::level level_of(config::log_level configured) {
  switch (configured) {
    case config::log_level::debug:
      return logging::level::debug;
    case config::log_level::info:
      return logging::level::info;
    case config::log_level::warn:
      return logging::level::warning;
    case config::log_level::error:
      return logging::level::error;
  }
  return logging::level::info;
}

logging::level level_of(supervision_event::kind what) {
  using kind = supervision_event::kind;
  switch (what) {
    case kind::started:
    case kind::stopped:
      return logging::level::debug;
    case kind::restart_scheduled:
    case kind::ended:
      return logging::level::warning;
    case kind::start_failed:
    case kind::given_up:
    case kind::killed:
    case kind::abandoned:
    case kind::survived:
      return logging::level::error;
  }
  return logging::level::info;
}

} // namespace

std::shared_ptr<transport::logger> make_logger(const config::configuration& settings,
                                               const runtime& world) {
  transport::logger::options choice;
  choice.least = level_of(settings.logging.level);
  choice.form = settings.logging.format == config::log_format::json ? logging::format::json
                                                                    : logging::format::text;
  choice.now = world.wall_clock;
  return std::make_shared<transport::logger>(std::move(choice));
}

void log_start(transport::logger& log, const config::loaded_configuration& loaded) {
  log.write({logging::level::info,
             "server",
             "server.started",
             "The MCP server waits for its client.",
             {{"version", std::string{version()}},
              {"namespace", loaded.value.channel_namespace},
              {"project", loaded.value.project_directory}}});
  for (const auto& one : loaded.problems) {
    log.write(
      {logging::level::error, "configuration", "configuration.problem", config::to_text(one), {}});
  }
}

std::function<void(std::string_view, const jetstream::kv_entry&)>
tell_of_strangers(std::shared_ptr<transport::logger> log) {
  struct memory {
    std::mutex mutex;
    logging::stranger_journal journal;
  };
  return [log = std::move(log), told = std::make_shared<memory>()](
           std::string_view bucket, const jetstream::kv_entry& entry) {
    std::optional<logging::event> happened;
    {
      const std::lock_guard lock{told->mutex};
      happened = told->journal.on(bucket, entry.key, entry.value.size());
    }
    if (happened) {
      log->write(*happened);
    }
  };
}

logging::event log_event_of(const supervision_event& happened) {
  std::string what{to_string(happened.what)};
  logging::event out;
  out.severity = level_of(happened.what);
  out.component = "supervisor";
  out.id = "supervisor." + what;
  out.message = "The part \"" + happened.child + "\": " + what + ".";
  out.fields = {{"part", happened.child},
                {"restarts", static_cast<std::int64_t>(happened.restarts)}};
  if (!happened.failure.empty()) {
    out.fields.push_back({"failure", happened.failure});
  }
  if (happened.delay.count() > 0) {
    out.fields.push_back({"delay_ms", static_cast<std::int64_t>(happened.delay.count())});
  }
  return out;
}

} // namespace nats_mcp
