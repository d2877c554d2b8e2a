// SPDX-License-Identifier: MIT
#include "protocol/mcp/prompt_list.hpp"

#include "protocol/json/writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/mcp/members.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::mcp {

namespace {

json::value description(const listed_prompt& prompt) {
  auto out = json::value::object();
  out["name"] = prompt.name;
  out["title"] = prompt.title;
  out["description"] = prompt.description;
  for (const auto& argument : prompt.arguments) {
    auto one = json::value::object();
    one["name"] = argument.name;
    one["description"] = argument.description;
    if (argument.required) {
      one["required"] = true;
    }
    out["arguments"].push_back(std::move(one));
  }
  return out;
}

std::vector<json::value> descriptions(const std::vector<listed_prompt>& prompts) {
  std::vector<json::value> out;
  std::transform(prompts.begin(), prompts.end(), std::back_inserter(out), description);
  return out;
}

std::string names_of(const std::vector<prompt_argument>& arguments) {
  std::string out;
  for (const auto& argument : arguments) {
    out += (out.empty() ? "" : ", ") + argument.name;
  }
  return out.empty() ? "none" : out;
}

/// What was given for `prompt`, checked against what it declares.
result<prompt_arguments> read_arguments(const listed_prompt& prompt, const json::value& params) {
  prompt_arguments out;
  const auto* given = json::find(params, "arguments");
  if (given != nullptr && !given->is_object()) {
    return fail(ec::invalid_argument, "params.arguments has to be an object of strings.");
  }
  if (given != nullptr) {
    for (const auto& [name, value] : given->items()) {
      const auto& declared = prompt.arguments;
      if (std::none_of(declared.begin(), declared.end(),
                       [&name = name](const auto& one) { return one.name == name; })) {
        return fail(ec::invalid_argument, "the prompt " + prompt.name + " has no argument \""
                                            + repeated(name)
                                            + "\"; its arguments: " + names_of(declared) + '.');
      }
      const auto* text = value.template get_ptr<const std::string*>();
      if (text == nullptr || text->size() > limits::prompt_argument_bytes_max) {
        return fail(ec::invalid_argument,
                    "params.arguments." + repeated(name) + " has to be a string of at most "
                      + std::to_string(limits::prompt_argument_bytes_max) + " bytes.");
      }
      out[name] = *text;
    }
  }
  for (const auto& argument : prompt.arguments) {
    if (argument.required && out.count(argument.name) == 0) {
      return fail(ec::invalid_argument,
                  "the prompt " + prompt.name + " needs the argument " + argument.name + '.');
    }
  }
  return out;
}

} // namespace

prompt_list::prompt_list(std::vector<listed_prompt> prompts, const modern_envelope& envelope)
  : prompts_{std::move(prompts)}
  , pages_{{"prompts", descriptions(prompts_), 0, list_hint}, envelope} {
  // nop
}

result<std::string> prompt_list::get(const json::value& params) const {
  const auto* member = json::find(params, "name");
  const auto* name = member == nullptr ? nullptr : member->get_ptr<const std::string*>();
  if (name == nullptr) {
    return fail(ec::invalid_argument, "params.name is required and has to be a string.");
  }
  const auto prompt = std::find_if(prompts_.begin(), prompts_.end(),
                                   [&](const auto& one) { return one.name == *name; });
  if (prompt == prompts_.end()) {
    return fail(ec::invalid_argument, "there is no prompt \"" + repeated(*name)
                                        + "\"; prompts/list names those there are.");
  }
  const auto arguments = read_arguments(*prompt, params);
  if (!arguments) {
    return tl::make_unexpected(arguments.error());
  }
  std::string members = R"("description":)";
  json::append_string(members, prompt->description);
  members += R"(,"messages":[{"role":"user","content":{"type":"text","text":)";
  json::append_string(members, prompt->text(*arguments));
  members += "}}]";
  return members;
}

} // namespace nats_mcp::mcp
