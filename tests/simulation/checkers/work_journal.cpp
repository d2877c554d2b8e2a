// SPDX-License-Identifier: MIT
#include "tests/simulation/checkers/work_journal.hpp"

#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/work/lanes.hpp"
#include "protocol/work/streams.hpp"

#include <utility>

namespace nats_mcp::simulation {

namespace {

void read_queued(work_journal& journal, const stored_record& one) {
  const auto where = work::parse_lane_subject(one.subject);
  auto queued = where ? work::read_queued_item(*where, one.payload)
                      : result<work::queued_item>{fail(ec::malformed, "")};
  if (queued) {
    journal.queued.push_back({{one.order, one.time}, one.sequence, std::move(*queued)});
  } else {
    journal.unreadable.push_back(one.subject);
  }
}

void read_record(work_journal& journal, const std::string& item, const stored_record& one) {
  auto record = work::read_item_record(one.payload);
  if (record && !one.deletion) {
    journal.records[item].push_back({{one.order, one.time}, one.stamp, std::move(*record)});
  } else {
    journal.unreadable.push_back(one.subject);
  }
}

} // namespace

work_journal read_work_journal(const std::vector<stored_record>& stored) {
  work_journal journal;
  for (const auto& one : stored) {
    if (const auto item = jetstream::key_of_subject(work::items_bucket, one.subject)) {
      read_record(journal, *item, one);
    } else if (one.stream == work::work_stream_name) {
      read_queued(journal, one);
    } else if (one.stream == work::dead_letter_stream_name) {
      journal.letters.push_back({{one.order, one.time},
                                 one.sequence,
                                 work::read_dead_letter(one.subject, one.payload, one.stamp)});
    }
  }
  return journal;
}

const std::vector<item_stored>& records_of(const work_journal& journal, const std::string& item) {
  static const std::vector<item_stored> none;
  const auto found = journal.records.find(item);
  return found == journal.records.end() ? none : found->second;
}

const work::item_record* end_of(const work_journal& journal, const std::string& item) {
  const auto& records = records_of(journal, item);
  return records.empty() ? nullptr : &records.back().record;
}

} // namespace nats_mcp::simulation
