// SPDX-License-Identifier: MIT
// Three sections between lines `%%`: variables (`NAME=value`, one a line), the project's file, the
// user's file. An empty section is a file that is not there.
#include "protocol/config/configuration_fields.hpp"
#include "protocol/config/loader.hpp"
#include "protocol/config/server_list.hpp"
#include "protocol/jetstream/server_url.hpp"
#include "protocol/limits.hpp"
#include "protocol/messaging/channel_names.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace nats_mcp::fuzz {

namespace {

/// What every tool answers while something is wrong.
constexpr std::size_t refusal_bytes_max = 64 * 1024;

config::sources sources_of(std::string environment, std::string project, std::string user) {
  config::sources out;
  input lines{environment};
  while (!lines.at_end()) {
    const auto line = lines.line();
    const auto sign = line.find('=');
    if (sign != std::string_view::npos && sign > 0) {
      out.environment[std::string{line.substr(0, sign)}] = line.substr(sign + 1);
    }
  }
  out.working_directory = "/work/project/src";
  out.home_directory = "/home/ann";
  out.read_file = [project = std::move(project), user = std::move(user)](
                    const std::string& path) -> result<std::optional<std::string>> {
    const auto& text = path == "/work/project/.mcp-config.json"    ? project
                       : path == "/home/ann/.nats-mcp/config.json" ? user
                                                                   : std::string{};
    return text.empty() ? std::optional<std::string>{} : std::optional{text};
  };
  out.real_path = [](const std::string& path) { return path; };
  return out;
}

/// Whether a problem is one of a value that may be a secret or hold one.
bool is_of_secret(const config::problem& one) {
  const auto& fields = json::described<config::configuration>::fields().descriptions();
  return std::any_of(fields.begin(), fields.end(), [&one](const json::field_description& field) {
    return field.rules.secret != json::secrecy::plain
           && (one.key == field.rules.name || one.key == field.rules.environment);
  });
}

/// What is shown is the same whatever the secrets are.
void check_no_secret(const config::loaded_configuration& loaded) {
  auto other = loaded;
  for (auto* secret :
       {&other.value.nats.token, &other.value.nats.password, &other.value.http_token}) {
    *secret = secret->empty() ? "" : "another";
  }
  const auto shown = config::settings_of(loaded);
  const auto same = config::settings_of(other);
  for (std::size_t at = 0; at < shown.size(); ++at) {
    require(shown[at].value == same[at].value, "no secret is told", shown[at].value);
    require(shown[at].key != "natsUrl" || shown[at].value.find('@') == std::string::npos,
            "an address is shown without credentials", shown[at].value);
  }
}

void check_problems(const config::loaded_configuration& loaded) {
  for (const auto& one : loaded.problems) {
    require(!one.reason.empty(), "a problem says what is wrong", config::to_text(one));
    require(is_showable_line(config::to_text(one)), "a problem is one line that can be shown",
            config::to_text(one));
    require(!is_of_secret(one) || one.reason.find("was given") == std::string::npos,
            "no secret is repeated", config::to_text(one));
  }
  if (!loaded.problems.empty()) {
    require_sentence(config::unusable(loaded.problems).message, refusal_bytes_max);
  }
}

/// The addresses are read as they are judged and shown.
void check_addresses(const std::string& list) {
  if (list.empty()) {
    return;
  }
  require(config::server_list_rule().holds(list), "only a list of addresses is taken", list);
  const auto urls = jetstream::parse_server_urls(list);
  require(urls.has_value(), "addresses that are taken can be used", list);
  require(urls->size() == config::split_server_list(list).size(), "every address counts", list);
  for (const auto& url : *urls) {
    require(is_showable_line(url.shown()), "an address can be shown", url.shown());
    require(url.port > 0 && !url.host.empty(), "an address leads somewhere", list);
    require(url.shown().find('@') == std::string::npos, "an address is shown without credentials",
            url.shown());
  }
}

void check_values(const config::loaded_configuration& loaded) {
  const auto& value = loaded.value;
  require(messaging::check_namespace(value.channel_namespace).has_value(),
          "the namespace is legal in subjects", value.channel_namespace);
  require(is_subject_token(value.project_id), "the project's id is a token", value.project_id);
  require(!value.channels.empty() && value.channels.size() <= limits::channels_max,
          "there are channels, and not too many", {});
  for (const auto& channel : value.channels) {
    const auto stream = messaging::channel_stream(value.channel_namespace, channel, value.replicas);
    require(is_plain_subject(stream.subjects.front()) && is_subject_token(stream.name),
            "a channel has a subject and a stream", channel.name);
    require(stream.max_age.count() > 0 && stream.max_messages > 0 && stream.max_bytes > 0,
            "a channel has bounds", channel.name);
  }
  const std::array durations{value.call_timeout, value.heartbeat_interval,
                             value.work_queue.ack_timeout, value.work_queue.dead_letter_ttl,
                             value.work_queue.max_hold.value_or(value.call_timeout)};
  for (const auto duration : durations) {
    require(duration.count() > 0 && duration <= limits::duration_max, "a duration is one", {});
  }
  check_addresses(value.nats.url);
}

/// What was loaded, written as one file, is loaded again.
void check_round_trip(const config::loaded_configuration& loaded) {
  const auto& fields = json::described<config::configuration>::fields();
  const auto written = fields.encode(loaded.value);
  const auto again = config::load(sources_of({}, json::write(written), {}));
  require(again.problems.empty(), "what was taken is taken again", json::write(written));
  require(fields.encode(again.value) == written, "a configuration survives a round trip",
          json::write(written));
}

} // namespace

void configuration(std::string_view bytes) {
  input given{bytes};
  std::string environment{given.section()};
  std::string project{given.section()};
  const auto loaded =
    config::load(sources_of(std::move(environment), std::move(project), std::string{given.rest()}));
  check_problems(loaded);
  check_values(loaded);
  check_no_secret(loaded);
  for (const auto& setting : config::settings_of(loaded)) {
    require(is_json_line(setting.value) || setting.value == "(set, not shown)",
            "a setting is shown as JSON", setting.value);
  }
  if (loaded.problems.empty()) {
    check_round_trip(loaded);
  }
}

} // namespace nats_mcp::fuzz
