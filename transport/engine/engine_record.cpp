// SPDX-License-Identifier: MIT
#include "transport/engine/engine_record.hpp"

#include "protocol/json/value.hpp"

#include <array>
#include <cerrno>
#include <sys/random.h>

namespace nats_mcp::transport {

namespace {

constexpr std::size_t record_bytes_max = 4096;

/// A whole number member above zero and at most `largest`.
std::optional<std::uint64_t> number_member(const json::value& object, const char* name,
                                           std::uint64_t largest) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) {
    return std::nullopt;
  }
  const auto number = found->get<std::uint64_t>();
  return number == 0 || number > largest ? std::nullopt : std::optional{number};
}

std::optional<process_identity> process_member(const json::value& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_object()) {
    return std::nullopt;
  }
  const auto pid = number_member(*found, "pid", INT32_MAX);
  const auto start = number_member(*found, "startTicks", UINT64_MAX);
  if (!pid || !start) {
    return std::nullopt;
  }
  return process_identity{static_cast<pid_t>(*pid), *start};
}

json::value to_json(const process_identity& process) {
  return json::value{{"pid", process.pid}, {"startTicks", process.start_ticks}};
}

/// A text in nats-server's configuration language, where backslash and quote are special.
std::string quoted_setting(std::string_view text) {
  std::string out{"\""};
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      out += '\\';
    }
    out += character;
  }
  return out + '"';
}

} // namespace

std::string write_record(const engine_record& record) {
  const json::value document{{"port", record.port},
                             {"token", record.token},
                             {"server", to_json(record.server)},
                             {"parent", to_json(record.parent)}};
  return document.dump(-1, ' ', true, json::value::error_handler_t::replace) + "\n";
}

std::optional<engine_record> parse_record(std::string_view text) {
  const auto document = json::value::parse(text, nullptr, false);
  if (!document.is_object()) {
    return std::nullopt;
  }
  const auto port = number_member(document, "port", UINT16_MAX);
  const auto token = document.find("token");
  const auto server = process_member(document, "server");
  const auto parent = process_member(document, "parent");
  if (!port || token == document.end() || !token->is_string() || !server || !parent) {
    return std::nullopt;
  }
  return engine_record{static_cast<std::uint16_t>(*port), token->get_ref<const std::string&>(),
                       *server, *parent};
}

std::optional<engine_record> load_record(const engine_files& files) {
  const auto text = read_small_file(files.record(), record_bytes_max);
  return text ? parse_record(*text) : std::nullopt;
}

result<std::string> make_token() {
  std::array<unsigned char, 32> bits{};
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bits.size())) {
    return tl::make_unexpected(system_failure("Cannot make a random token", errno));
  }
  constexpr std::string_view digits{"0123456789abcdef"};
  std::string token;
  for (const auto byte : bits) {
    token += digits[byte >> 4U];
    token += digits[byte & 15U];
  }
  return token;
}

std::string server_configuration(const engine_files& files, std::string_view token) {
  return "# Written by `nats-mcp-server local run` at every start; changes are lost.\n"
         "server_name: \"nats-mcp-local\"\n"
         "listen: \"127.0.0.1:-1\"\n"
         "jetstream { store_dir: "
         + quoted_setting(files.store().string())
         + " }\n"
           "authorization { token: "
         + quoted_setting(token) + " }\n";
}

} // namespace nats_mcp::transport
