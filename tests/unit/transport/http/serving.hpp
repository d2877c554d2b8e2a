// SPDX-License-Identifier: MIT
// A server on a free loopback port, with somebody behind the door who answers at once; and clients:
// one that speaks HTTP (cpp-httplib's), and one that says just what it is told to.
#pragma once

#include "transport/http/http_server.hpp"
#include "transport/process/descriptor.hpp"

#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nats_mcp::transport::testing {

inline const std::string token = "a-token-nobody-can-guess";
inline const std::string item_id = "550e8400-e29b-41d4-a716-446655440000";

/// A connection of its own, byte by byte.
class raw_client {
public:
  explicit raw_client(std::uint16_t port);

  /// @returns whether the other side took it.
  bool say(std::string_view bytes);
  /// Reads until `wanted` has come, or the end, or for `within` at most; all that came so far.
  const std::string& hear(std::string_view wanted,
                          std::chrono::milliseconds within = std::chrono::seconds{10});
  /// Reads until the other side ends the connection. @returns whether it did within that time.
  bool hears_the_end(std::chrono::milliseconds within = std::chrono::seconds{10});
  [[nodiscard]] bool heard(std::string_view what) const {
    return heard_.find(what) != std::string::npos;
  }
  void leave() { socket_.reset(); }

private:
  /// @returns whether something came or the end did.
  bool receive(std::chrono::steady_clock::time_point until);

  descriptor socket_;
  std::string heard_;
  bool is_over_ = false;
};

class served : public ::testing::Test {
protected:
  void TearDown() override;

  /// Serves; on a free port of 127.0.0.1, unless said otherwise.
  void serve(http::access_terms terms = {}, const std::string& where = "127.0.0.1:0");
  /// Ends serving.
  void stop() { server_.reset(); }
  /// Whoever is behind the door answers nothing any more, or again.
  void answer_nothing() { door_->detach(attached_); }

  [[nodiscard]] std::uint16_t port() const { return server_->where().port; }
  [[nodiscard]] httplib::Client client() const;
  /// The status of a GET, -1 when there is no answer.
  [[nodiscard]] int get(const std::string& path, const httplib::Headers& headers = {}) const;
  [[nodiscard]] int post(const std::string& path, const httplib::Headers& headers = {}) const;

  std::shared_ptr<http_door> door_ = std::make_shared<http_door>("b00t");
  /// What it is answered; errors as well.
  result<std::string> answer_{"fine\n"};
  /// What was asked last.
  std::optional<question> asked_;

private:
  std::unique_ptr<http_server> server_;
  std::uint64_t attached_ = 0;
};

/// As the page sends them.
inline const httplib::Headers page_headers{{"X-Nats-Mcp", "page"}};

} // namespace nats_mcp::transport::testing
