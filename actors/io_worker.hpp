// SPDX-License-Identifier: MIT
// Lets the threads that wait for the client and for NATS run the actors they wake. Handing an actor
// to one of CAF's workers costs a futex and a switch of threads, tens of microseconds on each way:
// more than everything the actors do for one message
// (docs/decisions/0009-io-threads-run-actors.md).
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <caf/response_type.hpp>
#include <caf/resumable.hpp>
#include <caf/typed_actor.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace nats_mcp {

/// One per such thread. The thread calls `run` before it waits and holds no lock then; what it
/// woke since with `send_from_outside`, and whatever that wakes, runs there, up to a bound; the
/// rest goes to CAF's workers. So does everything when much arrived at once: while the workers are
/// busy the thread reads on, and what they answer meanwhile leaves together.
class io_worker final : public caf::execution_unit {
public:
  explicit io_worker(caf::actor_system& system);
  io_worker(const io_worker&) = delete;
  io_worker& operator=(const io_worker&) = delete;
  ~io_worker() override;

  /// Runs what waits. Always called by the same thread, which belongs to this worker from then on.
  /// @param reports how many things arrived since the last call.
  void run(std::size_t reports);

  /// After this returns nothing runs here any more; what is woken goes to CAF's workers. Called by
  /// any thread that is no actor's, before the actor system ends.
  void stop();

  /// CAF's: `job` is to run here.
  void exec_later(caf::resumable* job) override;

  /// The worker the calling thread belongs to; null on every other thread.
  [[nodiscard]] static io_worker* of_this_thread() noexcept;

private:
  void run_one(caf::resumable* job);
  [[nodiscard]] caf::resumable* next_job();
  void hand_over();
  [[nodiscard]] bool stopped() const;

  /// Held while actors run here.
  std::mutex running_;
  mutable std::mutex jobs_mutex_;
  bool stopped_ = false;
  std::deque<caf::resumable*> jobs_;
};

/// Sends to an actor from a thread of the transport layer, without a sender; to nobody: nothing.
/// @threadsafe
template <class Handle, class Message>
void send_from_outside(const Handle& to, Message message) {
  static_assert(
    caf::response_type_unbox<caf::signatures_of_t<Handle>, caf::detail::type_list<Message>>::valid,
    "the receiver takes no such message");
  if (to) {
    caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message)),
      io_worker::of_this_thread());
  }
}

} // namespace nats_mcp
