// SPDX-License-Identifier: MIT
#include "tests/simulation/simulate/broken_product.hpp"

#include "protocol/json/value.hpp"
#include "protocol/messaging/channel_names.hpp"

#include <map>
#include <string>
#include <utility>

namespace nats_mcp::simulation {

namespace {

using link_ptr = std::shared_ptr<transport::server_link>;

/// Changes nothing; the broken ones change one thing of it.
class passing_link : public transport::server_link {
public:
  explicit passing_link(link_ptr inner)
    : inner_{std::move(inner)} {
    // nop
  }

  std::uint64_t attach(std::function<void()> wake) override {
    return inner_->attach(std::move(wake));
  }
  void detach(std::uint64_t receiver) override { inner_->detach(receiver); }
  [[nodiscard]] std::vector<transport::event> take_events() override {
    return inner_->take_events();
  }
  void connect() override { inner_->connect(); }
  void keep_trying() override { inner_->keep_trying(); }
  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    return inner_->write(epoch, message);
  }
  void flush() override { inner_->flush(); }
  [[nodiscard]] result<void> subscribe(transport::subscription_key key, const std::string& subject,
                                       const std::string& queue_group) override {
    return inner_->subscribe(key, subject, queue_group);
  }
  void unsubscribe(transport::subscription_key key) override { inner_->unsubscribe(key); }
  void unsubscribe_range(transport::subscription_key first,
                         transport::subscription_key last) override {
    inner_->unsubscribe_range(first, last);
  }
  void close() override { inner_->close(); }
  [[nodiscard]] const std::string& inbox() const noexcept override { return inner_->inbox(); }
  [[nodiscard]] std::optional<transport::connection_made> current() const override {
    return inner_->current();
  }

private:
  link_ptr inner_;
};

/// Acknowledges a message as soon as it is written, with the number it would probably get: what a
/// product does that trusts its send buffer.
class hasty_link final : public passing_link {
public:
  hasty_link(link_ptr inner, std::shared_ptr<network> wires)
    : passing_link{std::move(inner)}
    , wires_{std::move(wires)} {
    // nop
  }

  std::uint64_t attach(std::function<void()> wake) override {
    wake_ = wake;
    return passing_link::attach(std::move(wake));
  }

  [[nodiscard]] result<void> subscribe(transport::subscription_key key, const std::string& subject,
                                       const std::string& queue_group) override {
    keys_[subject] = key;
    return passing_link::subscribe(key, subject, queue_group);
  }

  [[nodiscard]] std::vector<transport::event> take_events() override {
    auto events = passing_link::take_events();
    for (auto& one : std::exchange(early_, {})) {
      events.push_back(std::move(one));
    }
    return events;
  }

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto written = passing_link::write(epoch, message);
    if (written && !jetstream::header(message.headers, "Nats-Msg-Id").empty()) {
      acknowledge(message);
    }
    return written;
  }

private:
  void acknowledge(const jetstream::outgoing& message) {
    const auto channel = messaging::parse_channel_subject(message.subject);
    // The lane's subscription is the reply subject without its last token.
    const auto lane = keys_.find(message.reply.substr(0, message.reply.rfind('.')) + ".*");
    if (!channel || lane == keys_.end()) {
      return;
    }
    const auto name = messaging::channel_stream_name(channel->channel_namespace, channel->channel);
    const auto* stream = wires_->nats().find_stream(name);
    if (stream == nullptr) {
      return;
    }
    jetstream::incoming receipt;
    receipt.subject = message.reply;
    receipt.payload = json::write({{"stream", name}, {"seq", stream->log().last_sequence() + 1}});
    early_.emplace_back(transport::message_received{lane->second, std::move(receipt)});
    wake_();
  }

  std::shared_ptr<network> wires_;
  std::function<void()> wake_;
  std::map<std::string, transport::subscription_key> keys_;
  std::vector<transport::event> early_;
};

/// Gives a message that is repeated another id, so that JetStream cannot know it again.
class renaming_link final : public passing_link {
public:
  using passing_link::passing_link;

  [[nodiscard]] result<void> write(std::uint64_t epoch,
                                   const jetstream::outgoing& message) override {
    auto renamed = message;
    for (auto& [name, value] : renamed.headers) {
      if (name == "Nats-Msg-Id") {
        value += "-" + std::to_string(++writes_);
      }
    }
    return passing_link::write(epoch, renamed);
  }

private:
  std::uint64_t writes_ = 0;
};

const std::map<std::string_view, link_filter>& breakages() {
  static const std::map<std::string_view, link_filter> table{
    {"acknowledge-early",
     [](link_ptr inner, const std::shared_ptr<network>& wires) -> link_ptr {
       return std::make_shared<hasty_link>(std::move(inner), wires);
     }},
    {"rename-repeated",
     [](link_ptr inner, const std::shared_ptr<network>&) -> link_ptr {
       return std::make_shared<renaming_link>(std::move(inner));
     }},
  };
  return table;
}

} // namespace

std::vector<std::string_view> broken_products() {
  std::vector<std::string_view> names;
  for (const auto& [name, unused] : breakages()) {
    names.push_back(name);
  }
  return names;
}

link_filter broken_product(std::string_view name) {
  return name.empty() ? link_filter{} : breakages().at(name);
}

} // namespace nats_mcp::simulation
