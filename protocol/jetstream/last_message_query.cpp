// SPDX-License-Identifier: MIT
#include "protocol/jetstream/last_message_query.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/value.hpp"

namespace nats_mcp::jetstream {

outgoing last_message_query::message(const std::string& reply, unsigned attempts) const {
  if (!direct_refused_ && attempts % 2 == 0) {
    return {"$JS.API.DIRECT.GET." + stream_ + "." + subject_, reply, {}, {}};
  }
  return {"$JS.API.STREAM.MSG.GET." + stream_,
          reply,
          {},
          json::write(json::value{{"last_by_subj", subject_}})};
}

std::optional<result<stored_message>>
last_message_query::on_reply(incoming&& reply, std::string_view what, const server_facts& facts) {
  // An answer in JSON has no headers; a direct one has, or a status. Either may come late.
  if (reply.headers.empty() && reply.status == 0) {
    const auto body = decode_api_reply(std::move(reply), what, facts);
    if (!body) {
      return tl::make_unexpected(body.error());
    }
    return decode_message_get(*body, what);
  }
  if (reply.status == 503 && !direct_refused_) {
    direct_refused_ = true;
    return std::nullopt;
  }
  if (reply.status == 503) {
    return tl::make_unexpected(no_responders(facts, nobody_answers_sentence(what)));
  }
  return decode_direct(std::move(reply), what);
}

} // namespace nats_mcp::jetstream
