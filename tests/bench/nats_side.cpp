// SPDX-License-Identifier: MIT
#include "tests/bench/nats_side.hpp"

#include "tests/bench/agent.hpp"
#include "tests/bench/child.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <stdlib.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nats_mcp::bench {

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto server_start_max = 10s;
constexpr std::int64_t acknowledgement_max_ms = 10'000;
constexpr auto lane_consumer = "lane";

void check(natsStatus status, const char* what) {
  if (status != NATS_OK) {
    throw std::runtime_error(std::string(what) + ": " + natsStatus_GetText(status));
  }
}

/// `nats://127.0.0.1:4711` out of the ports file, or nothing while it is not complete.
std::string url_in(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto begin = text.find("nats://");
    const auto end = text.find('"', begin);
    if (begin != std::string::npos && end != std::string::npos) {
      return text.substr(begin, end - begin);
    }
  }
  return {};
}

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

} // namespace

scratch_directory::scratch_directory()
  : path_((fs::temp_directory_path() / "nats-mcp-bench-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw std::runtime_error("cannot make the directory " + path_);
  }
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

nats_server::nats_server(const std::string& directory) {
  const auto ports = fs::path(directory) / "ports";
  fs::create_directories(ports);
  std::array<std::string, 11> arguments{
    "nats-server", "-a",  "127.0.0.1",          "-p", "-1", "--ports_file_dir", ports.string(),
    "-js",         "-sd", directory + "/store", "-l"};
  auto log = directory + "/nats.log";
  std::vector<char*> pointers;
  for (auto& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.insert(pointers.end(), {log.data(), nullptr});
  if (::posix_spawnp(&pid_, "nats-server", nullptr, nullptr, pointers.data(), environ) != 0) {
    throw std::runtime_error(
      "cannot start nats-server: deploy/install-dependencies.sh installs it");
  }
  const auto deadline = steady_clock::now() + server_start_max;
  while ((url_ = url_in(ports)).empty()) {
    if (steady_clock::now() > deadline) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      throw std::runtime_error("nats-server did not start, see " + log);
    }
    std::this_thread::sleep_for(5ms);
  }
}

std::chrono::milliseconds nats_server::processor_time() const { return processor_time_of(pid_); }

nats_server::~nats_server() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

raw_nats::raw_nats(const std::string& url, write_mode mode)
  : id_prefix_(std::to_string(::getpid()) + "-"
               + std::to_string(steady_clock::now().time_since_epoch().count()) + "-") {
  natsOptions* created = nullptr;
  check(natsOptions_Create(&created), "options");
  const std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)> options(created,
                                                                             natsOptions_Destroy);
  check(natsOptions_SetURL(options.get(), url.c_str()), "url");
  check(natsOptions_SetSendAsap(options.get(), mode == write_mode::at_once), "write mode");
  check(natsConnection_Connect(&connection_, options.get()), "connect");
  check(natsConnection_JetStream(&jetstream_, connection_, nullptr), "jetstream");
}

raw_nats::~raw_nats() {
  jsCtx_Destroy(jetstream_);
  natsConnection_Destroy(connection_);
}

void raw_nats::add_stream(const std::string& name, const std::string& subject) {
  jsStreamConfig config;
  check(jsStreamConfig_Init(&config), "stream configuration");
  const char* subjects = subject.c_str();
  config.Name = name.c_str();
  config.Subjects = &subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Duplicates = std::chrono::nanoseconds(2min).count();
  check(js_AddStream(nullptr, jetstream_, &config, nullptr, nullptr), "add stream");
}

void raw_nats::publish(const std::string& subject, const std::string& payload) {
  // With a message id, as the product must: a repeat may not store it twice.
  const auto id = id_prefix_ + std::to_string(next_id_++);
  jsPubOptions options;
  check(jsPubOptions_Init(&options), "publish options");
  options.MsgId = id.c_str();
  check(js_Publish(nullptr, jetstream_, subject.c_str(), payload.data(),
                   static_cast<int>(payload.size()), &options, nullptr),
        "publish");
}

void raw_nats::publish_each(std::size_t count, std::size_t window,
                            const std::function<raw_message(std::size_t)>& message, bool with_ids) {
  jsOptions options;
  check(jsOptions_Init(&options), "options");
  options.PublishAsync.MaxPending = static_cast<std::int64_t>(window);
  jsCtx* own = nullptr;
  check(natsConnection_JetStream(&own, connection_, &options), "jetstream");
  const std::unique_ptr<jsCtx, decltype(&jsCtx_Destroy)> context(own, jsCtx_Destroy);
  jsPubOptions wait;
  check(jsPubOptions_Init(&wait), "publish options");
  wait.MaxWait = acknowledgement_max_ms;
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = message(i);
    const auto id = id_prefix_ + std::to_string(next_id_++);
    jsPubOptions publish;
    check(jsPubOptions_Init(&publish), "publish options");
    publish.MsgId = with_ids ? id.c_str() : nullptr;
    publish.MaxWait = acknowledgement_max_ms;
    check(js_PublishAsync(own, one.subject.c_str(), one.payload.data(),
                          static_cast<int>(one.payload.size()), &publish),
          "publish");
  }
  check(js_PublishAsyncComplete(own, &wait), "acknowledgements");
}

