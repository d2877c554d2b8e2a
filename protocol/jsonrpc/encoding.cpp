// SPDX-License-Identifier: MIT
#include "protocol/jsonrpc/encoding.hpp"

#include "protocol/json/writer.hpp"

namespace nats_mcp::jsonrpc {

void begin_result(std::string& out, const request_id& id) {
  out += R"({"jsonrpc":"2.0","id":)";
  append_request_id(out, id);
  out += R"(,"result":)";
}

std::string result_line(const request_id& id, std::string_view result) {
  std::string line;
  line.reserve(result.size() + id.text.size() + 48);
  begin_result(line, id);
  line += result;
  line += '}';
  return line;
}

std::string error_line(const std::optional<request_id>& id, const error_object& error) {
  std::string line = R"({"jsonrpc":"2.0",)";
  if (id) {
    line += R"("id":)";
    append_request_id(line, *id);
    line += ',';
  } else if constexpr (unreadable_id_form == unreadable_id::null) {
    line += R"("id":null,)";
  }
  line += R"("error":{"code":)";
  line += std::to_string(static_cast<int>(error.code));
  line += R"(,"message":)";
  json::append_string(line, error.message);
  if (error.data) {
    line += R"(,"data":)";
    json::append_value(line, *error.data);
  }
  line += "}}";
  return line;
}

std::string notification_line(std::string_view method, std::string_view params) {
  std::string line = R"({"jsonrpc":"2.0","method":)";
  json::append_string(line, method);
  line += R"(,"params":)";
  line += params;
  line += '}';
  return line;
}

std::string array_line(const std::vector<std::string>& lines) {
  std::string array = "[";
  for (const auto& line : lines) {
    if (array.size() > 1) {
      array += ',';
    }
    array += line;
  }
  array += ']';
  return array;
}

} // namespace nats_mcp::jsonrpc
