// SPDX-License-Identifier: MIT
// NATS as far as buckets go, for actor tests over the stub gateway: keys, watches over them,
// short-lived consumers that read a bucket, and streams that are created on first use. Commands can
// be made to fail.
#pragma once

#include "protocol/jetstream/command.hpp"
#include "protocol/jetstream/stream_config.hpp"
#include "protocol/json/value.hpp"

#include "tests/support/key_store.hpp"
#include "tests/support/stub_gateway.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nats_mcp::testing {

class key_value_script {
public:
  /// Begins without any bucket.
  key_value_script();
  key_value_script(const key_value_script&) = delete;
  key_value_script& operator=(const key_value_script&) = delete;
  ~key_value_script() = default;

  /// What the stub gateway follows; this object has to live as long.
  [[nodiscard]] const std::shared_ptr<gateway_script>& script() const noexcept { return script_; }
  [[nodiscard]] key_store& store() noexcept { return store_; }
  [[nodiscard]] const key_store& store() const noexcept { return store_; }

  /// A bucket that was there before.
  void make_bucket(const jetstream::stream_config& stream);

  /// What the connection is from now on; told to everybody who observes it.
  void connection_is(jetstream::connection_state state);

  /// Called before each command that is carried out: with an error it fails with that instead.
  std::function<std::optional<error>(const agents::key_command&)> on_command;
  /// The same for watches.
  std::function<std::optional<error>(const kv_watch&)> on_watch;
  std::function<std::optional<error>(const await_watch&)> on_await;
  /// In whatever inbox is looked at, or why nobody may look.
  result<std::uint64_t> unread_mail = 0;

  /// Every write that was asked for, such as `put agents project.….<guid>`.
  [[nodiscard]] const std::vector<std::string>& writes() const noexcept { return writes_; }
  /// The patterns that are watched, in the order of opening.
  [[nodiscard]] std::vector<std::string> watched() const;
  /// The gateway has forgotten all watches.
  void forget_watches() { watches_.clear(); }
  /// All watches begin again with what is there now.
  void restart_watches();

private:
  template <class Reply>
  result<Reply> carry_out(const agents::key_command& what);
  result<subscribed> watch(const kv_watch& what);
  void tell_all(const kv_watch& to) const;
  result<jetstream::api_reply> answer_api(const jetstream::api_request& what);
  result<jetstream::api_reply> make_reader(const jetstream::api_request& what);
  result<jetstream::pull_result> read(const jetstream::pull& what);
  void tell_watchers(const std::string& bucket, const jetstream::kv_entry& entry) const;
  void forget_unwatched();

  key_store store_{};
  std::shared_ptr<gateway_script> script_ = std::make_shared<gateway_script>();
  std::vector<kv_watch> watches_;
  std::vector<std::string> writes_;
  std::map<std::string, json::value> streams_;
  /// The filters of the consumers that read, by name.
  std::map<std::string, std::string> readers_;
};

} // namespace nats_mcp::testing
