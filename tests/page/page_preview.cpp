// SPDX-License-Identifier: MIT
// page_preview [--agents N] [--in-view N] [--http ADDRESS] [--token TOKEN] [--still]: serves the
// coordinator's page with a team that does not exist, so that the page can be looked at, and tested
// in a browser, without NATS. Says its address in one line of JSON. Lines on its standard input
// make things happen
// (`say <channel> <handle> <text>`, `join <handle>`, `lose <description>`, `blind <reason>`,
// `see`); ends with its input.
#include "protocol/coordination/metric_families.hpp"
#include "protocol/json/value.hpp"

#include "transport/http/http_server.hpp"

#include "actors/http/http_actor.hpp"
#include "actors/interfaces.hpp"
#include "actors/main/actor_configuration.hpp"
#include "actors/overview_messages.hpp"
#include "actors/supervision/actor_shell.hpp"

#include "tests/page/made_up_team.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace nats_mcp {

/// A line of standard input.
struct preview_command {
  std::string line;
};

/// The overview and the dead letters of a team that does not exist.
using preview_actor = caf::typed_actor<
  caf::replies_to<page_query>::with<page_parts>, caf::replies_to<metrics_query>::with<metrics_text>,
  caf::replies_to<readiness_query>::with<readiness>,
  caf::replies_to<list_dead_letters>::with<tools::list_dead_letter_items_result>,
  caf::replies_to<retry_dead_letters>::with<tools::retry_dead_letter_item_result>,
  caf::replies_to<discard_dead_letter>::with<tools::discard_dead_letter_item_result>,
  caf::reacts_to<identity_changed>, caf::reacts_to<sweep_due>, caf::reacts_to<preview_command>>;

} // namespace nats_mcp

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nats_mcp::preview_command)

namespace nats_mcp::page {

namespace {

wall_time wall_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class preview_state {
public:
  preview_state(asking_actor<preview_actor>* /*self*/, made_up_team::options choice)
    : team_{choice} {
    // nop
  }

  [[nodiscard]] preview_actor::behavior_type make_behavior() {
    return {
      [this](const page_query&) {
        if (trouble_.empty()) {
          team_.pass(wall_now());
          (void)overview_.update(team_.facts(), team_.work());
        }
        return page_parts{overview_.all(), trouble_};
      },
      [this](const metrics_query&) {
        team_.pass(wall_now());
        coordination::coordinator_numbers numbers;
        numbers.server_now = wall_now();
        numbers.is_leader = true;
        numbers.term = 7;
        numbers.agents = team_.facts().agents;
        return metrics_text{
          coordination::write_metrics(coordination::metric_families(numbers, team_.work()))};
      },
      [this](const readiness_query&) {
        return readiness{trouble_.empty(), trouble_};
      },
      [](const list_dead_letters&) { return tools::list_dead_letter_items_result{}; },
      [this](
        const retry_dead_letters& request) -> caf::result<tools::retry_dead_letter_item_result> {
        const auto after = team_.retry(request.arguments.item_id.value_or(std::string{}));
        if (!after) {
          return to_caf(after.error());
        }
        tools::retry_dead_letter_item_result out;
        out.item_id = after->item.id;
        out.capability = after->item.capability;
        out.attempts_reset = true;
        return out;
      },
      [this](
        const discard_dead_letter& request) -> caf::result<tools::discard_dead_letter_item_result> {
        const auto after = team_.discard(request.arguments.item_id);
        if (!after) {
          return to_caf(after.error());
        }
        return tools::discard_dead_letter_item_result{after->item.id};
      },
      [](const identity_changed&) {},
      [](const sweep_due&) {},
      [this](const preview_command& command) { happen(command.line); },
    };
  }

private:
  void happen(const std::string& line) {
    team_.pass(wall_now());
    std::istringstream words{line};
    std::string verb;
    std::string first;
    std::string second;
    words >> verb;
    const auto rest = [&words] {
      std::string text;
      std::getline(words >> std::ws, text);
      return text;
    };
    if (verb == "say") {
      words >> first >> second;
      // The text is JSON, so that it can be anything.
      const auto text = json::parse(rest());
      team_.say(first, second, text && text->is_string() ? text->get<std::string>() : "");
    } else if (verb == "join") {
      team_.join(rest());
    } else if (verb == "lose") {
      (void)team_.lose(rest(), "Out of attempts: the tests need a newer toolchain.");
    } else if (verb == "blind") {
      trouble_ = rest();
    } else if (verb == "see") {
      trouble_.clear();
    }
  }

  made_up_team team_;
  coordination::overview overview_;
  /// Why nothing can be seen, if nothing can.
  std::string trouble_;
};

struct arguments {
  made_up_team::options team;
  transport::http_server::options server;
};

result<arguments> read_arguments(const std::vector<std::string>& given) {
  arguments out;
  out.team.now = wall_now();
  std::string where = "127.0.0.1:0";
  for (std::size_t at = 0; at < given.size(); ++at) {
    const auto value = [&] { return ++at < given.size() ? given[at] : std::string{}; };
    if (given[at] == "--agents") {
      out.team.agents = std::stoul(value());
    } else if (given[at] == "--in-view") {
      out.team.in_view = std::stoul(value());
    } else if (given[at] == "--http") {
      where = value();
    } else if (given[at] == "--token") {
      out.server.terms.token = value();
    } else if (given[at] == "--still") {
      out.team.how = liveliness::still;
    } else {
      return fail(ec::invalid_argument, "What is " + given[at] + "?");
    }
  }
  auto address = http::parse_address(where);
  if (!address) {
    return tl::make_unexpected(address.error());
  }
  out.server.where = std::move(*address);
  return out;
}

int serve(arguments choice) {
  actor_configuration configuration;
  caf::actor_system system{configuration};
  caf::scoped_actor self{system};
  const auto door = std::make_shared<transport::http_door>(transport::random_secret().value());
  const auto team =
    spawn_shell<preview_actor, preview_state>(system, "preview", nullptr, choice.team);
  http_actor_options options;
  options.child_id = "http";
  options.door = door;
  options.overview = team;
  options.dead_letters = team;
  const auto http = spawn_http(self.ptr(), std::move(options));
  choice.server.door = door;
  const auto server = transport::http_server::start(std::move(choice.server));
  if (!server) {
    std::cerr << server.error().message << std::endl;
  } else {
    std::cout << json::write({{"address", to_text((*server)->where())}}) << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      caf::anon_send(team, preview_command{line});
    }
  }
  caf::anon_send_exit(http, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(team, caf::exit_reason::user_shutdown);
  return server ? 0 : 1;
}

} // namespace

} // namespace nats_mcp::page

int main(int count, char** values) {
  auto choice = nats_mcp::page::read_arguments({values + 1, values + count});
  if (!choice) {
    std::cerr << choice.error().message << std::endl;
    return 2;
  }
  return nats_mcp::page::serve(std::move(*choice));
}
