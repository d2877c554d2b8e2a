// SPDX-License-Identifier: MIT
// One source of configuration as a document with places: a file with its lines, or the environment
// with its variables. The loader lays several over each other.
#pragma once

#include "protocol/config/configuration.hpp"
#include "protocol/json/field.hpp"
#include "protocol/json/locate.hpp"

#include <map>
#include <string>
#include <vector>

namespace nats_mcp::config {

struct layer {
  /// A path, or `environment`.
  std::string source;
  json::value document = json::value::object();
  /// Of a file.
  json::locations places;
  /// Of the environment: pointer → variable.
  std::map<std::string, std::string> variables;
};

/// A file's text as a layer. Problems of the text itself (no JSON, a key twice) are reported.
[[nodiscard]] layer read_layer(std::string path, const std::string& text,
                               std::vector<problem>& problems);

/// The variables that twin a field, as a document of the same shape. Empty variables count as
/// unset. Names that look like a mistyped variable of ours are reported.
[[nodiscard]] layer environment_layer(const std::map<std::string, std::string>& environment,
                                      const std::vector<json::field_description>& fields,
                                      std::vector<problem>& problems);

/// Gives every choice that differs from a legal one in upper and lower case only the spelling of
/// that one: `LOG_LEVEL=debug` means what it says.
void spell_choices(layer& in, const std::vector<json::field_description>& fields);

/// A problem of decoding, with the place it has in this layer.
[[nodiscard]] problem located(const json::problem& found, const layer& from);

/// Notes for every key of `fields` that the layer has where it stands. @param refused the problems
/// of decoding it: what they name is not in force.
void note_origins(const layer& from, const std::vector<json::field_description>& fields,
                  const std::vector<json::problem>& refused,
                  std::map<std::string, origin>& origins);

} // namespace nats_mcp::config
