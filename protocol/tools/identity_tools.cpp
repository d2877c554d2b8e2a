// SPDX-License-Identifier: MIT
#include "protocol/tools/identity_tools.hpp"

#include "protocol/name_rules.hpp"
#include "protocol/text.hpp"
#include "protocol/tools/tool_fields.hpp"

namespace nats_mcp::json {

using namespace tools;

template <>
struct described<set_handle_arguments> {
  static const field_table<set_handle_arguments>& fields() {
    static const field_table<set_handle_arguments> table{{
      member<set_handle_arguments>(&set_handle_arguments::handle,
                                   {.name = "handle",
                                    .doc = "The name others see beside your messages.",
                                    .need = presence::required,
                                    .rule = &handle_rule(),
                                    .example = R"("project-manager")"}),
    }};
    return table;
  }
};

template <>
struct described<set_handle_result> {
  static const field_table<set_handle_result>& fields() {
    static const field_table<set_handle_result> table{{
      member<set_handle_result>(&set_handle_result::handle,
                                {.name = "handle", .need = presence::required}),
    }};
    return table;
  }
};

template <>
struct described<get_my_handle_arguments> {
  static const field_table<get_my_handle_arguments>& fields() {
    static const field_table<get_my_handle_arguments> table{{}};
    return table;
  }
};

template <>
struct described<get_my_handle_result> {
  static const field_table<get_my_handle_result>& fields() {
    static const field_table<get_my_handle_result> table{{
      member<get_my_handle_result>(&get_my_handle_result::handle,
                                   {.name = "handle", .doc = "Absent: none set."}),
    }};
    return table;
  }
};

} // namespace nats_mcp::json

namespace nats_mcp::tools {

template result<set_handle_arguments> decode_arguments(const json::value&);
template result<get_my_handle_arguments> decode_arguments(const json::value&);
template json::value structured(const set_handle_result&);
template json::value structured(const get_my_handle_result&);

error no_handle() { return {ec::invalid_argument, "No handle set. Use set_handle first.", 0}; }

std::string render(const set_handle_result& outcome) {
  return "Handle set to: " + one_line(outcome.handle);
}

std::string render(const get_my_handle_result& outcome) {
  return outcome.handle.empty() ? no_handle().message
                                : "Your current handle: " + one_line(outcome.handle);
}

std::vector<tool_declaration> identity_tools() {
  return {
    declared<set_handle_arguments, set_handle_result>(
      {.name = "set_handle",
       .title = "Set my handle",
       .description = "Set the handle under which you speak. Needed once before send_message.",
       .annotations =
         {.read_only = false, .destructive = false, .idempotent = true, .open_world = false},
       .order = dispatch_order::exclusive,
       .nats = nats_need::none}),
    declared<get_my_handle_arguments, get_my_handle_result>(
      {.name = "get_my_handle",
       .title = "Show my handle",
       .description = "Show the handle under which you speak.",
       .annotations = {.read_only = true, .open_world = false},
       .nats = nats_need::none}),
  };
}

} // namespace nats_mcp::tools
