// SPDX-License-Identifier: MIT
// What slow, endless, broken and very many clients cost: so much, and no more.
#include "protocol/limits/http.hpp"

#include "tests/unit/transport/http/serving.hpp"

#include <list>

namespace nats_mcp::transport::http_server_bounds_test {
namespace {

using namespace std::chrono_literals;
using nats_mcp::testing::eventually;
using nats_mcp::testing::observation;
using testing::item_id;
using testing::page_headers;
using testing::raw_client;

class a_pressed_server : public testing::served {
protected:
  void SetUp() override { serve(); }

  /// What is answered to these bytes.
  [[nodiscard]] std::string answer_to(std::string_view bytes) const {
    raw_client somebody{port()};
    somebody.say(bytes);
    EXPECT_TRUE(somebody.hears_the_end());
    return somebody.hear("");
  }
};

TEST_F(a_pressed_server, refuses_what_is_no_request) {
  for (const auto* bytes :
       {"hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "\x16\x03\x01\x02 TLS\r\n\r\n", "FROB / HTTP/1.1\r\nHost: localhost\r\n\r\n"}) {
    const auto answer = answer_to(bytes);
    EXPECT_EQ(answer.rfind("HTTP/1.1 4", 0), 0U) << bytes << answer;
  }
  EXPECT_EQ(get("/healthz"), 200);
}

TEST_F(a_pressed_server, refuses_bodies) {
  for (const auto* head : {"Content-Length: 5\r\n\r\nhello",
                           "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                           "Content-Length: 99999999999\r\n\r\n"}) {
    const auto answer =
      answer_to("POST /dead-letters/" + item_id
                + "/retry HTTP/1.1\r\nHost: localhost\r\nX-Nats-Mcp: 1\r\n" + head);
    EXPECT_EQ(answer.rfind("HTTP/1.1 413", 0), 0U) << answer;
  }
  EXPECT_FALSE(asked_);
}

TEST_F(a_pressed_server, reads_no_endless_head) {
  const std::string line(1000, 'x');
  std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  while (head.size() < 2 * limits::http_head_bytes_max) {
    head += "X-" + std::to_string(head.size()) + ": " + line + "\r\n";
  }
  raw_client somebody{port()};
  somebody.say(head + "\r\n");
  EXPECT_TRUE(somebody.hears_the_end());
  EXPECT_FALSE(somebody.heard("200 OK"));
  raw_client another{port()};
  another.say("GET /" + std::string(limits::http_head_bytes_max, 'a'));
  EXPECT_TRUE(another.hears_the_end());
  EXPECT_FALSE(another.heard("200 OK"));
  EXPECT_EQ(get("/" + std::string(limits::http_target_bytes_max, 'a')), 414);
}

TEST_F(a_pressed_server, waits_for_a_slow_head_so_long_and_no_longer) {
  raw_client slow{port()};
  const auto began = std::chrono::steady_clock::now();
  // A byte now and then does not buy more time.
  bool is_over = false;
  while (!is_over && std::chrono::steady_clock::now() < began + 4 * limits::http_read_max) {
    is_over = !slow.say("G") || slow.hears_the_end(100ms);
  }
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_TRUE(is_over);
  EXPECT_GE(took, limits::http_read_max - 100ms);
  EXPECT_LT(took, 2 * limits::http_read_max);
}

TEST_F(a_pressed_server, answers_at_once_while_many_say_nothing) {
  std::list<raw_client> silent;
  for (std::size_t one = 0; one < 150; ++one) {
    silent.emplace_back(port());
    // Some of them begin.
    EXPECT_TRUE(one % 3 != 0 || silent.back().say("GET /healthz HTTP/1.1\r\nHost: local"));
  }
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(get("/healthz"), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1s);
  silent.front().say("host\r\n\r\n");
  silent.front().hears_the_end();
  EXPECT_TRUE(silent.front().heard("200 OK")) << "and is answered when it goes on";
}

TEST_F(a_pressed_server, waits_for_nobody_whose_head_fills_its_bound_without_an_end) {
  std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
  head.resize(limits::http_head_bytes_max, 'x');
  std::list<raw_client> endless;
  for (std::size_t one = 0; one < limits::http_threads_max + 8; ++one) {
    endless.emplace_back(port());
    EXPECT_TRUE(endless.back().say(head));
  }
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(get("/healthz"), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1s);
  EXPECT_TRUE(endless.front().hears_the_end());
  EXPECT_FALSE(endless.front().heard("200 OK"));
}

TEST_F(a_pressed_server, closes_who_says_nothing_for_longest_when_there_are_too_many) {
  raw_client first{port()};
  std::list<raw_client> silent;
  for (std::size_t one = 0; one < limits::http_heads_awaited_max; ++one) {
    silent.emplace_back(port());
  }
  EXPECT_TRUE(first.hears_the_end(limits::http_read_max / 2));
  EXPECT_EQ(get("/healthz"), 200);
}

TEST_F(a_pressed_server, tells_those_it_has_no_room_for) {
  answer_nothing();
  std::list<raw_client> silent;
  const auto room = limits::http_threads_max + limits::http_connections_waiting_max;
  for (std::size_t one = 0; one < room; ++one) {
    silent.emplace_back(port());
    silent.back().say("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  EXPECT_TRUE(eventually(10s, [this] {
    raw_client one_more{port()};
    one_more.say("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    one_more.hears_the_end(50ms);
    return observation{one_more.heard("HTTP/1.1 503") && one_more.heard("busy"), ""};
  }));
  silent.clear();
  EXPECT_TRUE(eventually(10s, [this] { return get("/healthz") == 200; }));
}

TEST_F(a_pressed_server, does_not_wait_for_ever_for_an_answer) {
  answer_nothing();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(get("/readyz"), 504);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, limits::http_question_max);
  EXPECT_LT(took, limits::http_question_max + 3s);
}

TEST_F(a_pressed_server, survives_clients_that_leave_in_the_middle) {
  answer_nothing();
  for (int times = 0; times < 20; ++times) {
    raw_client somebody{port()};
    somebody.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    somebody.leave();
    raw_client another{port()};
    another.say("GET /met");
    another.leave();
  }
  EXPECT_TRUE(eventually(10s, [this] { return get("/healthz") == 200; }));
}

} // namespace
} // namespace nats_mcp::transport::http_server_bounds_test
