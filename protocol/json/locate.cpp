// SPDX-License-Identifier: MIT
#include "protocol/json/locate.hpp"

#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace nats_mcp::json {

namespace {

/// All pointers together, in bytes: those in a deep list behind long keys would be a thousand times
/// as long as the text.
constexpr std::size_t pointer_bytes_max = std::size_t{4} * 1024 * 1024;

class scanner {
public:
  explicit scanner(std::string_view text)
    : text_{text} {}

  locations run() {
    found_.lines[""] = 1;
    scan_value({}, 0);
    return std::move(found_);
  }

private:
  void skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
      } else if (text_[at_] != ' ' && text_[at_] != '\t' && text_[at_] != '\r') {
        return;
      }
    }
  }

  bool take(char wanted) {
    skip_blanks();
    const bool there = at_ < text_.size() && text_[at_] == wanted;
    at_ += there ? 1 : 0;
    return there;
  }

  /// The text of a string with its quotes; empty when there is none.
  std::string_view take_string() {
    skip_blanks();
    const auto begin = at_;
    if (at_ >= text_.size() || text_[at_] != '"') {
      return {};
    }
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      at_ += text_[at_] == '\\' ? 1 : 0;
    }
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(begin, at_ - begin);
  }

  /// @returns false at a fault.
  bool scan_value(const std::string& pointer, std::size_t depth) {
    if (depth > limits::json_depth_max) {
      return false;
    }
    if (take('{')) {
      return take('}') || scan_members(pointer, depth + 1);
    }
    if (take('[')) {
      return take(']') || scan_items(pointer, depth + 1);
    }
    if (!take_string().empty()) {
      return true;
    }
    const auto begin = at_;
    at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    return at_ > begin;
  }

  bool scan_members(const std::string& pointer, std::size_t depth) {
    do {
      const auto key = take_string();
      const auto name = parse(key);
      if (!name || !name->is_string()) {
        return false;
      }
      auto inner = pointer + '/';
      for (const char letter : name->get_ref<const std::string&>()) {
        inner += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
      }
      if (!has_room_for(inner)) {
        return false;
      }
      if (!found_.lines.emplace(inner, line_).second) {
        found_.repeated.push_back(inner);
        found_.lines[inner] = line_;
      }
      if (!take(':') || !scan_value(inner, depth)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  bool scan_items(const std::string& pointer, std::size_t depth) {
    std::size_t index = 0;
    do {
      skip_blanks();
      const auto inner = pointer + '/' + std::to_string(index++);
      if (!has_room_for(inner)) {
        return false;
      }
      found_.lines.emplace(inner, line_);
      if (!scan_value(inner, depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  bool has_room_for(const std::string& pointer) {
    pointer_bytes_ += pointer.size();
    return pointer_bytes_ <= pointer_bytes_max;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t pointer_bytes_ = 0;
  std::size_t line_ = 1;
  locations found_;
};

/// Notices only where the library stopped and why.
struct fault_listener : nlohmann::json_sax<value> {
  bool null() override { return true; }
  bool boolean(bool /*taken*/) override { return true; }
  bool number_integer(number_integer_t /*taken*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*taken*/) override { return true; }
  bool number_float(number_float_t /*taken*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*taken*/) override { return true; }
  bool binary(binary_t& /*taken*/) override { return true; }
  bool start_object(std::size_t /*members*/) override { return true; }
  bool key(string_t& /*taken*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*items*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& fault) override {
    offset = position;
    reason = fault.what();
    return false;
  }

  std::size_t offset = 0;
  std::string reason;
};

} // namespace

locations locate(std::string_view text) { return scanner{text}.run(); }

std::size_t line_of(const locations& known, std::string_view pointer) {
  for (;;) {
    const auto found = known.lines.find(std::string{pointer});
    if (found != known.lines.end()) {
      return found->second;
    }
    if (pointer.empty()) {
      return 1;
    }
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

std::optional<syntax_fault> find_syntax_fault(std::string_view text) {
  fault_listener listener;
  if (value::sax_parse(text, &listener)) {
    return std::nullopt;
  }
  // The library's text: "[json.exception.parse_error.101] parse error at line 3, column 5: reason".
  auto reason = listener.reason;
  if (const auto colon = reason.find(": "); colon != std::string::npos) {
    reason = reason.substr(colon + 2);
  }
  // Then it quotes what it read last, which may be the whole file, or a password whose closing
  // quote is missing.
  reason.resize(std::min(reason.find("; last read"), reason.size()));
  const auto end = std::min(listener.offset == 0 ? 0 : listener.offset - 1, text.size());
  const auto breaks =
    std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return syntax_fault{1 + static_cast<std::size_t>(breaks), std::move(reason)};
}

} // namespace nats_mcp::json
