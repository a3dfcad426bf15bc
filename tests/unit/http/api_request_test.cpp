#include "http/api_request.h"

#include <catch2/catch.hpp>

using namespace backstock;
using http::ApiRequest;

namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

struct Asked {
  explicit Asked(Query query, const std::string& body = "", const char* fields = "")
      : read(make(std::move(query), body, fields)) {}
  http::Request request;
  Result<ApiRequest> read;
  const ApiRequest* operator->() const { return &*read; }

 private:
  Result<ApiRequest> make(Query query, const std::string& body, const char* fields) {
    request.query = std::move(query);
    request.body = body;
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    return ApiRequest::read(request, "text number flag word at", fields);
  }
};

Asked one(const char* name, const char* value) { return Asked(Query{{name, value}}); }

void check_bad(const Error& error, std::string_view names) {
  CHECK(error.kind == ErrorKind::bad_input);
  CHECK(error.message.find(names) != std::string::npos);
  CHECK(error.sentence().find("SENT") == std::string::npos);
}

}  // namespace

TEST_CASE("what a query does not hold has its default, and empty is absent") {
  for (const Query& query : {Query{}, Query{{"text", ""}, {"number", ""}, {"flag", ""}, {"word", ""}, {"at", ""}}}) {
    const Asked asked(query);
    CHECK_FALSE(asked->text("text"));
    CHECK(asked->number("number", 1, 9, 5).value_or(0) == 5);
    CHECK_FALSE(asked->optional_number("number", 1, 9).value_or(1));
    CHECK_FALSE(asked->flag("flag").value_or(true));
    CHECK(asked->choice("word", {"hide", "only"}).value_or("") == "hide");
    CHECK_FALSE(asked->time("at").value_or(TimePoint()));
    check_bad(asked->needed_text("text").error(), "text");
    check_bad(asked->needed_number("number", 1, 9).error(), "number");
  }
}

TEST_CASE("what a query holds is read, and what it must not hold is named without repeating it") {
  const Asked fine(
      {{"text", "a b"}, {"number", "9"}, {"flag", "1"}, {"word", "only"}, {"at", "2026-11-21T14:05:00.250Z"}});
  CHECK(fine->needed_text("text").value_or("") == "a b");
  CHECK(fine->needed_number("number", 1, 9).value_or(0) == 9);
  CHECK(fine->flag("flag").value_or(false));
  CHECK(fine->choice("word", {"hide", "only"}).value_or("") == "only");
  CHECK(to_ms(fine->time("at").value_or(TimePoint()).value_or(TimePoint())) == 1'795'269'900'250);
  for (const char* number : {"0", "10", "-1", "1.0", "1SENT", " 1", "0x1", "99999999999999999999"})
    check_bad(one("number", number)->number("number", 1, 9, 5).error(), "number is not a number from 1 to 9");
  for (const char* flag : {"2", "true", "SENT"}) check_bad(one("flag", flag)->flag("flag").error(), "flag");
  check_bad(one("word", "SENT")->choice("word", {"hide", "only"}).error(), "hide, only");
  for (const char* at : {"SENT", "now", "2h ago", "T", "2026-13-01T00:00:00Z"})
    check_bad(one("at", at)->time("at").error(), "at is not a time");
}

TEST_CASE("an unknown parameter is refused with the ones that are known, and a known one twice is too") {
  const Asked unknown(Query{{"SENT", "1"}});
  REQUIRE_FALSE(unknown.read.has_value());
  check_bad(unknown.read.error(), "parameter");
  CHECK(unknown.read.error().hint.find("text, number, flag, word, at") != std::string::npos);
  const Asked twice(Query{{"text", "a"}, {"text", "b"}});
  REQUIRE_FALSE(twice.read.has_value());
  check_bad(twice.read.error(), "text stands in the query more than once");
}

TEST_CASE("fields of the body are read by kind and length, and refused by name") {
  const char* fields = "name on word list";
  const Asked fine({}, R"({"name":"äöü","on":true,"word":"full","list":["a","b"]})", fields);
  CHECK(fine->text_field("name", 3, 3).value_or("") == "äöü");
  CHECK(fine->flag_field("on", false).value_or(false));
  CHECK(fine->choice_field("word", {"full", "part"}).value_or("") == "full");
  CHECK(fine->texts_field("list", 2, 1).value_or(std::vector<std::string>()) == std::vector<std::string>{"a", "b"});
  check_bad(fine->text_field("name", 4, 9).error(), "the field name of the body is not a text of 4 to 9 characters");
  check_bad(fine->text_field("name", 1, 2).error(), "name");
  check_bad(fine->text_field("on", 1, 9).error(), "on");
  check_bad(fine->choice_field("word", {"part"}).error(), "one of part");
  check_bad(fine->texts_field("list", 1, 9).error(), "list");
  check_bad(fine->texts_field("name", 9, 9).error(), "name");

  const Asked empty({}, "{}", fields);
  check_bad(empty->text_field("name", 1, 9).error(), "name is missing");
  check_bad(empty->choice_field("word", {"part"}).error(), "word is missing");
  CHECK(empty->flag_field("on", true).value_or(false));
  CHECK(empty->texts_field("list", 9, 9).value_or(std::vector<std::string>{"x"}).empty());
  check_bad(Asked({}, R"({"on":null})", fields)->flag_field("on", true).error(), "on");
  check_bad(Asked({}, R"({"list":[1]})", fields)->texts_field("list", 9, 9).error(), "list");
}

TEST_CASE("a body that is no JSON object of known fields is refused with the place") {
  for (const char* body : {"", "[]", "\"SENT\"", "{\"name\":\"SENT\"", "{}{}", "\xff"}) {
    const Asked asked({}, body, "name");
    REQUIRE_FALSE(asked.read.has_value());
    check_bad(asked.read.error(), "the body is not a JSON object");
  }
  const Asked asked({}, R"({"name":1,"SENT":2})", "name");
  REQUIRE_FALSE(asked.read.has_value());
  check_bad(asked.read.error(), "field 2 of the body");
  const Asked none({}, "{}", "");
  REQUIRE_FALSE(none.read.has_value());
  check_bad(none.read.error(), "no body");
}
