// SPDX-License-Identifier: MIT
#include "transport/nats/identity_files.hpp"

#include "protocol/text.hpp"

#include "transport/process/descriptor.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nats_mcp::transport {

namespace {

/// A chain of certificates has some thousand bytes; bundles of all authorities a few hundred
/// thousand.
constexpr std::size_t file_bytes_max = 1024 * 1024;

constexpr std::string_view new_credentials =
  "`nsc generate creds` makes such a file. It is read again with every attempt to connect.";
constexpr std::string_view new_seed =
  "`nk -gen user` makes one. The file is read again with every attempt to connect.";

/// Wipes a text with secrets in it when it is not needed any more.
struct wiped {
  std::string text;

  explicit wiped(std::string content)
    : text{std::move(content)} {
    // nop
  }
  wiped(const wiped&) = delete;
  wiped& operator=(const wiped&) = delete;
  ~wiped() { OPENSSL_cleanse(text.data(), text.size()); }
};

/// The first line that begins with `mark`, without the spaces around it; empty if there is none.
std::string_view line_with(std::string_view text, std::string_view mark) {
  constexpr std::string_view blank = " \t\r";
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
    line = line.substr(0, line.find_last_not_of(blank) + 1);
    if (line.starts_with(mark)) {
      return line;
    }
  }
  return {};
}

/// Every JWT begins with an object, which is `eyJ` in base64.
std::string_view jwt_in(std::string_view text) { return line_with(text, "eyJ"); }
std::string_view user_seed_in(std::string_view text) { return line_with(text, "SU"); }

/// What to do about a file that is not what its setting says.
tl::unexpected<error> not_what_it_says(const named_file& file, std::string_view reason,
                                       std::string_view remedy) {
  return unusable(ec::authentication_failed, file, reason, remedy);
}

std::string reading_failure(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return "it does not exist";
    case EACCES:
    case EPERM:
      return "this process may not read it";
    case EISDIR:
      return "it is a folder";
    default:
      return std::strerror(number);
  }
}

} // namespace

std::string named_file::spoken() const {
  std::error_code unknown;
  const auto absolute = std::filesystem::absolute(path, unknown);
  return std::string{kind} + " \"" + one_line(unknown ? path : absolute.string()) + "\" of "
         + std::string{setting};
}

named_file credentials_file(const std::string& path) {
  return {"credentials file", "NATS_CREDS", path};
}

named_file nkey_seed_file(const std::string& path) {
  return {"NKey seed file", "NATS_NKEY_SEED_FILE", path};
}

tl::unexpected<error> unusable(ec code, const named_file& file, std::string_view reason,
                               std::string_view remedy) {
  return fail(code, "The " + file.spoken() + " cannot be used: " + std::string{reason} + ". "
                      + std::string{remedy});
}

result<std::string> read_named_file(const named_file& file, ec code) {
  const auto unreadable = [&](int number) {
    return unusable(
      code, file, reading_failure(number),
      "Correct the path, or the file; it is read again with every attempt to connect.");
  };
  const descriptor opened{::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!opened) {
    return unreadable(errno);
  }
  std::string text;
  std::array<char, 8192> block{};
  for (;;) {
    const auto count = ::read(opened.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return unreadable(errno);
    }
    if (count == 0) {
      break;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > file_bytes_max) {
      return unreadable(EFBIG);
    }
  }
  OPENSSL_cleanse(block.data(), block.size());
  return text;
}

result<user_credentials> read_credentials_file(const std::string& path) {
  const auto file = credentials_file(path);
  auto read = read_named_file(file, ec::authentication_failed);
  if (!read) {
    return tl::make_unexpected(std::move(read.error()));
  }
  const wiped content{std::move(*read)};
  const auto token = jwt_in(content.text);
  const auto seed = user_seed_in(content.text);
  if (token.empty()) {
    return seed.empty()
             ? not_what_it_says(file, "it holds neither a JWT nor a seed", new_credentials)
             : not_what_it_says(file, "it holds the seed of an NKey, and no JWT",
                                "If the server knows the NKey itself, name the file in"
                                " NATS_NKEY_SEED_FILE instead.");
  }
  const auto jwt = read_user_jwt(token);
  if (!jwt) {
    return not_what_it_says(file, "the JWT in it is damaged", new_credentials);
  }
  if (seed.empty()) {
    return not_what_it_says(
      file, "it holds a JWT, and no seed of a user (a line that begins with SU)", new_credentials);
  }
  auto key = user_nkey::from_seed(seed);
  if (!key) {
    return not_what_it_says(file, key.error().message, new_credentials);
  }
  if (!jwt->type.empty() && jwt->type != "user") {
    return not_what_it_says(
      file, "the JWT in it is not one of a user, but of the type \"" + one_line(jwt->type) + "\"",
      new_credentials);
  }
  if (jwt->subject != key->public_key()) {
    return not_what_it_says(file, "the JWT in it is not for the seed in it", new_credentials);
  }
  return user_credentials{std::string{token}, *jwt, std::move(*key)};
}

result<user_nkey> read_nkey_seed_file(const std::string& path) {
  const auto file = nkey_seed_file(path);
  auto read = read_named_file(file, ec::authentication_failed);
  if (!read) {
    return tl::make_unexpected(std::move(read.error()));
  }
  const wiped content{std::move(*read)};
  const auto seed = user_seed_in(content.text);
  if (seed.empty()) {
    return not_what_it_says(file, "it holds no seed of a user (a line that begins with SU)",
                            new_seed);
  }
  auto key = user_nkey::from_seed(seed);
  if (!key) {
    return not_what_it_says(file, key.error().message, new_seed);
  }
  if (!jwt_in(content.text).empty()) {
    return not_what_it_says(file, "it holds a JWT, so it is a credentials file",
                            "Name it in NATS_CREDS instead.");
  }
  return key;
}

} // namespace nats_mcp::transport
