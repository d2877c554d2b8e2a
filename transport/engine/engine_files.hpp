// SPDX-License-Identifier: MIT
// The files of the local engine's directory and the two locks in it. `engine.lock` guards the
// store: nats-server inherits the locked descriptor, so the lock is free exactly when no
// nats-server has the store. `users.lock` counts the users: each client holds it shared, and a
// crash releases it.
#pragma once

#include "protocol/error.hpp"

#include "transport/process/descriptor.hpp"

#include <filesystem>
#include <string_view>

namespace nats_mcp::transport {

/// The paths below one engine directory.
class engine_files {
public:
  explicit engine_files(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }
  [[nodiscard]] std::filesystem::path store() const { return directory_ / "store"; }
  [[nodiscard]] std::filesystem::path ports() const { return directory_ / "ports"; }
  /// nats-server's configuration, with the token in it.
  [[nodiscard]] std::filesystem::path server_configuration() const {
    return directory_ / "nats-server.conf";
  }
  /// Port, process ids and token of the engine that answers.
  [[nodiscard]] std::filesystem::path record() const { return directory_ / "engine.json"; }
  [[nodiscard]] std::filesystem::path log() const { return directory_ / "engine.log"; }
  [[nodiscard]] std::filesystem::path older_log() const { return directory_ / "engine.log.1"; }
  [[nodiscard]] std::filesystem::path engine_lock() const { return directory_ / "engine.lock"; }
  [[nodiscard]] std::filesystem::path users_lock() const { return directory_ / "users.lock"; }

  /// Makes the directory (0700), or tightens one that is ours already.
  /// @returns `ec::system_error` with a sentence when it belongs to somebody else, cannot be made,
  /// or lies on a network file system, where neither the locks nor the store can be relied upon.
  [[nodiscard]] result<void> prepare() const;

private:
  std::filesystem::path directory_;
};

/// Shared: many at once. Exclusive: one, and nobody shared.
enum class lock_kind { shared, exclusive };

/// Takes a lock without waiting. It lasts until the descriptor, and every copy of it that a child
/// inherited, is closed. @returns `ec::busy` when somebody else has it.
[[nodiscard]] result<descriptor> take_lock(const std::filesystem::path& file, lock_kind kind);

/// Whether `opened` is the file that has this name now; not after the directory was removed and
/// made anew, when a lock on the old file protects nothing.
[[nodiscard]] bool is_same_file(const descriptor& opened, const std::filesystem::path& file);

/// Writes `text` to `file` (0600) so that a reader sees the old text or the new, never a part.
[[nodiscard]] result<void> replace_file(const std::filesystem::path& file, std::string_view text);

/// Opens a log for appending (0600).
[[nodiscard]] result<descriptor> open_log(const std::filesystem::path& file);

} // namespace nats_mcp::transport
