// SPDX-License-Identifier: MIT
// The HTTP part of a coordinator: takes what threads leave at the door (transport/http) to the
// actors that know, and the answers back; while pages are open, looks once a second what is
// different and tells them. Owns nothing a restart could lose: questions stay at the door, and a
// new incarnation tells open pages everything again.
#pragma once

#include "protocol/coordination/overview.hpp"

#include "transport/http/http_door.hpp"

#include "actors/http_messages.hpp"
#include "actors/interfaces.hpp"
#include "actors/overview_messages.hpp"
#include "actors/request.hpp"
#include "actors/runtime.hpp"

#include <caf/local_actor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace nats_mcp {

/// What the HTTP actor is given once and keeps.
struct http_actor_options {
  /// Its name, also in errors.
  std::string child_id;
  std::shared_ptr<transport::http_door> door;
  overview_actor overview;
  dead_letters_actor dead_letters;
  runtime world;
};

class http_state {
public:
  http_state(asking_actor<http_actor>* self, http_actor_options options);
  http_state(const http_state&) = delete;
  http_state& operator=(const http_state&) = delete;
  ~http_state();

  [[nodiscard]] http_actor::behavior_type make_behavior();

private:
  // -- questions
  void take_questions();
  void ask_for_metrics(transport::question_id id);
  void ask_for_readiness(transport::question_id id);
  void retry(transport::question_id id, const transport::question& what);
  void discard(transport::question_id id, const transport::question& what);

  // -- pages
  /// Looks while there is somebody to look for; from the beginning for a new audience.
  void see_to_pages();
  void look();
  void publish(std::vector<coordination::overview_event> parts);
  void tell_sight(const std::string& trouble);

  asking_actor<http_actor>* self_;
  http_actor_options options_;
  std::uint64_t attached_;
  /// Of those who look now; 0: nobody does.
  std::uint64_t audience_ = 0;
  /// Of the one timer that counts now.
  std::uint64_t timer_ = 0;
  bool is_looking_ = false;
  unsigned looks_missed_ = 0;
  /// What this audience was told last, by the part's name.
  std::map<std::string, std::string, std::less<>> told_;
};

/// Starts the HTTP actor; a child start function of the supervisor calls it.
[[nodiscard]] http_actor spawn_http(caf::local_actor* parent, http_actor_options options);

} // namespace nats_mcp
