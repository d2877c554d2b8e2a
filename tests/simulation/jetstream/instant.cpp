// SPDX-License-Identifier: MIT
#include "tests/simulation/jetstream/instant.hpp"

#include <array>
#include <cstdio>

namespace nats_mcp::simulation {

std::string to_text(instant time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::array<char, 80> text{};
  std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09lld", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()), static_cast<long long>(clock.subseconds().count()));
  std::string out{text.data()};
  while (out.back() == '0') {
    out.pop_back();
  }
  if (out.back() == '.') {
    out.pop_back();
  }
  return out + "Z";
}

} // namespace nats_mcp::simulation
