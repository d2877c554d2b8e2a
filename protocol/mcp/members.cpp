// SPDX-License-Identifier: MIT
#include "protocol/mcp/members.hpp"

#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

namespace nats_mcp::mcp {

namespace {

void append_text_block(std::string& out, std::string_view text) {
  out += out.back() == '[' ? "" : ",";
  out += R"({"type":"text","text":)";
  json::append_string(out, text);
  out += '}';
}

} // namespace

std::string repeated(std::string_view text) {
  // Escapes are longer than what they stand for, and the text may have megabytes: cut before, too.
  return json::shortened(one_line(json::shortened(text, limits::quoted_bytes_max)),
                         limits::quoted_bytes_max);
}

void append_implementation(std::string& out, const implementation& who) {
  out += R"({"name":)";
  json::append_string(out, who.name);
  if (!who.title.empty()) {
    out += R"(,"title":)";
    json::append_string(out, who.title);
  }
  out += R"(,"version":)";
  json::append_string(out, who.version);
  out += '}';
}

void append_capabilities(std::string& out, const server_capabilities& offered,
                         std::string_view instructions) {
  // Only what is implemented: some hosts call the list method of everything advertised.
  out += R"("capabilities":{"tools":{})";
  if (offered.resources) {
    out += R"(,"resources":{"subscribe":true})";
  }
  if (offered.prompts) {
    out += R"(,"prompts":{})";
  }
  if (offered.claude_channel) {
    out += R"(,"experimental":{"claude/channel":{}})";
  }
  out += '}';
  if (!instructions.empty()) {
    out += R"(,"instructions":)";
    json::append_string(out, instructions);
  }
}

void append_resource_contents(std::string& out, std::string_view uri, std::string_view text) {
  out += R"("contents":[{"uri":)";
  json::append_string(out, uri);
  out += R"(,"mimeType":)";
  json::append_string(out, resource_mime_type);
  out += R"(,"text":)";
  json::append_string(out, text);
  out += "}]";
}

void append_tool_answer(std::string& out, const tool_answer& answer, era of) {
  out += R"("content":[)";
  for (const auto& text : answer.texts) {
    append_text_block(out, text);
  }
  if (answer.texts.empty() && answer.structured) {
    append_text_block(out, json::write(*answer.structured));
  }
  out += ']';
  if (answer.structured && (of == era::modern || answer.structured->is_object())) {
    out += R"(,"structuredContent":)";
    json::append_value(out, *answer.structured);
  }
  if (answer.is_error) {
    out += R"(,"isError":true)";
  }
}

} // namespace nats_mcp::mcp
