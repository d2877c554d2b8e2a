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
  } else if (verb == "restart") {
    options_.first_call = calls_ + 1;
    session_ = mcp::session{options_, session_.checkpoint()};
  } else if (verb == "advance") {
    words >> number;
    now_ += std::chrono::milliseconds{number};
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
