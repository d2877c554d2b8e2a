// SPDX-License-Identifier: MIT
#include "protocol/logging/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nats_mcp::logging {

namespace {

constexpr std::string_view stars = "***";
constexpr std::string_view armour_begin = "-----BEGIN";
constexpr std::string_view armour_end = "-----END";
constexpr std::string_view five_dashes = "-----";
/// An NKEY seed is 'S', the letter of its kind and 56 more of the base 32 alphabet.
constexpr std::size_t seed_bytes = 58;
constexpr std::array<std::string_view, 5> secret_names{"token", "password", "passwd", "secret",
                                                       "seed"};

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_base32(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
}

constexpr bool is_name(char c) noexcept {
  const auto l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size()
         && std::equal(prefix.begin(), prefix.end(), text.begin(),
                       [](char p, char t) { return p == lower(t); });
}

/// Reads `text` from left to right; every step takes what it recognises off the front.
class redactor {
public:
  explicit redactor(std::string_view text)
    : rest_{text} {
    out_.reserve(text.size());
  }

  std::string run() {
    while (!rest_.empty()) {
      if (!take_armour() && !take_user_info() && !take_seed() && !take_bearer()
          && !take_named_secret()) {
        keep(1);
      }
    }
    return std::move(out_);
  }

private:
  void keep(std::size_t count) {
    previous_ = rest_[count - 1];
    out_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }

  void hide(std::size_t count) {
    previous_ = stars.back();
    out_ += stars;
    rest_.remove_prefix(count);
  }

  bool take_armour() {
    if (rest_.substr(0, armour_begin.size()) != armour_begin) {
      return false;
    }
    auto end = rest_.find(armour_end, armour_begin.size());
    if (end != std::string_view::npos) {
      end = rest_.find(five_dashes, end + armour_end.size());
    }
    hide(end == std::string_view::npos ? rest_.size() : end + five_dashes.size());
    return true;
  }

  /// `scheme://user:password@host`: up to the last `@` of this URL, so that a password that should
  /// have been escaped is hidden too, at the price of a host or a path now and then.
  bool take_user_info() {
    constexpr std::string_view mark = "://";
    if (rest_.substr(0, mark.size()) != mark) {
      return false;
    }
    keep(mark.size());
    auto url = rest_.substr(0, rest_.find_first_of(" \t\r\n\"'<>"));
    if (const auto another = url.find(mark); another != std::string_view::npos) {
      url = url.substr(0, url.rfind(',', another)); // a list of servers
    }
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
      hide(at);
    }
    return true;
  }

  bool take_seed() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_base32);
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    constexpr std::string_view kinds = "UANOCX";
    if (is_name(previous_) || length < seed_bytes || rest_[0] != 'S'
        || kinds.find(rest_[1]) == std::string_view::npos) {
      return false;
    }
    hide(length);
    return true;
  }

  bool take_bearer() {
    constexpr std::string_view word = "bearer ";
    if (is_name(previous_) || !starts_with_ignoring_case(rest_, word)) {
      return false;
    }
    keep(word.size());
    hide_value();
    return true;
  }

  /// `token=…`, `NATS_PASSWORD: …`, `"authToken": "…"`.
  bool take_named_secret() {
    const auto* name = std::find_if(secret_names.begin(), secret_names.end(), [this](auto each) {
      return starts_with_ignoring_case(rest_, each);
    });
    if (name == secret_names.end()) {
      return false;
    }
    auto at = name->size();
    const auto skip = [&](std::string_view any_of) {
      while (at < rest_.size() && any_of.find(rest_[at]) != std::string_view::npos) {
        ++at;
      }
    };
    skip("\\\"'");
    skip(" ");
    if (at == rest_.size() || (rest_[at] != '=' && rest_[at] != ':')) {
      return false;
    }
    ++at;
    skip(" ");
    keep(at);
    hide_value();
    return true;
  }

  /// A quoted value up to its closing quote, else up to the next space or quote.
  void hide_value() {
    auto quote = rest_.find_first_not_of('\\');
    quote = quote == std::string_view::npos ? 0 : quote;
    if (quote < rest_.size() && (rest_[quote] == '"' || rest_[quote] == '\'')) {
      const auto mark = rest_[quote];
      keep(quote + 1);
      hide(std::min(rest_.size(), closing(mark)));
      return;
    }
    if (const auto end = std::min(rest_.size(), rest_.find_first_of(" \t\r\n\"'")); end > 0) {
      hide(end);
    }
  }

  /// Where the quote that ends the value stands, or the backslash that escapes it one level up.
  [[nodiscard]] std::size_t closing(char mark) const {
    auto at = rest_.find(mark);
    while (at != std::string_view::npos && at > 0 && rest_[at - 1] == '\\') {
      if (previous_ == mark && out_.size() > 1 && out_[out_.size() - 2] == '\\') {
        return at - 1; // the opening quote was escaped too: JSON inside a JSON string
      }
      at = rest_.find(mark, at + 1);
    }
    return at;
  }

  std::string_view rest_;
  std::string out_;
  char previous_ = ' ';
};

} // namespace

std::string redact(std::string_view text) { return redactor{text}.run(); }

} // namespace nats_mcp::logging
