// SPDX-License-Identifier: MIT
#include "tests/simulation/world/agent.hpp"

#include "protocol/json/member.hpp"
#include "protocol/mcp/era.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

constexpr auto modern_version = "2026-07-28";
constexpr auto legacy_version = "2025-11-25";

json::value with_envelope(json::value parameters, mcp::era how) {
  if (how == mcp::era::modern) {
    parameters["_meta"] = {
      {std::string{mcp::protocol_version_key}, modern_version},
      {"io.modelcontextprotocol/clientCapabilities", json::value::object()},
    };
  }
  return parameters;
}

/// What a model reads of a result: all texts of its content.
std::string text_of(const json::value& result) {
  std::string text;
  if (const auto* content = json::find(result, "content"); content != nullptr) {
    for (const auto& block : *content) {
      text += json::text_member(block, "text");
    }
  }
  return text;
}

} // namespace

agent::agent(options choice)
  : options_{std::move(choice)} {
  // nop
}

void agent::meet(simulated_client& process) {
  process_ = &process;
  process_number_ = options_.history->processes.size();
  options_.history->processes.push_back({options_.number, false});
  if (options_.speaks == manner::modern) {
    return;
  }
  shake_hands();
}

void agent::shake_hands() {
  const json::value parameters{
    {"protocolVersion", legacy_version},
    {"capabilities", json::value::object()},
    {"clientInfo", {{"name", "simulated"}, {"version", "0"}}},
  };
  send("initialize", "initialize", parameters, mcp::era::legacy,
       [this](const request_record& hands) {
         if (hands.success() != nullptr) {
           say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
         } else if (has_process()) {
           shake_hands(); // the session failed with it in its hands
         }
       });
}

void agent::lose() {
  process_ = nullptr;
  open_.clear();
}

std::size_t agent::call(std::string tool, json::value arguments, heard then) {
  const auto how = choose_era();
  json::value parameters{{"name", tool}, {"arguments", std::move(arguments)}};
  return send(std::move(tool), "tools/call", std::move(parameters), how, std::move(then));
}

std::size_t agent::ask(std::string method, heard then) {
  return ask(std::move(method), json::value::object(), std::move(then));
}

std::size_t agent::ask(std::string method, json::value parameters, heard then) {
  const std::string name = method;
  return send(std::move(method), name, std::move(parameters), choose_era(), std::move(then));
}

std::size_t agent::send(std::string what, std::string_view method, json::value parameters,
                        mcp::era how, heard then) {
  auto& history = *options_.history;
  const auto id = history.requests.size();
  request_record record;
  record.agent = options_.number;
  record.process = process_number_;
  record.what = std::move(what);
  record.how = how;
  record.order = ++history.last_order;
  record.time = options_.clock();
  history.requests.push_back(std::move(record));
  open_[id] = std::move(then);
  const json::value message{{"jsonrpc", "2.0"},
                            {"id", id},
                            {"method", method},
                            {"params", with_envelope(std::move(parameters), how)}};
  say(json::write(message));
  return id;
}

void agent::withdraw(std::size_t request) {
  auto& history = *options_.history;
  auto& record = history.requests.at(request);
  if (process_ == nullptr || record.withdrawn) {
    return;
  }
  record.withdrawn = ++history.last_order;
  open_.erase(request);
  const json::value message{
    {"jsonrpc", "2.0"},
    {"method", "notifications/cancelled"},
    {"params", with_envelope({{"requestId", request}}, record.how)},
  };
  say(json::write(message));
}

std::vector<std::size_t> agent::open() const {
  std::vector<std::size_t> numbers;
  numbers.reserve(open_.size());
  for (const auto& [number, unused] : open_) {
    numbers.push_back(number);
  }
  return numbers;
}

void agent::say(const std::string& line) {
  if (process_ != nullptr) {
    options_.seen->note(options_.clock(), "agent " + std::to_string(options_.number) + " says",
                        line);
    process_->say(line);
  }
}

mcp::era agent::choose_era() {
  if (options_.speaks == manner::both) {
    return options_.chance.below(2) == 0 ? mcp::era::legacy : mcp::era::modern;
  }
  return options_.speaks == manner::legacy ? mcp::era::legacy : mcp::era::modern;
}

void agent::hear(const std::string& line) {
  options_.seen->note(options_.clock(), "agent " + std::to_string(options_.number) + " hears",
                      line);
  auto& history = *options_.history;
  const auto message = json::parse(line);
  const auto* id = message ? json::find(*message, "id") : nullptr;
  if (message && id == nullptr && json::find(*message, "method") != nullptr) {
    if (options_.notified) {
      options_.notified(*message);
    }
    return;
  }
  const auto known = message ? json::unsigned_member(*message, "id") : std::nullopt;
  if (!known || *known >= history.requests.size()
      || history.requests[*known].process != process_number_) {
    history.strays.push_back(line);
    return;
  }
  hear_answer(*known, *message);
}

void agent::hear_answer(std::size_t request, const json::value& message) {
  auto& history = *options_.history;
  answer_record answer;
  answer.order = ++history.last_order;
  answer.time = options_.clock();
  if (const auto* result = json::find(message, "result"); result != nullptr) {
    answer.failed = json::true_member(*result, "isError");
    answer.text = text_of(*result);
    answer.modern = json::find(*result, "resultType") != nullptr;
    if (const auto* content = json::find(*result, "structuredContent"); content != nullptr) {
      answer.content = *content;
    }
  } else {
    const auto* failure = json::find(message, "error");
    answer.failed = true;
    answer.text = failure == nullptr ? "" : json::text_member(*failure, "message");
    answer.modern = history.requests[request].how == mcp::era::modern;
  }
  history.requests[request].answers.push_back(std::move(answer));
  if (auto waiting = open_.extract(request); !waiting.empty() && waiting.mapped()) {
    const auto record = history.requests[request]; // the listener may ask and move the others
    waiting.mapped()(record);
  }
}

} // namespace nats_mcp::simulation
