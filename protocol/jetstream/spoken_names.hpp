// SPDX-License-Identifier: MIT
// Subjects, streams and API verbs in the user's words, for error sentences: nobody who reads
// `STREAM.INFO.acme_ROADMAP` knows that the channel #roadmap is meant. Made only when something
// went wrong.
#pragma once

#include <string>
#include <string_view>

namespace nats_mcp::jetstream {

/// `#roadmap`, `the inboxes`, `the work queue`, `the agent registry`, `the bucket "things"` or `the
/// stream "ORDERS"`.
[[nodiscard]] std::string spoken_stream(std::string_view stream);

/// The object of a subject: `#roadmap`, `the inbox of <guid>`, `the work queue for "typescript"`,
/// `the record of the work item <id>`, `the key "a" in the agent registry`, `the key "a" in the
/// bucket "things"`, else the subject in quotes.
[[nodiscard]] std::string spoken_subject(std::string_view subject);

/// What a message to `subject` is: `message to #roadmap`, `request to create #roadmap`, else
/// `message for "a.b.c"`.
[[nodiscard]] std::string spoken_message(std::string_view subject);

/// What an API request asks for, such as `request for the state of #roadmap`; an unknown verb in
/// quotes. @param verb what follows `$JS.API.`.
[[nodiscard]] std::string spoken_request(std::string_view verb);

} // namespace nats_mcp::jetstream
