// SPDX-License-Identifier: MIT
#include "protocol/agents/discovery_pages.hpp"

#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace nats_mcp::agents {

namespace {

/// Which discovery, and how many of what was kept of it were passed.
struct place {
  std::uint64_t id = 0;
  std::size_t from = 0;
};

std::string write_cursor(const place& next) {
  return std::to_string(next.id) + '.' + std::to_string(next.from);
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, into);
  return failure == std::errc{} && rest == end;
}

std::optional<place> read_cursor(std::string_view text) {
  const auto dot = std::min(text.find('.'), text.size());
  place out;
  const bool read = dot < text.size() && read_number(text.substr(0, dot), out.id)
                    && read_number(text.substr(dot + 1), out.from);
  return read ? std::optional{out} : std::nullopt;
}

error no_cursor(std::string_view text) {
  return {ec::invalid_argument,
          "cursor must be one that an earlier discover_agents gave, but \""
            + one_line(first_characters(text, limits::quoted_characters_max))
            + "\" was given. Leave it out to begin with the first agents.",
          0};
}

error too_old() {
  return {ec::not_found,
          "What this cursor belongs to is not kept any more. Leave it out to begin with the first "
          "agents; a greater limit needs fewer pages.",
          0};
}

/// Which filter is given that is not the one the cursor was made with; empty: none. Those that are
/// left out are the cursor's.
std::string_view other_filter(const tools::discover_agents_arguments& given,
                              const tools::discover_agents_arguments& first) {
  const auto differs = [](const auto& now, const auto& then) { return now && now != then; };
  return differs(given.agent_type, first.agent_type)       ? "agentType"
         : differs(given.capability, first.capability)     ? "capability"
         : differs(given.hostname, first.hostname)         ? "hostname"
         : differs(given.project_id, first.project_id)     ? "projectId"
         : differs(given.status, first.status)             ? "status"
         : given.include_offline && !first.include_offline ? "includeOffline"
                                                           : std::string_view{};
}

error of_another(std::string_view filter) {
  return {
    ec::invalid_argument,
    "cursor goes on with the filters it was given for, and \"" + std::string{filter}
      + "\" is another one. Leave the filters out to get the next page, or leave cursor out to "
        "begin anew with other filters.",
    0};
}

} // namespace

discovery_pages::discovery_pages(const agent_directory* directory, random_source random)
  : directory_{directory}
  , random_{std::move(random)} {
  // nop
}

result<tools::discover_agents_result>
discovery_pages::page(const tools::discover_agents_arguments& what, wall_time server_now) {
  if (!what.cursor) {
    return first_page(what, server_now);
  }
  const auto next = read_cursor(*what.cursor);
  if (!next) {
    return tl::make_unexpected(no_cursor(*what.cursor));
  }
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&next](const auto& one) { return one.id == next->id; });
  if (found == kept_.end()) {
    return tl::make_unexpected(too_old());
  }
  if (const auto filter = other_filter(what, found->filters); !filter.empty()) {
    return tl::make_unexpected(of_another(filter));
  }
  return page_of(*found, next->from, what.limit, server_now);
}

result<tools::discover_agents_result>
discovery_pages::first_page(const tools::discover_agents_arguments& what, wall_time server_now) {
  auto found = directory_->select(what, server_now);
  tools::discover_agents_result out;
  out.agents = std::move(found.first);
  out.total = out.agents.size() + found.behind.size();
  out.incomplete = directory_->incomplete();
  if (!found.behind.empty()) {
    out.next_cursor = write_cursor({keep(out.total, what, std::move(found.behind)), 0});
  }
  return out;
}

tools::discover_agents_result discovery_pages::page_of(kept_discovery& found, std::size_t from,
                                                       std::int64_t most,
                                                       wall_time server_now) const {
  if (!std::exchange(found.sorted, true)) {
    std::sort(found.agents.begin(), found.agents.end());
  }
  tools::discover_agents_result out;
  out.total = found.total;
  out.incomplete = directory_->incomplete();
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(most, 1));
  for (; from < found.agents.size() && out.agents.size() < limit; ++from) {
    if (auto agent =
          directory_->find_matching(found.agents[from].guid_text(), found.filters, server_now)) {
      out.agents.push_back(std::move(*agent));
    }
  }
  if (from < found.agents.size()) {
    out.next_cursor = write_cursor({found.id, from});
  }
  return out;
}

std::uint64_t discovery_pages::keep(std::uint64_t total, tools::discover_agents_arguments filters,
                                    std::vector<found_agent> agents) {
  auto all = agents.size();
  for (const auto& one : kept_) {
    all += one.agents.size();
  }
  while (!kept_.empty() && (kept_.size() >= kept_max || all > kept_agents_max)) {
    all -= kept_.front().agents.size();
    kept_.pop_front();
  }
  kept_.push_back({random_(), total, std::move(filters), std::move(agents), false});
  return kept_.back().id;
}

} // namespace nats_mcp::agents
