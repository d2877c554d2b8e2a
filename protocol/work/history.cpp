// SPDX-License-Identifier: MIT
#include "protocol/work/history.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace nats_mcp::work {

namespace {

std::size_t written_bytes(const std::string& text) {
  return text.empty() ? 0 : json::write(json::value(text)).size();
}

void drop_surplus(std::vector<attempt>& history, std::size_t kept) {
  while (history.size() > kept) {
    const auto last = history.end() - 1;
    const auto released = std::find_if(
      history.begin(), last, [](const attempt& one) { return one.end == attempt_end::released; });
    history.erase(released == last ? history.begin() : released);
  }
}

void empty_texts(attempt& one) {
  one.error.clear();
  one.note.clear();
}

} // namespace

void keep_within_bounds(std::vector<attempt>& history) {
  drop_surplus(history, limits::work_attempts_kept);
  std::size_t bytes = 0;
  for (auto one = history.rbegin(); one != history.rend(); ++one) {
    bytes += written_bytes(one->error) + written_bytes(one->note);
    if (bytes > limits::work_history_bytes_max) {
      std::for_each(one, history.rend(), empty_texts);
      return;
    }
  }
}

void leave_room_for_another(std::vector<attempt>& history) {
  drop_surplus(history, limits::work_attempts_kept - 1);
}

void cut_down(item_record& record) {
  constexpr std::string_view mark = " [… cut]";
  auto& item = record.item;
  item.description =
    std::string{first_characters(item.description, limits::work_preview_characters_max)}.append(
      mark);
  item.context = json::value::object();
  std::for_each(record.attempts.begin(), record.attempts.end(), empty_texts);
  record.incomplete = true;
}

} // namespace nats_mcp::work
