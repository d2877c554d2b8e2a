// SPDX-License-Identifier: MIT
#include "actors/messaging/direct_sender.hpp"

#include "protocol/messaging/direct_message_codec.hpp"
#include "protocol/messaging/inbox_refusals.hpp"

#include <algorithm>
#include <utility>

namespace nats_mcp {

direct_sender::direct_sender(surroundings around)
  : around_{std::move(around)} {
  // nop
}

caf::result<tools::send_direct_message_result> direct_sender::send(send_direct request) {
  auto promise = around_.owner->make_response_promise<tools::send_direct_message_result>();
  const auto id = send_id{++operations_};
  const find_recipient whom{request.arguments.recipient_guid.value_or(""),
                            request.arguments.recipient_handle.value_or(""), request.deadline};
  sending entry;
  entry.promise = {promise, around_.part};
  entry.arguments = std::move(request.arguments);
  entry.message.deadline = request.deadline;
  sends_.emplace(id, std::move(entry));
  ask<recipient_found>(
    around_.owner, around_.registry, whom, "registry",
    [this, id](recipient_found found) { addressed(id, std::move(found)); },
    [this, id](const error& why) { fail_with(id, why); });
  return promise;
}

void direct_sender::addressed(send_id id, recipient_found found) {
  auto& entry = sends_.at(id);
  entry.send = found.send;
  entry.message.deadline = std::min(entry.message.deadline, found.send_until);
  messaging::direct_message_payload payload;
  payload.id = make_uuid(around_.world.random);
  payload.sender_guid = std::move(found.sender.guid);
  payload.sender_handle = std::move(found.sender.handle);
  payload.recipient_guid = found.recipient.guid;
  payload.type = entry.arguments.type;
  payload.content = std::move(entry.arguments.message);
  payload.metadata = std::move(entry.arguments.metadata);
  payload.timestamp = around_.world.wall_clock();
  entry.outcome = {payload.id, std::move(found.recipient.guid), std::move(found.recipient.handle),
                   found.recipient.status};
  entry.message.subject = messaging::inbox_subject(payload.recipient_guid, payload.sender_guid);
  entry.message.payload = messaging::write_direct_message(payload);
  entry.message.message_id = payload.id;
  publish(id);
}

void direct_sender::publish(send_id id) {
  around_.streams->ensure(around_.stream, sends_.at(id).message.deadline,
                          [this, id](const result<void>& there) {
                            if (!there) {
                              fail_with(id, there.error());
                              return;
                            }
                            ask<jetstream::publish_receipt>(
                              around_.owner, around_.gateway, sends_.at(id).message, "gateway",
                              [this, id](const jetstream::publish_receipt&) {
                                auto done = finish(id);
                                done.promise.deliver(std::move(done.outcome));
                              },
                              [this, id](const error& why) { not_stored(id, why); });
                          });
}

void direct_sender::not_stored(send_id id, const error& why) {
  auto& entry = sends_.at(id);
  if (why.code == ec::not_found && !entry.repeated) {
    // The stream was deleted while we ran: nothing was stored, so begin again, once.
    entry.repeated = true;
    around_.streams->forget(around_.stream.name);
    publish(id);
    return;
  }
  fail_with(id, messaging::why_not_stored(
                  why, {entry.outcome.recipient_handle, entry.outcome.recipient_guid},
                  entry.outcome.message_id));
}

void direct_sender::fail_with(send_id id, const error& why) { finish(id).promise.fail(why); }

direct_sender::sending direct_sender::finish(send_id id) {
  auto done = std::move(sends_.extract(id).mapped());
  if (done.send != 0) {
    around_.owner->send(around_.registry, send_over{done.send});
  }
  return done;
}

} // namespace nats_mcp
