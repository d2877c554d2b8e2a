// SPDX-License-Identifier: MIT
// One client subscribes in the words of both eras: whoever wants a resource hears of its changes,
// nobody else, none twice in a second, and always of the last one.
#include "protocol/limits.hpp"

#include "tests/unit/protocol/mcp/session_fixture.hpp"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace nats_mcp::mcp::subscribers_test {
namespace {

using uris = std::set<std::string>;

class subscriber {
public:
  subscriber() {
    hear(subject_.on_line(R"({"jsonrpc":"2.0","id":"hello","method":"initialize","params":{)"
                          R"("protocolVersion":"2025-11-25","capabilities":{},)"
                          R"("clientInfo":{"name":"t","version":"1"}}})",
                          now_));
  }

  void step() {
    switch (below(8)) {
      case 0:
        return subscribe(any_uri());
      case 1:
        return unsubscribe(any_uri());
      case 2:
        return listen(any_stream());
      case 3:
        return withdraw(any_stream());
      case 4:
        return pass_time(below(1500));
      default:
        change(any_uri());
    }
  }
  void finish() {
    pass_time(1000);
    RC_ASSERT(unheard_.empty());
    RC_ASSERT(!subject_.next_due());
  }

private:
  /// Who wants to hear of what: the empty text for the legacy way, or the id of a stream.
  using interest = std::pair<std::string, std::string>;

  /// Each as likely, in the first runs too.
  static int below(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)); }
  static std::string any_uri() {
    return *rc::gen::element<std::string>("x://inbox", "x://news", "x://nowhere");
  }
  static std::string any_stream() { return std::to_string(below(3)); }

  // -- what the client does ----------------------------------------------------------------------

  void request(const std::string& id, const std::string& method, const std::string& params) {
    hear(subject_.on_line(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method
                            + R"(","params":{)" + params + "}}",
                          now_));
  }
  void subscribe(const std::string& uri) {
    if (uri != "x://nowhere") {
      wants_[""].insert(uri);
    }
    request("\"s\"", "resources/subscribe", R"("uri":")" + uri + '"');
    check_watched();
  }
  void unsubscribe(const std::string& uri) {
    wants_[""].erase(uri);
    unheard_.erase({"", uri});
    request("\"s\"", "resources/unsubscribe", R"("uri":")" + uri + '"');
    check_watched();
  }
  void listen(const std::string& stream) {
    const auto first = any_uri();
    const auto second = any_uri();
    if (!wants_.contains(stream)) { // an id that is in use is refused
      auto& wanted = wants_[stream];
      wanted = {first, second};
      wanted.erase("x://nowhere");
    }
    request(stream, "subscriptions/listen",
            modern_meta + R"(,"notifications":{"resourceSubscriptions":[")" + first + R"(",")"
              + second + R"("]})");
    check_watched();
  }
  void withdraw(const std::string& stream) {
    wants_.erase(stream);
    std::erase_if(unheard_, [&](const interest& one) { return one.first == stream; });
    hear(subject_.on_line(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{)"
                          R"("requestId":)"
                            + stream + "}}",
                          now_));
    check_watched();
  }

  // -- what it hears -----------------------------------------------------------------------------

  void change(const std::string& uri) {
    for (const auto& [who, wanted] : wants_) {
      if (wanted.contains(uri)) {
        unheard_.insert({who, uri});
      }
    }
    hear(subject_.on_resource_changed(uri, now_));
  }
  void pass_time(int ms) {
    const auto until = now_ + std::chrono::milliseconds{ms};
    while (subject_.next_due() && *subject_.next_due() <= until) {
      now_ = std::max(now_, *subject_.next_due());
      hear(subject_.on_time(now_));
    }
    now_ = until;
  }
  void hear(const std::vector<effect>& effects) {
    for (const auto& watching : only<watch_resources>(effects)) {
      watched_ = watching.uris;
    }
    for (const auto& line : lines_of(effects)) {
      const auto message = json::parse(line).value();
      const auto* method = json::find(message, "method");
      if (method != nullptr && *method == json::value("notifications/resources/updated")) {
        hear_update(*json::find(message, "params"));
      }
    }
  }
  void hear_update(const json::value& params) {
    const auto uri = json::find(params, "uri")->get<std::string>();
    const auto* meta = json::find(params, "_meta");
    const auto who = meta == nullptr
                       ? std::string{}
                       : json::write(*json::find(*meta, "io.modelcontextprotocol/subscriptionId"));
    RC_ASSERT(wants_.contains(who));
    RC_ASSERT(wants_.at(who).contains(uri));
    const auto last = heard_.find({who, uri});
    RC_ASSERT((last == heard_.end() || now_ - last->second >= limits::update_interval_min));
    heard_[{who, uri}] = now_;
    unheard_.erase({who, uri});
  }
  void check_watched() const {
    uris all;
    for (const auto& [who, wanted] : wants_) {
      all.insert(wanted.begin(), wanted.end());
    }
    RC_ASSERT(watched_ == all);
  }

  session subject_{with_resources(), {}};
  monotonic_time now_{std::chrono::hours{1}};
  std::map<std::string, uris> wants_;
  std::map<interest, monotonic_time> heard_;
  /// Changes of which somebody has not heard yet.
  std::set<interest> unheard_;
  uris watched_;
};

RC_GTEST_PROP(subscribers_of_both_eras, hear_of_what_they_want_and_of_nothing_else, ()) {
  subscriber client;
  const auto length = *rc::gen::inRange(0, 60);
  for (int done = 0; done < length; ++done) {
    client.step();
  }
  client.finish();
}

} // namespace
} // namespace nats_mcp::mcp::subscribers_test
