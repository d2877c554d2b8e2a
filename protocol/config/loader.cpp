// SPDX-License-Identifier: MIT
#include "protocol/config/loader.hpp"

#include "protocol/config/configuration_fields.hpp"
#include "protocol/config/layer.hpp"
#include "protocol/config/server_list.hpp"
#include "protocol/hash.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace nats_mcp::config {

namespace {

using json::field_description;
using json::secrecy;

constexpr std::string_view project_file_name = ".mcp-config.json";
constexpr int parents_searched = 5;
/// A file of the largest size has room for a hundred thousand mistakes; whoever corrects these sees
/// the next ones.
constexpr std::size_t problems_told_max = 40;

const std::vector<field_description>& all_fields() {
  return json::described<configuration>::fields().descriptions();
}

std::string variable(const sources& given, std::string_view name) {
  const auto found = given.environment.find(std::string{name});
  return found == given.environment.end() ? std::string{} : found->second;
}

class loading {
public:
  explicit loading(const sources& given)
    : given_{given} {}

  loaded_configuration run() {
    const auto start = start_directory();
    out_.value.project_directory = start.string();
    auto project = project_layer(start);
    auto user = given_.home_directory.empty() ? std::nullopt : user_layer();
    auto environment = environment_layer(given_.environment, all_fields(), out_.problems);
    // The one that comes first is laid on last.
    if (user) {
      lay(*user);
    }
    if (project) {
      lay(*project);
    }
    lay(environment);
    if (out_.value.channels.empty()) {
      out_.value.channels = default_channels();
    }
    check_channels();
    check_authentication();
    check_tls();
    derive_names();
    leave_problems_out();
    return std::move(out_);
  }

private:
  std::filesystem::path start_directory() const {
    const std::filesystem::path working{given_.working_directory};
    const auto override_path = variable(given_, project_path_variable);
    auto out = (override_path.empty() ? working : working / override_path).lexically_normal();
    return out.has_filename() || !out.has_parent_path() ? out : out.parent_path();
  }

  std::optional<layer> file_layer(const std::string& path) {
    auto text = given_.read_file(path);
    if (!text) {
      out_.problems.push_back({path, 0, {}, {}, text.error().message, {}});
      return std::nullopt;
    }
    if (!*text) {
      return std::nullopt;
    }
    out_.files.push_back(path);
    return read_layer(path, **text, out_.problems);
  }

  std::optional<layer> project_layer(std::filesystem::path directory) {
    for (int level = 0; level <= parents_searched; ++level) {
      const auto problems_before = out_.problems.size();
      auto found = file_layer((directory / project_file_name).string());
      if (found || out_.problems.size() > problems_before) {
        out_.value.project_directory = directory.string();
        return found;
      }
      if (directory == directory.parent_path()) {
        break;
      }
      directory = directory.parent_path();
    }
    return std::nullopt;
  }

  std::optional<layer> user_layer() {
    const std::filesystem::path home{given_.home_directory};
    return file_layer((home / ".nats-mcp" / "config.json").string());
  }

  void lay(layer& from) {
    spell_choices(from, all_fields());
    std::vector<json::problem> found;
    json::described<configuration>::fields().decode(from.document, {}, found, out_.value);
    for (const auto& one : found) {
      out_.problems.push_back(located(one, from));
    }
    note_origins(from, all_fields(), found, out_.origins);
  }

  /// A problem of several values together, where the one of `key` stands.
  void report(const std::string& key, std::string reason, std::string suggestion) {
    const auto found = out_.origins.find(key);
    const auto where = found == out_.origins.end() ? origin{"configuration", 0} : found->second;
    out_.problems.push_back(
      {where.source, where.line, key, {}, std::move(reason), std::move(suggestion)});
  }

  void check_channels() {
    std::set<std::string> names;
    for (const auto& channel : out_.value.channels) {
      if (!names.insert(channel.name).second) {
        report("channels", "the channel \"" + channel.name + "\" stands in the list twice",
               "remove one of the two");
      }
    }
  }

