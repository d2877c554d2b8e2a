// SPDX-License-Identifier: MIT
#include "actors/messaging/inbox_readers.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

using messaging::mail_demand;

void inbox_reader_entry::fail(const error& why) {
  std::visit([&why](auto& open) { open.fail(why); }, promise);
}

inbox_readers::inbox_readers(const messaging::held_mail* mail)
  : mail_{mail} {
  // nop
}

reader_id inbox_readers::add(inbox_reader_entry entry) {
  const auto id = reader_id{++arrivals_};
  readers_.emplace(id, std::move(entry));
  return id;
}

inbox_reader_entry* inbox_readers::find(reader_id id) {
  const auto position = readers_.find(id);
  return position == readers_.end() ? nullptr : &position->second;
}

std::optional<inbox_reader_entry> inbox_readers::take(reader_id id) {
  auto node = readers_.extract(id);
  return node.empty() ? std::nullopt : std::optional{std::move(node.mapped())};
}

std::vector<reader_id> inbox_readers::all() const {
  std::vector<reader_id> out;
  for (const auto& [id, reader] : readers_) {
    out.push_back(id);
  }
  return out;
}

std::vector<reader_id> inbox_readers::of(call_id call) const {
  std::vector<reader_id> out;
  for (const auto& [id, reader] : readers_) {
    if (reader.call == call) {
      out.push_back(id);
    }
  }
  return out;
}

std::vector<reader_id> inbox_readers::at(reader_stage stage) const {
  std::vector<reader_id> out;
  for (const auto& [id, reader] : readers_) {
    if (reader.stage == stage) {
      out.push_back(id);
    }
  }
  return out;
}

bool inbox_readers::any(reader_stage stage) const {
  return std::any_of(readers_.begin(), readers_.end(),
                     [stage](const auto& each) { return each.second.stage == stage; });
}

std::size_t inbox_readers::found(const inbox_reader_entry& reader) const {
  return mail_->matching(reader.filter, reader.limit);
}

mail_demand inbox_readers::demand() const {
  auto all = mail_demand::met;
  for (const auto& [id, reader] : readers_) {
    if (reader.stage != reader_stage::looking && reader.stage != reader_stage::waiting) {
      continue;
    }
    const auto count = found(reader);
    all = std::max(all, count == 0             ? mail_demand::nothing_yet
                        : count < reader.limit ? mail_demand::open
                                               : mail_demand::met);
  }
  return all;
}

std::optional<inbox_readers::wanted_look> inbox_readers::begin_look() {
  std::optional<wanted_look> look;
  for (auto& [id, reader] : readers_) {
    if (reader.stage != reader_stage::wants_look) {
      continue;
    }
    reader.stage = reader_stage::looking;
    if (!look) {
      look = {batch_for(reader), reader.deadline};
    }
    look->batch = std::max(look->batch, batch_for(reader));
    look->deadline = std::min(look->deadline, reader.deadline);
  }
  return look;
}

std::size_t inbox_readers::batch_for_waiting() const {
  std::size_t batch = 1;
  for (const auto& [id, reader] : readers_) {
    if (reader.stage == reader_stage::waiting) {
      batch = std::max(batch, batch_for(reader));
    }
  }
  return batch;
}

std::size_t inbox_readers::batch_for(const inbox_reader_entry& reader) const {
  return reader.filter.wants_some() ? limits::mail_batch_max
                                    : reader.limit - std::min(found(reader), reader.limit);
}

} // namespace nats_mcp