double raw_nats::publish_pipelined(const std::string& subject, const std::string& payload,
                                   std::size_t count, std::size_t window) {
  const raw_message message{subject, payload};
  const auto start = steady_clock::now();
  publish_each(
    count, window, [&](std::size_t) { return message; }, true);
  return static_cast<double>(count) / seconds_since(start);
}

void raw_nats::fill(std::size_t count, const std::function<raw_message(std::size_t)>& message) {
  constexpr std::size_t window = 1000;
  publish_each(count, window, message, false);
}

raw_nats::extent raw_nats::extent_of(const std::string& stream) {
  jsStreamInfo* info = nullptr;
  check(js_GetStreamInfo(&info, jetstream_, stream.c_str(), nullptr, nullptr), "stream info");
  const extent out{info->State.Msgs, info->State.LastSeq};
  jsStreamInfo_Destroy(info);
  return out;
}

double raw_nats::fetch_newest(const std::string& stream, const std::string& subject,
                              std::size_t count) {
  const auto last = extent_of(stream).last_sequence;
  const auto start = steady_clock::now();
  jsSubOptions options;
  check(jsSubOptions_Init(&options), "subscription options");
  options.Stream = stream.c_str();
  options.Config.DeliverPolicy = js_DeliverByStartSequence;
  options.Config.OptStartSeq = last - count + 1;
  options.Config.AckPolicy = js_AckNone;
  natsSubscription* subscription = nullptr;
  check(js_PullSubscribe(&subscription, jetstream_, subject.c_str(), nullptr, nullptr, &options,
                         nullptr),
        "consumer");
  natsMsgList list{};
  jsErrCode code{};
  check(natsSubscription_Fetch(&list, subscription, static_cast<int>(count), acknowledgement_max_ms,
                               &code),
        "fetch");
  const auto seconds = seconds_since(start);
  const auto fetched = static_cast<std::size_t>(list.Count);
  natsMsgList_Destroy(&list);
  natsSubscription_Unsubscribe(subscription);
  natsConnection_Flush(connection_); // 3.4.1 uses a destroyed subscription under traffic otherwise
  natsSubscription_Destroy(subscription);
  if (fetched != count) {
    throw std::runtime_error("fetched " + std::to_string(fetched) + " of " + std::to_string(count));
  }
  return seconds;
}

std::vector<double> raw_nats::hand_over(raw_nats& sender, const std::string& name,
                                        const std::string& subject, std::size_t count) {
  add_stream(name, subject);
  natsSubscription* subscription = nullptr;
  check(js_PullSubscribe(&subscription, jetstream_, subject.c_str(), "reader", nullptr, nullptr,
                         nullptr),
        "consumer");
  std::vector<double> took;
  std::atomic<std::size_t> waiting{0};
  std::atomic<std::size_t> read{0};
  steady_clock::time_point sent;
  std::thread reader([&] {
    for (std::size_t i = 0; i < count; ++i) {
      natsMsgList list{};
      jsErrCode code{};
      ++waiting;
      check(natsSubscription_Fetch(&list, subscription, 1, acknowledgement_max_ms, &code), "fetch");
      took.push_back(seconds_since(sent));
      check(natsMsg_AckSync(list.Msgs[0], nullptr, &code), "acknowledge");
      natsMsgList_Destroy(&list);
      ++read;
    }
  });
  for (std::size_t i = 0; i < count; ++i) {
    while (read < i || waiting <= i) {
      std::this_thread::yield();
    }
    std::this_thread::sleep_for(1ms); // the pull is on its way
    sent = steady_clock::now();
    sender.publish(subject, message_payload());
  }
  reader.join();
  natsSubscription_Destroy(subscription);
  return took;
}

void raw_nats::add_lane(const std::string& stream, const std::string& subject) {
  jsStreamConfig config;
  check(jsStreamConfig_Init(&config), "stream configuration");
  const char* subjects = subject.c_str();
  config.Name = stream.c_str();
  config.Subjects = &subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Retention = js_WorkQueuePolicy;
  check(js_AddStream(nullptr, jetstream_, &config, nullptr, nullptr), "add stream");
  jsConsumerConfig consumer;
  check(jsConsumerConfig_Init(&consumer), "consumer configuration");
  consumer.Durable = lane_consumer;
  consumer.AckPolicy = js_AckExplicit;
  consumer.FilterSubject = subject.c_str();
  consumer.MaxAckPending = -1;
  check(js_AddConsumer(nullptr, jetstream_, stream.c_str(), &consumer, nullptr, nullptr),
        "add consumer");
}

void raw_nats::work_off(const std::string& stream, std::size_t count) {
  jsSubOptions options;
  check(jsSubOptions_Init(&options), "subscription options");
  options.Stream = stream.c_str();
  options.Consumer = lane_consumer;
  natsSubscription* subscription = nullptr;
  check(js_PullSubscribe(&subscription, jetstream_, nullptr, nullptr, nullptr, &options, nullptr),
        "subscribe");
  for (std::size_t i = 0; i < count; ++i) {
    natsMsgList list{};
    jsErrCode code{};
    check(natsSubscription_Fetch(&list, subscription, 1, acknowledgement_max_ms, &code), "fetch");
    check(natsMsg_AckSync(list.Msgs[0], nullptr, &code), "acknowledge");
    natsMsgList_Destroy(&list);
  }
  natsSubscription_Unsubscribe(subscription);
  natsConnection_Flush(connection_); // 3.4.1 uses a destroyed subscription under traffic otherwise
  natsSubscription_Destroy(subscription);
}

} // namespace nats_mcp::bench
