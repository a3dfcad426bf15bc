#include "net/outgoing_url.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::net;

TEST_CASE("https goes anywhere, http only to this machine") {
  for (const char* url : {"https://api.bigcommerce.com/stores/abc/v3/x?id:in=1,2", "https://192.168.1.2:8443/",
                          "http://127.0.0.1:8080/x", "http://127.9.9.9/", "http://localhost:1/", "http://LocalHost/",
                          "http://[::1]:80/", "http://[0:0:0:0:0:0:0:1]/", "http://2130706433/"}) {
    INFO(url);
    CHECK(check_outgoing_url(url).has_value());
  }
  for (const char* url :
       {"http://api.bigcommerce.com/", "http://127.0.0.1.example.com/", "http://localhost.example.com/",
        "http://10.0.0.1/", "http://[::2]/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/", "ftp://127.0.0.1/",
        "file:///etc/passwd", "gopher://localhost/", "", "api.bigcommerce.com", "https://",
        "http://127.0.0.1@example.com/", "http://example.com#@127.0.0.1/", "https://user:pw@api.bigcommerce.com/",
        "https://a b/", "https://host/\r\nX: 1"}) {
    INFO(url);
    const auto result = check_outgoing_url(url);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::bad_input);
  }
}

TEST_CASE("loopback and host are told") {
  CHECK(check_outgoing_url("http://127.0.0.1:8080/x")->loopback);
  CHECK(check_outgoing_url("https://[::1]/")->host == "::1");
  CHECK_FALSE(check_outgoing_url("https://API.bigcommerce.com/")->loopback);
  CHECK(check_outgoing_url("https://API.bigcommerce.com/")->host == "api.bigcommerce.com");
}

TEST_CASE("a refused URL is named by its host alone") {
  const auto result = check_outgoing_url("http://example.com/v3/customers?email=jane%40example.org");
  CHECK(result.error().sentence().find("example.com") != std::string::npos);
  CHECK(result.error().sentence().find("jane") == std::string::npos);
  CHECK(check_outgoing_url("https://bob:hunter2@example.com/").error().sentence().find("hunter2") == std::string::npos);
}

TEST_CASE("methods and headers cannot carry a line of their own") {
  CHECK(check_outgoing_request({.url = "https://h/"}).has_value());
  CHECK_FALSE(check_outgoing_request({.method = "GET /\r\n", .url = "https://h/"}).has_value());
  CHECK_FALSE(check_outgoing_request({.method = "get", .url = "https://h/"}).has_value());
  CHECK_FALSE(check_outgoing_request({.url = "https://h/", .headers = {{"A: b", "c"}}}).has_value());
  CHECK_FALSE(check_outgoing_request({.url = "https://h/", .headers = {{"", "c"}}}).has_value());
  CHECK_FALSE(check_outgoing_request({.url = "https://h/", .headers = {{"A", "c\nd"}}}).has_value());
}
