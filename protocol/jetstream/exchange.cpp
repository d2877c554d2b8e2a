// SPDX-License-Identifier: MIT
#include "protocol/jetstream/exchange.hpp"

#include "protocol/jetstream/delivery_codec.hpp"
#include "protocol/jetstream/put_exchange.hpp"
#include "protocol/jetstream/reply_codec.hpp"
#include "protocol/jetstream/sentences.hpp"
#include "protocol/jetstream/spoken_names.hpp"
#include "protocol/jetstream/stored_message_codec.hpp"
#include "protocol/overloaded.hpp"

#include <type_traits>
#include <utility>

namespace nats_mcp::jetstream {

namespace {

constexpr std::string_view api_prefix = "$JS.API.";
constexpr unsigned no_leader_attempts_max = 4;
/// A pull ends at the server this much before its deadline here, so that its end is heard of.
constexpr std::chrono::milliseconds pull_margin{20};

template <class T>
next_step done(result<T>&& outcome) {
  if (!outcome) {
    return result<answer>{tl::make_unexpected(std::move(outcome.error()))};
  }
  return result<answer>{answer{std::move(*outcome)}};
}

// -- publish -----------------------------------------------------------------------------------

outgoing message_of(const publish& command, const std::string& reply) {
  outgoing out{command.subject, reply, {}, command.payload};
  if (!command.message_id.empty()) {
    out.headers.emplace_back(header_name::message_id, command.message_id);
  }
  if (command.expected_last_subject_sequence) {
    out.headers.emplace_back(header_name::expected_subject_sequence,
                             std::to_string(*command.expected_last_subject_sequence));
  }
  return out;
}

next_step publish_replied(const publish& command, const incoming& reply,
                          const exchange_context& context) {
  // The common case first: no sentence is made that nobody will read.
  if (auto receipt = decode_stored(reply)) {
    return result<answer>{answer{std::move(*receipt)}};
  }
  const auto what = spoken_message(command.subject);
  auto receipt = decode_publish_receipt(reply, what, context.facts);
  if (receipt) {
    return done(std::move(receipt));
  }
  const bool repeatable = !command.message_id.empty();
  const bool leaderless =
    reply.status == 503 && context.facts.clustered && context.attempts < no_leader_attempts_max;
  if (leaderless || (repeatable && is_transient(receipt.error()))) {
    return continue_after{transient_delay};
  }
  if (receipt.error().code == ec::conflict && context.attempts > 1) {
    return done(
      result<publish_receipt>{fail(ec::unknown_outcome, ambiguous_conflict_sentence(what))});
  }
  return done(std::move(receipt));
}

// -- pull --------------------------------------------------------------------------------------

next_step pull_replied(pull_exchange& pulling, incoming&& reply) {
  const auto end = [&pulling](pull_end how) {
    pulling.collected.end = how;
    return done(result<pull_result>{std::move(pulling.collected)});
  };
  switch (reply.status) {
    case 0:
      break;
    case 404:
      return end(pull_end::no_messages);
    case 408:
      return end(pull_end::expired);
    case 503:
      return end(pull_end::no_responders);
    case 100:
      return keep_waiting{};
    default:
      // 409 means several things; only this text means that the bound was reached.
      return end(header(reply.headers, "Description") == "Message Size Exceeds MaxBytes"
                   ? pull_end::bytes_full
                   : pull_end::consumer_gone);
  }
  if (auto delivered = decode_delivery(std::move(reply)); delivered) {
    pulling.collected.deliveries.push_back(std::move(*delivered));
  }
  if (pulling.collected.deliveries.size() >= pulling.command.batch) {
    return end(pull_end::batch_full);
  }
  return keep_waiting{};
}

std::chrono::nanoseconds pull_expiry(const pull& command, monotonic_time now) {
  const std::chrono::nanoseconds left = command.deadline - now - pull_margin;
  if (command.expires.count() <= 0) {
    return std::chrono::nanoseconds{0};
  }
  return std::clamp<std::chrono::nanoseconds>(left, std::chrono::milliseconds{1}, command.expires);
}

// -- get ---------------------------------------------------------------------------------------

next_step get_replied(get_exchange& getting, incoming&& reply, const exchange_context& context,
                      const std::string& what) {
  auto stored = getting.query.on_reply(std::move(reply), what, context.facts);
  if (!stored) {
    return continue_after{};
  }
  if (getting.key.empty()) {
    return done(std::move(*stored));
  }
  if (*stored) {
    return done(result<kv_lookup>{kv_lookup{entry_of(getting.key, std::move(**stored))}});
  }
  const auto& failure = stored->error();
  // Absence of the key is ordinary; absence of the bucket is not.
  if (failure.code == ec::not_found && failure.jetstream_code != error_number::stream_not_found) {
    return done(result<kv_lookup>{kv_lookup{}});
  }
  return done(result<kv_lookup>{tl::make_unexpected(failure)});
}

} // namespace

// -- construction ------------------------------------------------------------------------------

exchange::exchange(publish command)
  : kind_{publish_exchange{std::move(command)}} {}
exchange::exchange(api_request command)
  : kind_{api_exchange{std::move(command)}} {}
exchange::exchange(get_last command)
  : kind_{
    get_exchange{{std::move(command.stream), std::move(command.subject)}, {}, command.deadline}} {}
exchange::exchange(pull command)
  : kind_{pull_exchange{std::move(command), {}}} {}
exchange::exchange(settle command)
  : kind_{settle_exchange{std::move(command)}} {}
exchange::exchange(kv_get command)
  : kind_{
    get_exchange{{stream_of_bucket(command.bucket), subject_of_key(command.bucket, command.key)},
                 command.key,
                 command.deadline}} {}
exchange::exchange(kv_put command)
  : kind_{begin_put(std::move(command))} {}
exchange::exchange(kv_delete command, std::string write_id)
  : kind_{begin_delete(std::move(command), std::move(write_id))} {}
exchange::exchange(fence command)
  : kind_{fence_exchange{command}} {}
exchange::exchange(identify command)
  : kind_{identify_exchange{command}} {}

// -- what the table needs ----------------------------------------------------------------------

request_terms exchange::terms() const {
  constexpr std::size_t fixed_bytes = 256;
  const auto terms = [](repetition again, consequence effect, std::size_t bytes,
                        monotonic_time deadline) {
    return request_terms{again, effect, window_use::counted, bytes + fixed_bytes, deadline};
  };
  return std::visit(
    overloaded{
      [&](const publish_exchange& it) {
        return terms(it.command.message_id.empty() ? repetition::never : repetition::allowed,
                     consequence::possible, it.command.payload.size(), it.command.deadline);
      },
      [&](const api_exchange& it) {
        const bool again = it.command.again == repeatable::yes;
        return terms(again ? repetition::allowed : repetition::never,
                     again ? consequence::none : consequence::possible, it.command.body.size(),
                     it.command.deadline);
      },
      [&](const get_exchange& it) {
        auto getting = terms(repetition::allowed, consequence::none, 0, it.deadline);
        getting.repeat_after = limits::direct_get_patience;
        return getting;
      },
      [&](const pull_exchange& it) {
        auto pulling = terms(repetition::never, consequence::none, 0, it.command.deadline);
        pulling.window = window_use::free;
        return pulling;
      },
      [&](const settle_exchange& it) {
        // Only a plain acknowledgement means the same the second time.
        const bool again = it.command.kind == ack_kind::ack;
        auto settling = terms(again ? repetition::allowed : repetition::never,
                              consequence::possible, 0, it.command.deadline);
        settling.scope =
          it.command.present_connection_only ? connection_scope::present : connection_scope::any;
        return settling;
      },
      [&](const put_exchange& it) {
        return terms(it.write_id.empty() ? repetition::never : repetition::allowed,
                     consequence::possible, it.value.size(), it.deadline);
      },
      [&](const fence_exchange& it) {
        return terms(repetition::allowed, consequence::none, 0, it.command.deadline);
      },
      [&](const identify_exchange& it) {
        return terms(repetition::never, consequence::none, 0, it.command.deadline);
      },
    },
    kind_);
}

outgoing exchange::message(const std::string& reply, const exchange_context& context) const {
  return std::visit(
    overloaded{
      [&](const publish_exchange& it) { return message_of(it.command, reply); },
      [&](const api_exchange& it) {
        return outgoing{std::string{api_prefix} + it.command.verb, reply, {}, it.command.body};
      },
      [&](const get_exchange& it) { return it.query.message(reply, context.attempts); },
      [&](const pull_exchange& it) {
        return outgoing{"$JS.API.CONSUMER.MSG.NEXT." + it.command.stream + "."
                          + it.command.consumer,
                        reply,
                        {},
                        encode_pull(it.command, pull_expiry(it.command, context.now))};
      },
      [&](const settle_exchange& it) {
        const bool wait = it.command.confirmed == confirmation::wait;
        return outgoing{
          it.command.ack_subject, wait ? reply : std::string{}, {}, encode_settlement(it.command)};
      },
      [&](const put_exchange& it) { return put_message(it, reply, context.attempts); },
      [&](const fence_exchange&) {
        return outgoing{reply, {}, {}, {}};
      },
      [&](const identify_exchange&) {
        return outgoing{std::string{server_identity_subject}, reply, {}, {}};
      },
    },
    kind_);
}

bool exchange::ends_when_written() const noexcept {
  const auto* settling = std::get_if<settle_exchange>(&kind_);
  return settling != nullptr && settling->command.confirmed == confirmation::none;
}

next_step exchange::on_reply(incoming&& reply, const exchange_context& context) {
  return std::visit(
    overloaded{
      [&](publish_exchange& it) { return publish_replied(it.command, reply, context); },
      [&](api_exchange& it) {
        auto body = decode_api_reply(std::move(reply), description(), context.facts);
        if (!body && it.command.again == repeatable::yes && is_transient(body.error())) {
          return next_step{continue_after{transient_delay}};
        }
        return done(std::move(body));
      },
      [&](get_exchange& it) { return get_replied(it, std::move(reply), context, description()); },
      [&](pull_exchange& it) { return pull_replied(it, std::move(reply)); },
      [&](settle_exchange&) {
        if (reply.status == 503) {
          return done(result<settled>{tl::make_unexpected(
            no_responders(context.facts, nobody_answers_sentence(description())))});
        }
        return done(result<settled>{settled{}});
      },
      [&](put_exchange& it) { return put_replied(it, std::move(reply), context, description()); },
      [&](fence_exchange&) { return done(result<fence_returned>{fence_returned{}}); },
      [&](identify_exchange&) {
        return done(result<server_identity>{parse_server_identity(reply.payload)});
      },
    },
    kind_);
}

result<answer> exchange::on_end(const end_request& end, std::string_view why) {
  if (end.code == ec::busy) {
    return fail(ec::busy, busy_sentence(description()));
  }
  if (auto* pulling = std::get_if<pull_exchange>(&kind_);
      pulling != nullptr && end.reason != end_reason::no_connection) {
    pulling->collected.end =
      end.reason == end_reason::connection_lost ? pull_end::disconnected : pull_end::silence;
    return answer{std::move(pulling->collected)};
  }
  const auto what = description();
  if (end.reason == end_reason::no_connection) {
    return fail(end.code, std::string{why});
  }
  if (end.code == ec::unknown_outcome) {
    return fail(end.code, unknown_outcome_sentence(what));
  }
  const bool written = end.reason == end_reason::connection_lost || why.empty();
  return fail(end.code, written ? no_answer_sentence(what) : timeout_sentence(what, why));
}

std::string exchange::description() const {
  return std::visit(
    overloaded{
      [](const publish_exchange& it) { return spoken_message(it.command.subject); },
      [](const api_exchange& it) { return spoken_request(it.command.verb); },
      [](const get_exchange& it) {
        return (it.key.empty() ? "search for the newest message of " : "reading of ")
               + spoken_subject(it.query.subject());
      },
      [](const pull_exchange& it) {
        return "request for messages of " + spoken_stream(it.command.stream);
      },
      [](const settle_exchange&) { return std::string{"acknowledgement of a message"}; },
      [](const put_exchange& it) { return put_description(it); },
      [](const fence_exchange&) { return std::string{"round trip"}; },
      [](const identify_exchange&) { return std::string{"question which server this is"}; },
    },
    kind_);
}

std::chrono::milliseconds exchange::late_handed_back_for() const {
  const auto* pulling = std::get_if<pull_exchange>(&kind_);
  return pulling == nullptr ? std::chrono::milliseconds{0} : pulling->command.late_handed_back_for;
}

bool exchange::writes_to(std::string_view subject, const exchange_context& context) const {
  return message({}, context).subject == subject;
}

} // namespace nats_mcp::jetstream
