// SPDX-License-Identifier: MIT
#include "tests/fuzz/conversation.hpp"

#include "protocol/json/member.hpp"
#include "protocol/jsonrpc/message.hpp"
#include "protocol/limits.hpp"

#include "tests/fuzz/promises.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::fuzz {

namespace {

/// What the static_assert of protocol/limits.hpp reckons with for an answer without a tool's text.
constexpr std::size_t error_line_bytes_max =
  6 * (limits::request_id_bytes_max + limits::quoted_bytes_max) + 1024;

mcp::session_options options_of(std::size_t kind) {
  mcp::session_options out;
  out.server = {"nats-mcp-server", "", "1.0"};
  for (const std::string name : {"echo", "wait"}) {
    out.tools.push_back({name, json::value{{"name", name}, {"inputSchema", {{"type", "object"}}}}});
  }
  out.tools_per_page = 1;
  for (const std::string uri : {"x://inbox", "x://news"}) {
    out.resources.push_back({uri, json::value{{"uri", uri}, {"name", uri}}});
  }
  out.prompts.push_back(
    {"greet",
     "Greet",
     "Says hello.",
     {{"whom", "Who is greeted.", true}},
     [](const mcp::prompt_arguments& given) { return "Greet " + given.at("whom") + "."; }});
  out.legacy_only = kind != 0;
  if (kind == 2) {
    out.watched_for_hints = {"x://inbox"};
  }
  return out;
}

std::optional<jsonrpc::request_id> id_in(const json::value& message, std::string_view key) {
  const auto* member = json::find(message, key);
  return member == nullptr ? std::nullopt : jsonrpc::read_request_id(*member);
}

const std::string* line_of(const mcp::effect& any) {
  const auto* sent = std::get_if<mcp::send_line>(&any);
  return sent == nullptr || sent->line.empty() ? nullptr : &sent->line;
}

/// A whole batch is refused with one error that names no request.
bool is_refusal_of_batch(const std::vector<mcp::effect>& effects) {
  return std::any_of(effects.begin(), effects.end(), [](const mcp::effect& any) {
    const auto* line = line_of(any);
    const auto message = line == nullptr ? json::value{} : json::parse(*line).value();
    return json::find(message, "error") != nullptr && json::find(message, "id") == nullptr;
  });
}

void check_error(const json::value& error, std::size_t line_bytes) {
  const auto* code = json::find(error, "code");
  require(code != nullptr && code->is_number_integer(), "an error has a code", json::write(error));
  require_sentence(json::text_member(error, "message"), error_line_bytes_max);
  require(line_bytes <= error_line_bytes_max, "an error is no longer than is reckoned with",
          json::write(error));
}

} // namespace

conversation::conversation(std::size_t kind)
  : options_{options_of(kind)}
  , session_{options_, {}} {
  // nop
}

void conversation::tell(std::string_view line) {
  const auto effects = session_.on_line(line, now_);
  note(line, effects);
  take(effects);
}

void conversation::tell_overlong() { take(session_.on_overlong_line(now_)); }

void conversation::answer(std::size_t choice, std::string_view text) {
  if (calls_.empty()) {
    return;
  }
  const auto call = calls_[choice % calls_.size()].call;
  mcp::tool_answer out{{std::string{text}}, std::nullopt, choice % 2 == 1};
  if (auto structured = json::parse(text)) {
    out.structured = std::move(*structured);
  }
  forget(call);
  take(session_.on_answer(call, std::move(out), now_));
}

void conversation::read(std::size_t choice, std::string_view text) {
  if (reads_.empty()) {
    return;
  }
  const auto call = reads_[choice % reads_.size()].call;
  forget(call);
  if (choice % 2 == 0) {
    take(session_.on_resource(call, std::string{text}, now_));
  } else {
    take(session_.on_resource(call, nats_mcp::fail(ec::timeout, "No answer in time."), now_));
  }
}

void conversation::report(std::size_t choice, std::string_view text) {
  if (!calls_.empty()) {
    take(session_.on_progress(calls_[choice % calls_.size()].call,
                              {static_cast<double>(choice), 255.0, std::string{text}}, now_));
  }
}

void conversation::change(std::string_view uri) {
  take(session_.on_resource_changed(std::string{uri}, now_));
}

void conversation::hint(std::string_view text) {
  take(session_.on_hint({"mail", std::string{text}, {{"from", std::string{text}}}}, now_));
}

void conversation::wait(std::chrono::milliseconds time) {
  now_ += time;
  if (const auto due = session_.next_due(); due && *due <= now_) {
    take(session_.on_time(now_));
    const auto later = session_.next_due();
    require(!later || *later > now_, "what is due is done at once", {});
  }
}

void conversation::crash() {
  ++crashes_;
  auto options = options_;
  options.first_call = next_call_;
  const auto state = session_.checkpoint();
  session_ = mcp::session{std::move(options), state};
  calls_.clear();
  reads_.clear();
  auto owed = std::exchange(owed_, {});
  const auto streams = std::stable_partition(
    owed.begin(), owed.end(), [](const auto& each) { return !each.outlives_its_session(); });
  owed_.assign(streams, owed.end());
  owed.erase(streams, owed.end());
  for (const auto& line : mcp::answers_after_crash(owed)) {
    take_line(line);
  }
  take(session_.resume(now_));
}

