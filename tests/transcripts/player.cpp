// SPDX-License-Identifier: MIT
#include "tests/transcripts/player.hpp"

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace nats_mcp::transcripts {

namespace {

mcp::session_options options_of_the_server() {
  mcp::session_options options;
  options.server = {"nats-mcp-server", "NATS for agents", "1.0.0"};
  options.instructions = "Start with echo.";
  options.tools = {
    {"echo", json::value{{"name", "echo"},
                         {"description", "Says it again."},
                         {"inputSchema",
                          {{"type", "object"}, {"properties", {{"text", {{"type", "string"}}}}}}}}},
    {"wait", json::value{{"name", "wait"}, {"inputSchema", {{"type", "object"}}}}}};
  return options;
}

void add_resources(mcp::session_options& options) {
  for (const auto* name : {"inbox", "agents"}) {
    const auto uri = std::string{"nats-mcp://"} + name;
    options.resources.push_back(
      {uri, json::value{{"uri", uri}, {"name", name}, {"mimeType", "text/markdown"}}});
  }
  options.resource_templates.push_back(
    json::value{{"uriTemplate", "nats-mcp://channels/{name}"}, {"name", "channels"}});
  options.prompts.push_back(
    {"greet",
     "Greet",
     "Says hello to somebody.",
     {{"whom", "Who is greeted.", true}},
     [](const mcp::prompt_arguments& given) { return "Say hello to " + given.at("whom") + '.'; }});
}

mcp::tool_answer text_answer(std::string text, bool is_error) {
  mcp::tool_answer answer;
  answer.texts.push_back(std::move(text));
  answer.is_error = is_error;
  return answer;
}

std::string rest_of(std::istringstream& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  return rest;
}

} // namespace

player::player()
  : options_{options_of_the_server()}
  , session_{options_, {}} {
  // nop
}

std::string player::play(const std::string& transcript) {
  player stage;
  std::string played;
  const auto write_down = [&] {
    for (const auto& line : std::exchange(stage.said_, {})) {
      played += "< " + line + '\n';
    }
  };
  std::istringstream lines{transcript};
  for (std::string line; std::getline(lines, line);) {
    const auto mark = std::string_view{line}.substr(0, 2);
    if (mark == "< ") {
      continue;
    }
    played += line + '\n';
    if (mark == "> ") {
      stage.on_client_line(std::string_view{line}.substr(2));
    } else if (mark == "! ") {
      stage.on_event(line.substr(2));
    }
    write_down();
  }
  return played;
}

void player::on_client_line(std::string_view line) { carry_out(session_.on_line(line, now_)); }

void player::on_event(const std::string& event) {
  std::istringstream words{event};
  std::string verb;
  words >> verb;
  std::uint64_t number = 0;
  if (verb == "legacy-only") {
    options_.legacy_only = true;
    session_ = mcp::session{options_, {}};
  } else if (verb == "tools-per-page") {
    words >> options_.tools_per_page;
    session_ = mcp::session{options_, {}};
  } else if (verb == "resources") {
    add_resources(options_);
    session_ = mcp::session{options_, {}};
  } else if (verb == "claude-channel") {
    options_.legacy_only = true;
    options_.watched_for_hints = {"nats-mcp://inbox"};
    session_ = mcp::session{options_, {}};
  } else if (verb == "resource") {
    words >> number;
    carry_out(session_.on_resource(static_cast<call_id>(number), rest_of(words), now_));
  } else if (verb == "resource-failed") {
    words >> number;
    carry_out(
      session_.on_resource(static_cast<call_id>(number), fail(ec::timeout, rest_of(words)), now_));
  } else if (verb == "changed") {
    const auto uri = rest_of(words);
    if (watched_.count(uri) == 0) {
      throw std::invalid_argument("a transcript has a change of what nobody watches: " + uri);
    }
    carry_out(session_.on_resource_changed(uri, now_));
  } else if (verb == "hint") {
    std::string about;
    words >> about;
    carry_out(session_.on_hint({about, rest_of(words), {{"kind", about}}}, now_));
  } else if (verb == "restart") {
    options_.first_call = calls_ + 1;
    session_ = mcp::session{options_, session_.checkpoint()};
    carry_out(session_.resume(now_));
  } else if (verb == "advance") {
    words >> number;
    now_ += std::chrono::milliseconds{number};
    carry_out(session_.on_time(now_));
  } else if (verb == "progress") {
    mcp::progress_report report;
    std::string total;
    words >> number >> report.progress >> total;
    if (total != "-") {
      report.total = std::stod(total);
    }
    report.message = rest_of(words);
    carry_out(session_.on_progress(static_cast<call_id>(number), report, now_));
  } else if (verb == "answer") {
    words >> number;
    answer(static_cast<call_id>(number), text_answer(rest_of(words), false));
  } else if (verb == "overlong") {
    carry_out(session_.on_overlong_line(now_));
  } else if (verb == "finish") {
    carry_out(session_.finish(rest_of(words)));
  } else {
    throw std::invalid_argument("a transcript has the unknown event: " + event);
  }
}

void player::carry_out(const std::vector<mcp::effect>& effects) {
  for (const auto& any : effects) {
    if (const auto* sent = std::get_if<mcp::send_line>(&any)) {
      if (!sent->line.empty()) {
        said_.push_back(sent->line);
      }
    } else if (std::get_if<mcp::read_resource>(&any) != nullptr) {
      ++calls_;
    } else if (const auto* watched = std::get_if<mcp::watch_resources>(&any)) {
      watched_ = watched->uris;
    } else if (const auto* started = std::get_if<mcp::start_call>(&any)) {
      ++calls_;
      if (started->tool != "echo") {
        continue;
      }
      const auto* text = json::find(started->arguments, "text");
      const auto* error = json::find(started->arguments, "error");
      const auto* words = error != nullptr ? error : text;
      answer(started->call,
             text_answer(words == nullptr ? "" : words->get<std::string>(), error != nullptr));
    }
  }
}

void player::answer(call_id call, mcp::tool_answer answer) {
  carry_out(session_.on_answer(call, std::move(answer), now_));
}

} // namespace nats_mcp::transcripts
