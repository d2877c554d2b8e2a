// SPDX-License-Identifier: MIT
// A connection that changes nothing of the one below it: products that are broken on purpose change
// one thing of it.
#pragma once

#include "tests/simulation/world/server_tree.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nats_mcp::simulation {

using link_ptr = std::shared_ptr<transport::server_link>;

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

/// The filter that puts a `Link` before the connection.
template <class Link>
[[nodiscard]] link_filter through() {
  return [](link_ptr inner, const std::shared_ptr<network>&) -> link_ptr {
    return std::make_shared<Link>(std::move(inner));
  };
}

} // namespace nats_mcp::simulation
