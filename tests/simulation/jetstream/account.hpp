// SPDX-License-Identifier: MIT
// The streams of one account and the JetStream API over them: JSON in, JSON out, with the answers
// of nats-server 2.9.10. A request nobody answers there is answered here with silence as well.
#pragma once

#include "protocol/jetstream/wire_message.hpp"

#include "tests/simulation/jetstream/behaviour.hpp"
#include "tests/simulation/jetstream/outlet.hpp"
#include "tests/simulation/jetstream/refusal.hpp"
#include "tests/simulation/jetstream/stream.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nats_mcp::simulation {

class account {
public:
  account(behaviour how, const outlet& out)
    : how_{how}
    , out_{out} {
    // nop
  }

  /// One request to `$JS.API.<verb>`, answered at `request.reply` if at all.
  void call(std::string_view verb, const jetstream::outgoing& request, instant now);
  /// Stores a message in the stream that owns its subject. @returns the answer, or nothing when no
  /// stream owns it.
  [[nodiscard]] std::optional<std::string> publish(const jetstream::outgoing& message, instant now);
  /// @returns false when there is no such consumer, so that nobody listens to the subject.
  bool acknowledge(std::string_view ack_subject, std::string_view payload, instant now);

  void interest_changed(instant now);
  void advance(instant now);
  [[nodiscard]] std::optional<instant> next_due() const;
  void restarted(instant now);
  void killed(std::chrono::nanoseconds unsynced, instant now);
  /// Tells waiting pulls that the server goes down.
  void announce_shutdown();

  [[nodiscard]] stream* find(const std::string& name);

private:
  using tokens = std::vector<std::string_view>;

  // Each answers with a body, or stays silent.
  [[nodiscard]] std::optional<json::value> stream_verb(const tokens& verb, std::string_view body,
                                                       instant now);
  [[nodiscard]] granted<json::value> stream_create(const std::string& name, std::string_view body,
                                                   bool exists_already, instant now);
  [[nodiscard]] granted<json::value> stream_information(const std::string& name,
                                                        std::string_view body);
  [[nodiscard]] granted<json::value> stream_purge(const std::string& name, std::string_view body);
  [[nodiscard]] granted<json::value> stream_delete(const std::string& name);
  [[nodiscard]] granted<json::value> stream_names(std::string_view body) const;
  [[nodiscard]] granted<json::value> message_delete(const std::string& name, std::string_view body);
  [[nodiscard]] granted<json::value> message_get(const std::string& name, std::string_view body);
  void direct_get(const tokens& verb, const jetstream::outgoing& request);
  [[nodiscard]] const log_entry* newest_of(const message_log& log, std::string_view pattern) const;

  [[nodiscard]] std::optional<json::value> consumer_verb(const tokens& verb, std::string_view body,
                                                         instant now);
  [[nodiscard]] granted<json::value> consumer_create(const tokens& verb, std::string_view body,
                                                     instant now);
  [[nodiscard]] granted<json::value> consumer_information(const std::string& stream_name,
                                                          const std::string& name);
  [[nodiscard]] granted<json::value> consumer_delete(const std::string& stream_name,
                                                     const std::string& name);
  void pull(const tokens& verb, const jetstream::outgoing& request, instant now);

  [[nodiscard]] granted<stream*> existing(const std::string& name);
  [[nodiscard]] granted<void> check_subjects(const stream_config& config) const;

  behaviour how_;
  const outlet& out_;
  std::map<std::string, std::unique_ptr<stream>> streams_;
  /// Names of consumers made without one.
  std::uint64_t unnamed_ = 0;
};

/// The body a request carries, read; 10025 when it is none.
[[nodiscard]] granted<json::value> read_body(std::string_view body);

/// The answer to `verb`: its type, then what was granted or why not.
[[nodiscard]] json::value answer_of(std::string_view type, const granted<json::value>& outcome);

} // namespace nats_mcp::simulation
