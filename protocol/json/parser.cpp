// SPDX-License-Identifier: MIT
// The reading half of protocol/json/value.hpp: turns the library's parser events into a document
// while it holds the bounds. The library's own document builder has none, looks every key up in a
// list and loses the digits of large integers.
#include "protocol/json/surrogates.hpp"
#include "protocol/json/value.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nats_mcp::json {

namespace {

/// Objects with more members than this get an index while they are read: a hostile object of the
/// largest size would otherwise cost millions of comparisons.
constexpr std::size_t members_without_index_max = 16;

bool is_integer(std::string_view number) noexcept {
  return std::all_of(number.begin(), number.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

bool names_an_id(std::string_view key) noexcept {
  return key == "id" || key == "requestId" || key == "progressToken";
}

/// Builds the document. Of two members with the same key the last one wins, in the place of the
/// first: that is what JavaScript's JSON.parse does, so both ends of a connection to the reference
/// implementations see the same message.
class document_builder {
public:
  using number_integer_t = value::number_integer_t;
  using number_unsigned_t = value::number_unsigned_t;
  using number_float_t = value::number_float_t;
  using string_t = value::string_t;
  using binary_t = value::binary_t;

  bool null() { return place(value(nullptr)) != nullptr; }
  bool boolean(bool flag) { return place(value(flag)) != nullptr; }
  bool number_integer(number_integer_t number) { return place(value(number)) != nullptr; }
  bool number_unsigned(number_unsigned_t number) { return place(value(number)) != nullptr; }

  bool number_float(number_float_t number, const string_t& digits) {
    if (!open_.empty() && open_.back().container->is_object() && names_an_id(*key_)
        && is_integer(digits)) {
      return place(value::binary({digits.begin(), digits.end()})) != nullptr;
    }
    return place(value(number)) != nullptr;
  }

  bool string(string_t& text) { return place(value(std::move(text))) != nullptr; }
  bool binary(binary_t&) { return false; } // JSON text has none

  bool start_object(std::size_t) { return open(value::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(value::array()); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    auto& frame = open_.back();
    auto& members = frame.members();
    const auto position = position_of(frame, name);
    if (position < members.size()) {
      auto& member = members.data()[position];
      key_ = &member.first;
      slot_ = &member.second;
      return true;
    }
    if (members.size() == limits::json_object_members_max) {
      return refuse("an object of the JSON text has more than "
                    + std::to_string(limits::json_object_members_max) + " members");
    }
    if (frame.index) {
      frame.index->emplace(name, members.size());
    }
    auto& member = members.emplace_back(std::move(name), value{});
    key_ = &member.first;
    slot_ = &member.second;
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception&) {
    failure_ =
      error{ec::malformed, "the text is not valid JSON at byte " + std::to_string(position), 0};
    return false;
  }

  [[nodiscard]] value take() { return std::move(root_); }
  [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
  struct open_container {
    value* container;
    std::unique_ptr<std::unordered_map<std::string, std::size_t>> index;

    [[nodiscard]] value::object_t& members() const {
      return *container->get_ptr<value::object_t*>();
    }
  };

  static std::size_t position_of(open_container& frame, const std::string& name) {
    auto& members = frame.members();
    if (!frame.index && members.size() > members_without_index_max) {
      frame.index = std::make_unique<std::unordered_map<std::string, std::size_t>>();
      for (std::size_t i = 0; i < members.size(); ++i) {
        frame.index->emplace(members.data()[i].first, i);
      }
    }
    if (frame.index) {
      const auto found = frame.index->find(name);
      return found == frame.index->end() ? members.size() : found->second;
    }
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&name](const auto& member) { return member.first == name; });
    return static_cast<std::size_t>(found - members.begin());
  }

  value* place(value&& part) {
    if (open_.empty()) {
      root_ = std::move(part);
      return &root_;
    }
    auto& parent = *open_.back().container;
    if (auto* elements = parent.get_ptr<value::array_t*>()) {
      return &elements->emplace_back(std::move(part));
    }
    *slot_ = std::move(part);
    return slot_;
  }

  bool open(value&& container) {
    if (open_.size() == limits::json_depth_max) {
      return refuse("the JSON text is nested deeper than " + std::to_string(limits::json_depth_max)
                    + " levels");
    }
    open_.push_back({place(std::move(container)), nullptr});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool refuse(std::string why) {
    failure_ = error{ec::limit_exceeded, std::move(why), 0};
    return false;
  }

  value root_;
  /// Outermost first. A pointer stays valid while its container is open: its siblings come later.
  std::vector<open_container> open_;
  /// Name and place of the member that is read next.
  const std::string* key_ = nullptr;
  value* slot_ = nullptr;
  error failure_;
};

/// Looks for one scalar member of the outermost object and keeps nothing else.
class member_scanner {
public:
  using number_integer_t = value::number_integer_t;
  using number_unsigned_t = value::number_unsigned_t;
  using number_float_t = value::number_float_t;
  using string_t = value::string_t;
  using binary_t = value::binary_t;

  explicit member_scanner(std::string_view wanted)
    : wanted_{wanted} {
    // nop
  }

  bool null() { return note(value(nullptr)); }
  bool boolean(bool flag) { return note(value(flag)); }
  bool number_integer(number_integer_t number) { return note(value(number)); }
  bool number_unsigned(number_unsigned_t number) { return note(value(number)); }
  bool number_float(number_float_t number, const string_t& digits) {
    return is_integer(digits) ? note(value::binary({digits.begin(), digits.end()}))
                              : note(value(number));
  }
  bool string(string_t& text) { return !here_ || note(value(std::move(text))); }
  bool binary(binary_t&) { return false; }

  bool start_object(std::size_t) { return open(); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    here_ = depth_ == 1 && name == wanted_;
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t, const std::string&, const Exception&) {
    return false;
  }

  [[nodiscard]] std::optional<value> take() { return std::move(found_); }

private:
  bool note(value&& scalar) {
    if (here_) {
      found_ = std::move(scalar);
      here_ = false;
    }
    return true;
  }

  bool open() {
    if (here_) {
      found_.reset();
      here_ = false;
    }
    ++depth_;
    return true;
  }

  bool close() {
    --depth_;
    return true;
  }

  std::string_view wanted_;
  std::size_t depth_ = 0;
  bool here_ = false;
  std::optional<value> found_;
};

} // namespace

result<value> parse(std::string_view text) {
  // The library takes a NUL for the end of the input and would accept whatever follows it.
  if (const auto position = text.find('\0'); position != std::string_view::npos) {
    return fail(ec::malformed,
                "the text has a NUL character at byte " + std::to_string(position + 1));
  }
  document_builder builder;
  if (value::sax_parse(text.begin(), text.end(), &builder)) {
    return builder.take();
  }
  if (builder.failure().code == ec::malformed) {
    if (const auto repaired = replace_lone_surrogates(text)) {
      document_builder second;
      if (value::sax_parse(repaired->begin(), repaired->end(), &second)) {
        return second.take();
      }
      return tl::make_unexpected(second.failure());
    }
  }
  return tl::make_unexpected(builder.failure());
}

std::optional<value> scan_member(std::string_view text, std::string_view key) {
  member_scanner scanner{key};
  if (text.find('\0') != std::string_view::npos
      || !value::sax_parse(text.begin(), text.end(), &scanner)) {
    return std::nullopt;
  }
  return scanner.take();
}

} // namespace nats_mcp::json
