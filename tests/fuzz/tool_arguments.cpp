// SPDX-License-Identifier: MIT
// The first byte chooses the tool, the rest are its arguments.
#include "protocol/tools/agent_fields.hpp"
#include "protocol/tools/catalog.hpp"
#include "protocol/tools/channel_fields.hpp"
#include "protocol/tools/dead_letter_fields.hpp"
#include "protocol/tools/direct_message_fields.hpp"
#include "protocol/tools/identity_tools.hpp"
#include "protocol/tools/status_tools.hpp"
#include "protocol/tools/work_holding_fields.hpp"
#include "protocol/tools/work_lookup_fields.hpp"
#include "protocol/tools/work_offer_fields.hpp"

#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/schema_fit.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace nats_mcp::fuzz {

namespace {

/// All problems of one call together: what a model can still make something of.
constexpr std::size_t refusal_bytes_max = 16 * 1024;

template <class Arguments>
concept Checked = requires(const Arguments& arguments) {
  tools::check(arguments);
};

template <class Arguments>
concept Described = requires {
  json::described<Arguments>::fields();
};

/// @returns whether the arguments are taken.
template <class Arguments>
bool decode(const json::value& given) {
  const auto taken = tools::decode_arguments<Arguments>(given);
  if (!taken) {
    require(taken.error().code == ec::invalid_argument, "a refusal blames the arguments",
            json::write(given));
    require_sentence(taken.error().message, refusal_bytes_max);
    return false;
  }
  if constexpr (Described<Arguments>) {
    const auto written = json::described<Arguments>::fields().encode(*taken);
    const auto again = tools::decode_arguments<Arguments>(written);
    require(again.has_value(), "what is taken can be given again", json::write(written));
    require(json::described<Arguments>::fields().encode(*again) == written,
            "arguments survive a round trip", json::write(written));
  }
  if constexpr (Checked<Arguments>) {
    if (const auto checked = tools::check(*taken); !checked) {
      require_sentence(checked.error().message, refusal_bytes_max);
    }
  }
  return true;
}

struct tool_decoder {
  std::string_view name;
  bool (*decode)(const json::value& given);
};

/// In the order of the catalog, so that a tool that is added and not listed here is noticed.
constexpr std::array decoders{
  tool_decoder{"set_handle", decode<tools::set_handle_arguments>},
  tool_decoder{"get_my_handle", decode<tools::get_my_handle_arguments>},
  tool_decoder{"list_channels", decode<tools::list_channels_arguments>},
  tool_decoder{"send_message", decode<tools::send_message_arguments>},
  tool_decoder{"read_messages", decode<tools::read_messages_arguments>},
  tool_decoder{"wait_for_messages", decode<tools::wait_for_messages_arguments>},
  tool_decoder{"register_agent", decode<tools::register_agent_arguments>},
  tool_decoder{"discover_agents", decode<tools::discover_agents_arguments>},
  tool_decoder{"get_agent_info", decode<tools::get_agent_info_arguments>},
  tool_decoder{"update_presence", decode<tools::update_presence_arguments>},
  tool_decoder{"deregister_agent", decode<tools::deregister_agent_arguments>},
  tool_decoder{"send_direct_message", decode<tools::send_direct_message_arguments>},
  tool_decoder{"read_direct_messages", decode<tools::read_direct_messages_arguments>},
  tool_decoder{"broadcast_work_offer", decode<tools::broadcast_work_offer_arguments>},
  tool_decoder{"cancel_work", decode<tools::cancel_work_arguments>},
  tool_decoder{"claim_work", decode<tools::claim_work_arguments>},
  tool_decoder{"report_progress", decode<tools::report_progress_arguments>},
  tool_decoder{"complete_work", decode<tools::complete_work_arguments>},
  tool_decoder{"fail_work", decode<tools::fail_work_arguments>},
  tool_decoder{"release_work", decode<tools::release_work_arguments>},
  tool_decoder{"get_work_status", decode<tools::get_work_status_arguments>},
  tool_decoder{"list_work", decode<tools::list_work_arguments>},
  tool_decoder{"list_dead_letter_items", decode<tools::list_dead_letter_items_arguments>},
  tool_decoder{"retry_dead_letter_item", decode<tools::retry_dead_letter_item_arguments>},
  tool_decoder{"discard_dead_letter_item", decode<tools::discard_dead_letter_item_arguments>},
  tool_decoder{"server_status", decode<tools::server_status_arguments>},
};

/// Its schema, as clients see it.
const json::value& schema_of(std::size_t tool) {
  static const auto all = [] {
    std::vector<json::value> out;
    const auto& catalog = tools::catalog();
    require(catalog.size() == decoders.size(), "every tool is fuzzed", {});
    for (std::size_t at = 0; at < decoders.size(); ++at) {
      require(catalog[at].name == decoders[at].name, "every tool is fuzzed", catalog[at].name);
      out.push_back(catalog[at].input_schema());
    }
    return out;
  }();
  return all[tool];
}

} // namespace

void tool_arguments(std::string_view bytes) {
  input given{bytes};
  const auto tool = given.choice(decoders.size());
  const auto& schema = schema_of(tool);
  const auto arguments = json::parse(given.rest());
  if (arguments && decoders[tool].decode(*arguments)) {
    require(fits(schema, *arguments), "what is taken fits the published schema",
            json::write(*arguments));
  }
}

} // namespace nats_mcp::fuzz
