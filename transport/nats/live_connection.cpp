// SPDX-License-Identifier: MIT
#include "transport/nats/live_connection.hpp"

#include "protocol/jetstream/server_url.hpp"
#include "protocol/limits.hpp"

#include "transport/nats/attempt_guard.hpp"
#include "transport/nats/connect_failure.hpp"
#include "transport/nats/status.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

constexpr int status_no_responders = 503;

/// Set while this thread writes and will flush itself: the loop need not be woken for it.
thread_local bool caller_flushes = false;

struct flush_promise {
  flush_promise() { caller_flushes = true; }
  flush_promise(const flush_promise&) = delete;
  flush_promise& operator=(const flush_promise&) = delete;
  ~flush_promise() { caller_flushes = false; }
};

/// nats.c keeps the last error per thread; its sentence is better than the status.
std::string last_error() {
  const char* text = nats_GetLastError(nullptr);
  return text == nullptr ? std::string{} : std::string{text};
}

void copy_headers(natsMsg* from, jetstream::incoming& to) {
  const char** keys = nullptr;
  int key_count = 0;
  if (natsMsgHeader_Keys(from, &keys, &key_count) != NATS_OK) {
    return;
  }
  for (int k = 0; k < key_count; ++k) {
    const char** values = nullptr;
    int value_count = 0;
    if (natsMsgHeader_Values(from, keys[k], &values, &value_count) != NATS_OK) {
      continue;
    }
    for (int v = 0; v < value_count; ++v) {
      to.headers.emplace_back(keys[k], values[v] == nullptr ? "" : values[v]);
    }
    std::free(static_cast<void*>(values));
  }
  std::free(static_cast<void*>(keys));
  // Status messages have their code in a header of this name and no payload.
  if (to.payload.empty()) {
    const auto status = jetstream::header(to.headers, "Status");
    std::from_chars(status.data(), status.data() + status.size(), to.status);
  }
}

jetstream::incoming copy(natsMsg* message) {
  jetstream::incoming copied;
  copied.subject = natsMsg_GetSubject(message);
  if (const char* reply = natsMsg_GetReply(message); reply != nullptr) {
    copied.reply = reply;
  }
  if (const auto length = natsMsg_GetDataLength(message); length > 0) {
    copied.payload.assign(natsMsg_GetData(message), static_cast<std::size_t>(length));
  }
  copy_headers(message, copied);
  return copied;
}

result<void> checked(natsStatus status, std::string_view subject) {
  if (status == NATS_OK) {
    return {};
  }
  return tl::make_unexpected(write_error(status, subject));
}

} // namespace

void file_descriptor::reset(int number) noexcept {
  if (number_ >= 0) {
    ::close(number_);
  }
  number_ = number;
}

// -- opening -----------------------------------------------------------------------------------

live_connection::~live_connection() {
  if (handle_) {
    flush();
    natsConnection_Close(handle_.get());
  }
}

result<std::unique_ptr<live_connection>>
live_connection::open(const endpoint& where, const connect_options& choice, loop_signals& signals) {
  std::unique_ptr<live_connection> made{new live_connection{signals}};
  auto* const options = choice.options.get();
  natsOptions_SetEventLoop(options, made.get(), on_attach, on_read_wanted, on_write_wanted,
                           on_detach);
  natsOptions_SetErrorHandler(options, on_error, &signals);
  natsConnection* raw = nullptr;
  (void)take_tls_alert();
  const attempt_guard guard{choice.bounds};
  const auto status = natsConnection_Connect(&raw, options);
  if (status != NATS_OK) {
    return tl::make_unexpected(connect_error(
      guard.intervened() ? failed_attempt{NATS_TIMEOUT, "it greets, and then says nothing", {}}
                         : failed_attempt{status, last_error(), take_tls_alert()},
      where, civil_now()));
  }
  made->handle_.reset(raw);
  if (made->socket_.number() < 0) {
    return fail(ec::system_error, "The connection to NATS could not be watched: the process has no"
                                  " free file descriptor.");
  }
  return made;
}