void conversation::finish() {
  take(session_.finish("The end."));
  require(session_.calls_in_flight() == 0, "nothing runs at the end", {});
  require(owed_.empty(), "nothing is owed at the end", {});
  for (const auto& [id, account] : accounts_) {
    // An id that was given twice is the client's fault; a crash may cost the second answer.
    const auto lost = crashes_ > 0 && account.asked > 1 ? account.asked - 1 : 0;
    require(account.answered + account.withdrawn + lost >= account.asked,
            "every request is answered", id.text);
  }
}

/// What this line asks for, and what it takes back.
void conversation::note(std::string_view line, const std::vector<mcp::effect>& effects) {
  auto message = jsonrpc::parse_message(line);
  std::vector<jsonrpc::single_message> singles;
  if (auto* batch = std::get_if<jsonrpc::batch>(&message)) {
    if (is_refusal_of_batch(effects)) {
      return;
    }
    singles = std::move(batch->members);
  } else {
    std::visit(
      [&singles](auto& one) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(one)>, jsonrpc::batch>) {
          singles.emplace_back(std::move(one));
        }
      },
      message);
  }
  for (const auto& single : singles) {
    if (const auto* request = std::get_if<jsonrpc::request>(&single)) {
      ++accounts_[request->id].asked;
    } else if (const auto* invalid = std::get_if<jsonrpc::invalid>(&single);
               invalid != nullptr && invalid->id) {
      ++accounts_[*invalid->id].asked;
    } else if (const auto* told = std::get_if<jsonrpc::notification>(&single);
               told != nullptr && told->method == "notifications/cancelled") {
      if (const auto id = id_in(told->params, "requestId"); id && accounts_.count(*id) != 0) {
        ++accounts_[*id].withdrawn;
      }
    }
  }
}

void conversation::take(const std::vector<mcp::effect>& effects) {
  for (const auto& any : effects) {
    if (const auto* promise = std::get_if<mcp::owe>(&any)) {
      owed_.push_back(promise->answer);
    } else if (const auto* started = std::get_if<mcp::start_call>(&any)) {
      require(started->arguments.is_object(), "arguments are an object", started->tool);
      calls_.push_back(*started);
      next_call_ = static_cast<std::uint64_t>(started->call) + 1;
    } else if (const auto* read = std::get_if<mcp::read_resource>(&any)) {
      reads_.push_back(*read);
      next_call_ = static_cast<std::uint64_t>(read->call) + 1;
    } else if (const auto* cancelled = std::get_if<mcp::cancel_call>(&any)) {
      forget(cancelled->call);
    } else if (const auto* sent = std::get_if<mcp::send_line>(&any)) {
      std::for_each(sent->settles.begin(), sent->settles.end(),
                    [this](const auto& id) { pay(id); });
      if (!sent->line.empty()) {
        take_line(sent->line);
      }
    }
  }
}

void conversation::take_line(std::string_view line) {
  require(is_json_line(line), "every line is one line of JSON", line);
  require(line.size() <= limits::line_bytes_max, "no line is too long", line);
  const auto message = json::parse(line);
  require(message.has_value(), "every line can be read by ourselves", line);
  if (!message->is_array()) {
    return take_message(*message);
  }
  require(!message->empty(), "no empty array is written", line);
  for (const auto& member : *message) {
    require(json::find(member, "method") == nullptr, "a batch holds answers alone", line);
    take_message(member);
  }
}

void conversation::take_message(const json::value& message) {
  const auto text = json::write(message);
  require(json::text_member(message, "jsonrpc") == "2.0", "every message is JSON-RPC 2.0", text);
  const bool has_result = json::find(message, "result") != nullptr;
  const auto* error = json::find(message, "error");
  if (json::find(message, "method") != nullptr) {
    require(!has_result && error == nullptr && json::find(message, "id") == nullptr,
            "the server sends notifications, never requests", text);
    return;
  }
  require(has_result != (error != nullptr), "an answer is a result or an error", text);
  if (error != nullptr) {
    check_error(*error, text.size());
  }
  const auto id = id_in(message, "id");
  require(id.has_value() || error != nullptr, "a result says what it answers", text);
  if (id) {
    const auto account = accounts_.find(*id);
    require(account != accounts_.end(), "nothing is answered that was not asked", text);
    ++account->second.answered;
    require(account->second.answered <= account->second.asked, "nothing is answered twice", text);
  }
}

void conversation::pay(const jsonrpc::request_id& id) {
  const auto found = std::find_if(owed_.begin(), owed_.end(),
                                  [&id](const mcp::owed_answer& each) { return each.id == id; });
  require(found != owed_.end(), "only what is owed is settled", id.text);
  owed_.erase(found);
}

void conversation::forget(call_id call) {
  std::erase_if(calls_, [call](const mcp::start_call& each) { return each.call == call; });
  std::erase_if(reads_, [call](const mcp::read_resource& each) { return each.call == call; });
}

} // namespace nats_mcp::fuzz
