// SPDX-License-Identifier: MIT
#include "protocol/jsonrpc/message.hpp"

#include "protocol/limits.hpp"

#include <utility>

namespace nats_mcp::jsonrpc {

namespace {

invalid not_a_request(std::string why, std::optional<request_id> id) {
  return {{error_code::invalid_request, "Invalid request: " + std::move(why), std::nullopt},
          std::move(id)};
}

/// The parameters of a message, taken out of it; nothing when they are no object.
std::optional<json::value> take_params(json::value& document) {
  auto* params = json::find(document, "params");
  if (params == nullptr) {
    return json::value::object();
  }
  if (!params->is_object()) {
    return std::nullopt;
  }
  return std::move(*params);
}

single_message read_single(json::value& document) {
  if (!document.is_object()) {
    return not_a_request("a message is a JSON object, this is none.", std::nullopt);
  }
  const auto* id_member = json::find(document, "id");
  auto id = id_member == nullptr ? std::nullopt : read_request_id(*id_member);
  auto* method_member = json::find(document, "method");
  if (method_member == nullptr
      && (json::find(document, "result") != nullptr || json::find(document, "error") != nullptr)) {
    // However malformed: two programs that answered each other's answers would never stop.
    return response{};
  }
  const auto* version = json::find(document, "jsonrpc");
  if (version == nullptr || *version != "2.0") {
    return not_a_request("the member \"jsonrpc\" has to be the string \"2.0\".", std::move(id));
  }
  if (id_member != nullptr && !id) {
    return not_a_request("an id is a string or an integer of at most "
                           + std::to_string(limits::request_id_bytes_max) + " bytes, never null.",
                         std::nullopt);
  }
  auto* method = method_member == nullptr ? nullptr : method_member->get_ptr<std::string*>();
  if (method == nullptr) {
    return not_a_request("the member \"method\" has to be a string.", std::move(id));
  }
  auto params = take_params(document);
  if (!id) {
    return notification{std::move(*method), std::move(params).value_or(json::value::object())};
  }
  if (!params) {
    return invalid{{error_code::invalid_params,
                    "Invalid parameters: the member \"params\" has to be an object.", std::nullopt},
                   std::move(id)};
  }
  return request{std::move(*id), std::move(*method), std::move(*params)};
}

message read_batch(json::value::array_t& elements) {
  if (elements.empty()) {
    return not_a_request("the batch is empty.", std::nullopt);
  }
  if (elements.size() > limits::batch_members_max) {
    return not_a_request("the batch has " + std::to_string(elements.size())
                           + " messages, more than the " + std::to_string(limits::batch_members_max)
                           + " allowed; send smaller ones.",
                         std::nullopt);
  }
  batch members;
  members.members.reserve(elements.size());
  for (auto& element : elements) {
    members.members.push_back(read_single(element));
  }
  return members;
}

invalid unreadable(std::string_view line, const error& why) {
  if (why.code != ec::limit_exceeded) {
    return {{error_code::parse_error, "Parse error: " + why.message + ".", std::nullopt},
            std::nullopt};
  }
  const auto id = json::scan_member(line, "id");
  return not_a_request(why.message + ".", id ? read_request_id(*id) : std::nullopt);
}

} // namespace

message parse_message(std::string_view line) {
  auto document = json::parse(line);
  if (!document) {
    return unreadable(line, document.error());
  }
  if (auto* elements = document->get_ptr<json::value::array_t*>()) {
    return read_batch(*elements);
  }
  return std::visit([](auto&& single) -> message { return std::forward<decltype(single)>(single); },
                    read_single(*document));
}

} // namespace nats_mcp::jsonrpc