natsStatus live_connection::on_attach(void** user, void* loop, natsConnection*, natsSock socket) {
  auto* self = static_cast<live_connection*>(loop);
  *user = self;
  self->socket_.reset(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
  return NATS_OK;
}

natsStatus live_connection::on_read_wanted(void*, bool) { return NATS_OK; }

natsStatus live_connection::on_write_wanted(void* user, bool add) {
  if (add && !caller_flushes) {
    static_cast<live_connection*>(user)->signals_.wake();
  }
  return NATS_OK;
}

natsStatus live_connection::on_detach(void* user) {
  static_cast<live_connection*>(user)->signals_.wake();
  return NATS_OK;
}

void live_connection::on_error(natsConnection*, natsSubscription*, natsStatus status,
                               void* closure) {
  // The connection may be gone already: only the signals may be touched here.
  if (status == NATS_NOT_PERMITTED) {
    auto* signals = static_cast<loop_signals*>(closure);
    signals->refused.add(last_error());
    signals->wake();
  }
}

// -- any thread --------------------------------------------------------------------------------

result<void> live_connection::write(const jetstream::outgoing& message) {
  const flush_promise promise;
  const char* reply = message.reply.empty() ? nullptr : message.reply.c_str();
  const auto size = static_cast<int>(message.payload.size());
  if (message.headers.empty()) {
    const auto* subject = message.subject.c_str();
    const auto* data = message.payload.data();
    return written(reply == nullptr
                     ? natsConnection_Publish(handle_.get(), subject, data, size)
                     : natsConnection_PublishRequest(handle_.get(), subject, reply, data, size),
                   message);
  }
  natsMsg* raw = nullptr;
  auto status = natsMsg_Create(&raw, message.subject.c_str(), reply, message.payload.data(), size);
  message_handle owned{raw};
  for (const auto& [name, value] : message.headers) {
    if (status == NATS_OK) {
      status = natsMsgHeader_Add(raw, name.c_str(), value.c_str());
    }
  }
  if (status == NATS_OK) {
    status = natsConnection_PublishMsg(handle_.get(), raw);
  }
  if (owned) {
    const std::lock_guard guard{written_mutex_};
    written_.add(std::move(owned));
  }
  return written(status, message);
}

result<void> live_connection::written(natsStatus status, const jetstream::outgoing& message) const {
  if (status == NATS_MAX_PAYLOAD) {
    return tl::make_unexpected(too_large_error(message, max_payload()));
  }
  return checked(status, message.subject);
}

result<void> live_connection::subscribe(subscription_key key, const std::string& subject,
                                        const std::string& queue_group) {
  const flush_promise promise;
  const std::lock_guard guard{subscriptions_mutex_};
  natsSubscription* raw = nullptr;
  const auto status = queue_group.empty()
                        ? natsConnection_SubscribeSync(&raw, handle_.get(), subject.c_str())
                        : natsConnection_QueueSubscribeSync(&raw, handle_.get(), subject.c_str(),
                                                            queue_group.c_str());
  if (status != NATS_OK) {
    return checked(status, subject);
  }
  // Bounded by the event queue: each read empties them.
  natsSubscription_SetPendingLimits(raw, -1, -1);
  subscriptions_.emplace_back(key, raw);
  return {};
}

void live_connection::unsubscribe(subscription_key key) {
  const std::lock_guard guard{subscriptions_mutex_};
  const auto found = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                                  [key](const auto& entry) { return entry.first == key; });
  if (found != subscriptions_.end()) {
    condemned_.push_back(std::move(found->second));
    subscriptions_.erase(found);
    signals_.wake();
  }
}

void live_connection::flush() {
  const std::lock_guard guard{socket_mutex_};
  if (natsConnection_Buffered(handle_.get()) <= 0) {
    return; // Nothing to send is an error to nats.c.
  }
  natsConnection_ProcessWriteEvent(handle_.get());
  if (natsConnection_Buffered(handle_.get()) > 0) {
    signals_.wake();
  }
}

// -- the connection's thread -------------------------------------------------------------------

