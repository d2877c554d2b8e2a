// SPDX-License-Identifier: MIT
#include "protocol/jetstream/last_message_query.hpp"

#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/json/value.hpp"

namespace nats_mcp::jetstream {

outgoing last_message_query::message(const std::string& reply) const {
  if (!direct_refused_) {
    return {"$JS.API.DIRECT.GET." + stream_ + "." + subject_, reply, {}, {}};
  }
  return {"$JS.API.STREAM.MSG.GET." + stream_,
          reply,
          {},
          json::write(json::value{{"last_by_subj", subject_}})};
}

std::optional<result<stored_message>>
last_message_query::on_reply(incoming&& reply, std::string_view what, const server_facts& facts) {
  if (direct_refused_) {
    const auto body = decode_api_reply(std::move(reply), what, facts);
    if (!body) {
      return tl::make_unexpected(body.error());
    }
    return decode_message_get(*body, what);
  }
  if (reply.status == 503) {
    direct_refused_ = true;
    return std::nullopt;
  }
  return decode_direct(std::move(reply), what);
}

} // namespace nats_mcp::jetstream
