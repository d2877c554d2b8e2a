// SPDX-License-Identifier: MIT
#include "tests/integration/known_subjects.hpp"

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

namespace nats_mcp::testing {

namespace {

struct known_form {
  std::string family;
  std::regex form;
};

std::vector<known_form> forms_of(const std::string& channel_namespace) {
  const std::string guid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  const std::string item = "(" + guid + "|seq-[1-9][0-9]*)";
  const std::string scope = "[a-z0-9]{1,64}";
  const std::string token = "(AGENT-" + guid + "|([a-z0-9_-]|=[0-9A-F]{2}){1,64})";
  const std::string hash = "[0-9a-f]{64}";
  const std::string priority = "(10|[1-9])";
  const std::string channel = channel_namespace + R"(\.[a-z0-9-]{1,64})";
  const std::string stream = "(" + channel_namespace
                             + "_[A-Z0-9_]+|AGENT_INBOX|WORK|DEAD_LETTER|COORD|KV_(agents|presence|"
                               "agent_sessions|work_items|"
                               "work_tasks|coordinator))";
  const std::string agent_key =
    R"((private|project\.[0-9a-f]{16}|user\.[0-9a-f]{16}|public\.all)\.)";
  const std::string key = "(" + agent_key + guid + "|" + guid + R"(|key\.)" + hash + "|" + item
                          + "|" + hash + R"(\.)" + item + "|leader|no-item)";
  const std::string bucket =
    R"(\$KV\.(agents|presence|agent_sessions|work_items|work_tasks|coordinator)\.)";
  // What a reader may ask for: something that is stored, or a pattern the product makes itself.
  const std::string pattern = "(" + channel + R"(|inbox\.)" + guid + R"(\.(\*|)" + guid
                              + R"()|work\.)" + scope + R"(\.)" + token + R"(\.(\*|)" + priority
                              + R"()|dead\.)" + scope + R"(\.(\*|)" + token + R"()\.(\*|)" + item
                              + ")|" + bucket + "(" + key + "|" + agent_key + R"((>|)" + guid + ")|"
                              + hash + R"(\.\*|\*|>)))";
  const std::string consumer = "([A-Za-z0-9_=@-]+)";
  std::vector<std::pair<std::string, std::string>> texts{
    {"channel", channel},
    {"inbox", R"(inbox\.)" + guid + R"(\.)" + guid},
    {"work", R"(work\.)" + scope + R"(\.)" + token + R"(\.)" + priority},
    {"dead letter", R"(dead\.)" + scope + R"(\.)" + token + R"(\.)" + item},
    {"request to a coordinator", R"(coord\.submit\.)" + scope},
    {"key", bucket + key},
    {"request to JetStream",
     R"(\$JS\.API\.(INFO|STREAM\.(INFO|CREATE|UPDATE|MSG\.GET|MSG\.DELETE)\.)" + stream
       + R"(|CONSUMER\.LIST\.)" + stream + R"(|CONSUMER\.(INFO|DELETE|MSG\.NEXT)\.)" + stream
       + R"(\.)" + consumer + R"(|CONSUMER\.CREATE\.)" + stream + R"(\.)" + consumer + R"(\.)"
       + pattern + R"(|DIRECT\.GET\.)" + stream + R"(\.)" + pattern + ")"},
    {"acknowledgement", R"(\$JS\.(ACK|FC)\.[A-Za-z0-9_.=@-]+)"},
    {"reply", R"(_INBOX\.[A-Za-z0-9_.-]+)"},
    {"the server's own news", R"(\$JS\.EVENT\.ADVISORY\.[A-Za-z0-9_.=@-]+)"},
    {"question to the server", R"(\$SYS\.REQ\.USER\.INFO)"},
  };
  std::vector<known_form> out;
  std::transform(texts.begin(), texts.end(), std::back_inserter(out), [](const auto& text) {
    return known_form{text.first, std::regex{text.second}};
  });
  return out;
}

} // namespace

std::string family_of(std::string_view subject, std::string_view channel_namespace) {
  static const auto forms = forms_of(std::string{channel_namespace});
  const std::string text{subject};
  // NATS takes no more; the matcher would need too much stack for it.
  if (text.size() > 1024) {
    return {};
  }
  const auto found = std::find_if(forms.begin(), forms.end(), [&text](const known_form& each) {
    return std::regex_match(text, each.form);
  });
  return found == forms.end() ? std::string{} : found->family;
}

} // namespace nats_mcp::testing
