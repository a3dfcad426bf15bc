#include "store_api/api_error.h"

#include <catch2/catch.hpp>

#include "support/scripted_transport.h"

using namespace backstock;
using namespace backstock::store_api;
using backstock::testing::json_reply;
using backstock::testing::plain_reply;

namespace {
const Subject kSubject{"acme", "GET", "/v3/catalog/products", "store_v2_products_read_only"};
}

TEST_CASE("each status becomes the kind that callers act on") {
  struct {
    int status;
    ErrorKind kind;
  } rows[] = {{301, ErrorKind::rejected},     {302, ErrorKind::rejected},    {400, ErrorKind::rejected},
              {401, ErrorKind::refused},      {403, ErrorKind::forbidden},   {404, ErrorKind::not_found},
              {408, ErrorKind::unreachable},  {409, ErrorKind::rejected},    {410, ErrorKind::not_found},
              {413, ErrorKind::too_large},    {414, ErrorKind::too_large},   {422, ErrorKind::rejected},
              {429, ErrorKind::rate_limited}, {500, ErrorKind::unreachable}, {503, ErrorKind::unreachable},
              {507, ErrorKind::rejected}};
  for (const auto& row : rows) {
    const Error error = status_error(kSubject, json_reply(row.status, "{}"), 1);
    INFO(error.sentence());
    CHECK(error.kind == row.kind);
    CHECK(error.message.find("acme") != std::string::npos);
    CHECK(error.message.find("/v3/catalog/products") != std::string::npos);
    CHECK(error.message.find(std::to_string(row.status)) != std::string::npos);
  }
}

TEST_CASE("a refusal names the fields but not the store's words, which stand in detail") {
  const std::string body =
      R"({"status":422,"title":"Create customers failed.","errors":{"0.email":"jane@example.org is taken","jane@example.org":"x","name":""}})";
  const Error error = status_error(kSubject, json_reply(422, body), 1);
  CHECK(error.message.find("0.email, name") != std::string::npos);
  CHECK(error.sentence().find("jane") == std::string::npos);
  CHECK(error.detail == body);
}

TEST_CASE("fields are found in every shape of refusal, and nowhere else") {
  CHECK(refused_fields(R"([{"status":400,"message":"The field 'image_file' is invalid."}])") ==
        std::vector<std::string>{"image_file"});
  CHECK(refused_fields(R"({"batch_errors":[{"errors":{"sku":"dup"}}]})") == std::vector<std::string>{"sku"});
  CHECK(refused_fields(R"({"errors":[{"errors":{"0.key":"dup"}}]})") == std::vector<std::string>{"0.key"});
  for (const char* body : {"", "<html>", "null", "[1,2]", R"({"errors":{}})", R"({"errors":"field 'x'"})",
                           R"([{"message":"field 'has space'"}])", R"({"errors":{"a b":1}})", R"({"errors")"}) {
    CHECK(refused_fields(body).empty());
  }
}

TEST_CASE("a 404 that is no API answer points at the configuration") {
  CHECK(status_error(kSubject, plain_reply(404, "<html>Not found</html>"), 1).hint.find("store_hash") !=
        std::string::npos);
  CHECK(status_error(kSubject, json_reply(404, R"({"status":404})"), 1).hint.empty());
}

TEST_CASE("a 403 names the scope, a redirect names api_url, many tries are told") {
  CHECK(status_error(kSubject, json_reply(403, "{}"), 1).hint.find("store_v2_products_read_only") != std::string::npos);
  CHECK(status_error(kSubject, plain_reply(301, ""), 1).hint.find("api_url") != std::string::npos);
  CHECK(status_error(kSubject, json_reply(503, "{}"), 6).message.find("tried 6 times") != std::string::npos);
}
