#include "http/cursor.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::http;

TEST_CASE("a cursor gives its place back to its own query only") {
  const Json place{{"id", "a/b ü"}, {"at", 1795000000000}};
  const std::string cursor = make_cursor("products|id", place);
  CHECK(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == cursor.npos);
  const auto back = read_cursor("products|id", cursor);
  REQUIRE(back);
  CHECK((*back)["id"] == "a/b ü");
  CHECK((*back)["at"] == 1795000000000);
  CHECK(read_cursor("brands|id", cursor).error().kind == ErrorKind::bad_input);
  CHECK(read_cursor("products|id", cursor).has_value());
}

TEST_CASE("what is no cursor is refused") {
  for (const char* text : {"", "x", "====", "bnVsbA", "e30", "eyJxIjoxfQ", "\xFF", "W10"})
    CHECK(read_cursor("q", text).error().kind == ErrorKind::bad_input);
  const std::string cursor = make_cursor("q", Json{{"id", "7"}});
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = read_cursor("q", changed);  // may be another place of this query, never a crash
    if (read) CHECK(read->is_object());
  }
}
