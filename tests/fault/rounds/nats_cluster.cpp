// SPDX-License-Identifier: MIT
#include "tests/fault/rounds/nats_cluster.hpp"

#include "protocol/json/member.hpp"
#include "protocol/json/value.hpp"

#include "tests/integration/raw_nats.hpp"
#include "tests/support/eventually.hpp"

#include <stdexcept>

namespace nats_mcp::testing {

namespace {

using namespace std::chrono_literals;

/// A cluster that is not ready says nothing at all; then it is asked again.
constexpr auto look_max = 500ms;

std::string node_name(std::size_t number) { return "node-" + std::to_string(number); }

json::value asked(raw_nats& nats, const std::string& verb) {
  return json::parse(nats.request("$JS.API." + verb, "")).value_or(json::value{});
}

std::vector<std::string> texts_in(const json::value& document, const std::string& member) {
  std::vector<std::string> out;
  if (const auto* found = json::find(document, member); found != nullptr && found->is_array()) {
    for (const auto& one : *found) {
      out.push_back(one.get<std::string>());
    }
  }
  return out;
}

/// The replicas of a stream's or consumer's description besides its leader.
std::size_t followers_in(const json::value& info, bool current) {
  const auto* cluster = json::find(info, "cluster");
  const auto* replicas = cluster == nullptr ? nullptr : json::find(*cluster, "replicas");
  if (replicas == nullptr || !replicas->is_array()) {
    return 0;
  }
  std::size_t out = 0;
  for (const auto& one : *replicas) {
    const bool has_all =
      json::true_member(one, "current") && json::unsigned_member(one, "lag").value_or(0) == 0;
    out += !current || has_all ? 1 : 0;
  }
  return out;
}

} // namespace

nats_cluster::nats_cluster(std::size_t nodes) {
  std::vector<std::uint16_t> ports;
  std::string routes;
  for (std::size_t i = 0; i < nodes; ++i) {
    ports.push_back(unused_port());
    routes += "\"nats://127.0.0.1:" + std::to_string(ports.back()) + "\", ";
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    nodes_.push_back(std::make_unique<nats_server>(
      nats_server::options{true,
                           {"server_name: " + node_name(i),
                            "cluster { name: crew, listen: \"127.0.0.1:" + std::to_string(ports[i])
                              + "\", no_advertise: true, routes: [ " + routes + "] }"}}));
  }
}

bool nats_cluster::ready(std::chrono::milliseconds within) {
  return bool{eventually(within, [this] {
    try {
      for (const auto& one : nodes_) {
        raw_nats nats{one->port(), ""};
        nats.be_patient_for(look_max);
        if (json::find(asked(nats, "INFO"), "limits") == nullptr) {
          return false;
        }
      }
      raw_nats nats{nodes_.front()->port(), ""};
      nats.be_patient_for(look_max);
      for (const auto& stream : texts_in(asked(nats, "STREAM.NAMES"), "streams")) {
        if (followers_in(asked(nats, "STREAM.INFO." + stream), true) + 1 < size()) {
          return false;
        }
      }
      return true;
    } catch (const std::runtime_error&) {
      return false; // It does not answer yet.
    }
  })};
}

std::optional<std::size_t> nats_cluster::leader_of(const std::string& stream) {
  for (const auto& one : nodes_) {
    if (!one->running()) {
      continue;
    }
    try {
      raw_nats nats{one->port(), ""};
      nats.be_patient_for(look_max);
      const auto info = asked(nats, "STREAM.INFO." + stream);
      const auto* cluster = json::find(info, "cluster");
      const std::string leader{cluster == nullptr ? "" : json::text_member(*cluster, "leader")};
      for (std::size_t i = 0; i < size(); ++i) {
        if (leader == node_name(i)) {
          return i;
        }
      }
    } catch (const std::runtime_error&) {
      continue; // Another one may know.
    }
  }
  return std::nullopt;
}

std::vector<std::string> nats_cluster::single_copies() {
  std::vector<std::string> out;
  raw_nats nats{nodes_.front()->port(), ""};
  const auto look = [&](const json::value& info, const std::string& what) {
    if (followers_in(info, false) + 1 != size()) {
      out.push_back(what + " is not kept by every node: " + info.dump());
    }
  };
  for (const auto& stream : texts_in(asked(nats, "STREAM.NAMES"), "streams")) {
    look(asked(nats, "STREAM.INFO." + stream), "the stream " + stream);
    for (const auto& consumer : texts_in(asked(nats, "CONSUMER.NAMES." + stream), "consumers")) {
      const auto info = asked(nats, "CONSUMER.INFO." + stream + "." + consumer);
      const auto* config = json::find(info, "config");
      const bool lasts = config != nullptr && !json::text_member(*config, "durable_name").empty();
      if (lasts) {
        look(info, "the consumer " + consumer + " of " + stream);
      }
    }
  }
  return out;
}

} // namespace nats_mcp::testing
