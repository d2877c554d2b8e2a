// SPDX-License-Identifier: MIT
#include "protocol/agents/way_back.hpp"

#include "protocol/agents/visibility.hpp"
#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp::agents {

namespace {

constexpr int way_back_version = 1;

} // namespace

bool leads_to(const way_back& way, std::string_view guid) {
  return way.guid == guid
         || std::find(way.others.begin(), way.others.end(), guid) != way.others.end();
}

void lead_back_to(way_back& way, std::string guid) {
  if (way.guid == guid) {
    return;
  }
  forget(way, guid);
  if (!way.guid.empty()) {
    way.others.push_back(std::move(way.guid));
  }
  way.guid = std::move(guid);
}

bool add_other(way_back& way, std::string guid) {
  if (leads_to(way, guid)) {
    return true;
  }
  if (way.others.size() >= limits::guids_of_a_name_max) {
    return false;
  }
  way.others.push_back(std::move(guid));
  return true;
}

void forget(way_back& way, std::string_view guid) {
  if (way.guid == guid) {
    way.guid.clear();
  }
  std::erase(way.others, guid);
}

std::string write_way_back(const way_back& way, std::string_view write_id) {
  json::value out{{"v", way_back_version}, {"writeId", write_id}};
  if (!way.guid.empty()) {
    out["guid"] = way.guid;
  }
  if (!way.others.empty()) {
    out["others"] = way.others;
  }
  return json::write(out);
}

way_back read_way_back(std::string_view value) {
  way_back out;
  const auto document = json::parse(value);
  if (!document) {
    return out;
  }
  if (const auto guid = json::text_member(*document, "guid"); is_guid(guid)) {
    out.guid = guid;
  }
  if (const auto* others = json::find(*document, "others");
      others != nullptr && others->is_array()) {
    for (const auto& one : *others) {
      if (one.is_string() && is_guid(one.get_ref<const std::string&>())) {
        (void)add_other(out, one.get<std::string>());
      }
    }
  }
  return out;
}

} // namespace nats_mcp::agents
