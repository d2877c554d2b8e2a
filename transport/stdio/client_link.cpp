// SPDX-License-Identifier: MIT
#include "transport/stdio/client_link.hpp"

#include <utility>

namespace nats_mcp::transport {

client_link::client_link(options choice)
  : queue_{[&] {
    input_queue::options queue;
    queue.on_input = std::move(choice.on_input);
    queue.on_end = std::move(choice.on_end);
    return queue;
  }()}
  , writer_{[&] {
    line_writer::options writer;
    writer.descriptor_number = choice.output;
    writer.on_drained = std::move(choice.on_drained);
    writer.on_closed = [this] { queue_.end(); };
    return writer;
  }()}
  , reader_{choice.input, queue_, std::move(choice.before_waiting)} {
  // nop
}

client_link::~client_link() = default;

void client_link::start() { reader_.start(); }

void client_link::stop_reading() { reader_.stop(); }

} // namespace nats_mcp::transport