  void check_authentication() {
    const auto& nats = out_.value.nats;
    std::vector<std::string> ways;
    const auto note = [&ways](const std::string& setting, const char* key) {
      if (!setting.empty()) {
        ways.emplace_back(key);
      }
    };
    note(nats.credentials_file, "natsCreds");
    note(nats.nkey_seed_file, "natsNkeySeedFile");
    note(nats.token, "natsToken");
    note(nats.user, "natsUser");
    if (ways.size() > 1) {
      report(ways[1], "cannot be used together with " + ways[0], "keep one way to authenticate");
    }
    if (nats.user.empty() && !nats.password.empty()) {
      report("natsPassword", "has no user name", "set natsUser (NATS_USER) too");
    }
    // Another problem may be why there is no address.
    if (nats.url.empty() && !ways.empty() && out_.problems.empty()) {
      report(ways.front(), "is for no server, since natsUrl names none",
             "set natsUrl (NATS_URL) to the server it is meant for");
    }
  }

  void check_tls() {
    const auto& nats = out_.value.nats;
    if (nats.tls_cert.empty() != nats.tls_key.empty()) {
      const bool has_cert = !nats.tls_cert.empty();
      report(has_cert ? "natsTlsCert" : "natsTlsKey",
             std::string{"needs "} + (has_cert ? "natsTlsKey" : "natsTlsCert") + " beside it",
             "a certificate and its key belong together");
    }
  }

  void leave_problems_out() {
    auto& problems = out_.problems;
    if (problems.size() <= problems_told_max) {
      return;
    }
    const auto left_out = problems.size() - problems_told_max;
    problems.resize(problems_told_max);
    problems.push_back(
      {"configuration", 0, {}, {}, "has " + counted(left_out, "more problem"), {}});
  }

  void derive_names() {
    auto& value = out_.value;
    value.namespace_configured = !value.channel_namespace.empty();
    const auto id =
      short_hash(value.namespace_configured ? value.channel_namespace
                                            : given_.real_path(value.project_directory));
    const auto name = short_hash(value.project_directory);
    if (!id || !name) {
      report("namespace", (id ? name : id).error().message, {});
      return;
    }
    value.project_id = *id;
    if (!value.namespace_configured) {
      value.channel_namespace = *name;
    }
  }

  const sources& given_;
  loaded_configuration out_;
};

std::string shown_value(const json::value& current, const field_description& field) {
  switch (field.rules.secret) {
    case secrecy::secret:
      return "(set, not shown)";
    case secrecy::address:
      return json::write(json::value(without_credentials(current.get<std::string>())));
    case secrecy::plain:
      break;
  }
  return json::write(current);
}

std::string shown_origin(const std::map<std::string, origin>& origins, const std::string& key) {
  const auto found = origins.find(key);
  if (found == origins.end()) {
    return "default";
  }
  const auto& [source, line] = found->second;
  return line > 0 ? source + ":" + std::to_string(line) : source;
}

void add_settings(const std::vector<field_description>& fields, const json::value& current,
                  const std::string& prefix, const loaded_configuration& loaded,
                  std::vector<setting>& out) {
  for (const auto& field : fields) {
    const auto key = prefix + std::string{field.rules.name};
    const auto* value = json::find(current, field.rules.name);
    if (field.type == json::field_type::object && value != nullptr) {
      add_settings(*field.members, *value, key + ".", loaded, out);
    } else if (value != nullptr) {
      out.push_back({key, shown_value(*value, field), shown_origin(loaded.origins, key)});
    }
  }
}

} // namespace

loaded_configuration load(const sources& given) { return loading{given}.run(); }

std::vector<setting> settings_of(const loaded_configuration& loaded) {
  std::vector<setting> out;
  add_settings(all_fields(), json::described<configuration>::fields().encode(loaded.value), {},
               loaded, out);
  return out;
}

} // namespace nats_mcp::config
