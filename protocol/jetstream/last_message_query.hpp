// SPDX-License-Identifier: MIT
// The newest message of one subject: asked through direct get, and through `STREAM.MSG.GET` when
// the stream does not offer that, which a server says (503) or does not say (2.9). Part of the
// conversations that read.
#pragma once

#include "protocol/error.hpp"
#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/wire_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nats_mcp::jetstream {

class last_message_query {
public:
  last_message_query() = default;
  last_message_query(std::string stream, std::string subject)
    : stream_{std::move(stream)}
    , subject_{std::move(subject)} {
    // nop
  }

  /// The two ways take turns. @param attempts how often the question was written before.
  [[nodiscard]] outgoing message(const std::string& reply, unsigned attempts) const;
  /// The message; `ec::not_found` when there is none; nothing when the question has to be asked
  /// again, now in the other form.
  [[nodiscard]] std::optional<result<stored_message>>
  on_reply(incoming&& reply, std::string_view what, const server_facts& facts);

  [[nodiscard]] const std::string& subject() const noexcept { return subject_; }
  [[nodiscard]] const std::string& stream() const noexcept { return stream_; }

private:
  std::string stream_;
  std::string subject_;
  bool direct_refused_ = false;
};

} // namespace nats_mcp::jetstream
