// SPDX-License-Identifier: MIT
// What a script asks, in words, so that a test can say in which order it is to ask it; and scripts
// that are run with one of their commands failing.
#pragma once

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/overloaded.hpp"

#include "tests/unit/protocol/work/working.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nats_mcp::work {

/// Such as `put work_items`, `publish dead`, `nak 1000`, `delete WORK`.
inline std::string spoken(const work_command& what) {
  const auto settled = [](const jetstream::settle& it) -> std::string {
    switch (it.kind) {
      case jetstream::ack_kind::ack:
        return "ack";
      case jetstream::ack_kind::nak:
        return "nak " + std::to_string(it.delay.count());
      case jetstream::ack_kind::in_progress:
        return "in progress";
      case jetstream::ack_kind::term:
        return "term";
    }
    return {};
  };
  return std::visit(
    overloaded{
      [](const jetstream::kv_get& it) { return "get " + it.bucket; },
      [](const jetstream::kv_put& it) { return "put " + it.bucket; },
      [](const jetstream::publish& it) {
        return "publish " + it.subject.substr(0, it.subject.find('.'));
      },
      settled,
      [](const jetstream::api_request& it) {
        const auto object = it.verb.substr(it.verb.rfind('.') + 1);
        return (it.verb.find(".INFO.") == std::string::npos ? "delete " : "info of ") + object;
      },
      [](const jetstream::get_last& it) { return "last of " + it.stream; },
    },
    what);
}

using told = std::vector<std::string>;

/// Fails a command with an error; nothing: it is carried out.
using fault_at = std::function<std::optional<error>(const std::string& spoken)>;

/// Runs it to its end. @returns what it asked.
inline told run(work_server& server, std::shared_ptr<work_script> script,
                const fault_at& fault = {}) {
  told out;
  conversation talk{std::move(script)};
  while (!talk.over()) {
    out.push_back(spoken(talk.next()));
    if (auto why = fault ? fault(out.back()) : std::nullopt) {
      talk.answer(tl::make_unexpected(std::move(*why)), server.clock());
    } else {
      talk.step(server);
    }
  }
  return out;
}

/// Every command that is spoken like this fails.
inline fault_at failing(std::string what, ec code) {
  return [what = std::move(what), code](const std::string& said) {
    return said == what ? std::optional{error{code, "Not today.", 0}} : std::nullopt;
  };
}

/// Every write of a record meets one of somebody else.
inline fault_at losing_to_others() {
  return [](const std::string& said) {
    const error lost{ec::conflict, "Not today.", jetstream::error_number::wrong_last_sequence};
    return said == "put work_items" ? std::optional{lost} : std::nullopt;
  };
}

} // namespace nats_mcp::work