void live_connection::read() {
  const std::lock_guard guard{socket_mutex_};
  natsConnection_ProcessReadEvent(handle_.get());
}

void live_connection::collect(std::vector<event>& out) {
  std::vector<subscription_handle> over;
  {
    const std::lock_guard guard{subscriptions_mutex_};
    for (const auto& [key, subscription] : subscriptions_) {
      drain(key, subscription.get(), out);
    }
    over.swap(condemned_);
  }
  look_at_errors(out);
}

void live_connection::drain(subscription_key key, natsSubscription* from, std::vector<event>& out) {
  std::uint64_t waiting = 0;
  if (natsSubscription_QueuedMsgs(from, &waiting) != NATS_OK) {
    return;
  }
  for (; waiting > 0; --waiting) {
    natsMsg* raw = nullptr;
    const auto status = natsSubscription_NextMsg(&raw, from, 0);
    if (status == NATS_OK) {
      out.emplace_back(message_received{key, copy(raw)});
      received_.add(message_handle{raw});
    } else if (status == NATS_NO_RESPONDERS) {
      // The library keeps this message to itself: only the subscription tells whose answer it is.
      jetstream::incoming nobody;
      nobody.status = status_no_responders;
      out.emplace_back(message_received{key, std::move(nobody)});
    } else {
      return;
    }
  }
}

void live_connection::look_at_errors(std::vector<event>& out) {
  // Only this thread parses what the server sends, so the text stands still while we read it. It is
  // looked at after every read, because a refusal has to be known before the messages behind it.
  // It is the last one; the library reports every one of them, in order, a moment later. One in the
  // same words as the last is not waited for: a subscriber refused twice may hear that it has
  // subscribed. Whoever builds on a subscription looks at the stream in the end.
  const char* text = nullptr;
  const auto status = natsConnection_GetLastError(handle_.get(), &text);
  if (status == NATS_CONNECTION_AUTH_FAILED) {
    authentication_over_ = true;
  }
  bool reported = true;
  if (status == NATS_NOT_PERMITTED && text != nullptr && last_error_ != text) {
    last_error_ = text;
    reported = signals_.refused.wait_for(last_error_, limits::refusal_report_max);
  }
  auto texts = signals_.refused.take();
  if (!reported) {
    texts.push_back(last_error_);
  }
  std::vector<event> found;
  for (const auto& one : texts) {
    if (auto refusal = parse_refusal(one)) {
      found.emplace_back(subject_refused{std::move(*refusal)});
    }
  }
  // Before the messages of the same read: whoever waits for one of them knows already.
  out.insert(out.begin(), std::make_move_iterator(found.begin()),
             std::make_move_iterator(found.end()));
}

bool live_connection::closed() const { return natsConnection_IsClosed(handle_.get()); }

bool live_connection::wants_to_write() const { return natsConnection_Buffered(handle_.get()) > 0; }

std::string live_connection::server() const {
  std::array<char, 512> url{};
  natsConnection_GetConnectedUrl(handle_.get(), url.data(), url.size());
  return jetstream::redact_urls(url.data());
}

std::size_t live_connection::max_payload() const {
  return static_cast<std::size_t>(natsConnection_GetMaxPayload(handle_.get()));
}

std::vector<std::string> live_connection::discovered() const {
  char** servers = nullptr;
  int count = 0;
  std::vector<std::string> addresses;
  if (natsConnection_GetDiscoveredServers(handle_.get(), &servers, &count) == NATS_OK) {
    for (int i = 0; i < count; ++i) {
      addresses.emplace_back(servers[i]);
      std::free(servers[i]);
    }
    std::free(static_cast<void*>(servers));
  }
  return addresses;
}

error live_connection::reason(const endpoint& where) const {
  const char* text = nullptr;
  const auto status = natsConnection_GetLastError(handle_.get(), &text);
  return lost_error(authentication_over_ ? NATS_CONNECTION_AUTH_FAILED : status, where,
                    text == nullptr ? "" : text, civil_now());
}

} // namespace nats_mcp::transport
