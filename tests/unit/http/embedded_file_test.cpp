#include "http/embedded_file.h"

#include <catch2/catch.hpp>

using namespace backstock;

namespace {

constexpr http::EmbeddedFile kFiles[] = {
    {"app.js", "let plain = 1;", "packed", "\"abc\"", "text/javascript"},
    {"tiny.svg", "<svg/>", {}, "\"def\"", "image/svg+xml"},
};

http::Response serve(std::string_view path, std::vector<http::Header> headers) {
  http::Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  return http::serve_file(kFiles, path, request);
}

std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& one : response.headers) {
    if (http::same_name(one.name, name)) return one.value;
  }
  return {};
}

}  // namespace

TEST_CASE("a file goes compressed to who takes that, and only to them") {
  for (const char* taken : {"gzip", "GZIP", "br, gzip;q=0.8, *;q=0.1", "gzip;q=1.0", "gzip; q=0.001", " gzip ,br"}) {
    CAPTURE(taken);
    const http::Response response = serve("app.js", {{"Accept-Encoding", taken}});
    CHECK(response.body == "packed");
    CHECK(header(response, "Content-Encoding") == "gzip");
    CHECK(header(response, "ETag") == "\"abc-gz\"");
    CHECK(header(response, "Vary") == "Accept-Encoding");
  }
  for (const char* refused : {"", "br", "gzip;q=0", "gzip; q=0.000", "xgzip", "identity"}) {
    CAPTURE(refused);
    const http::Response response = serve("app.js", {{"Accept-Encoding", refused}});
    CHECK(response.body == "let plain = 1;");
    CHECK(header(response, "Content-Encoding").empty());
    CHECK(header(response, "ETag") == "\"abc\"");
    CHECK(header(response, "Vary") == "Accept-Encoding");
  }
  CHECK(serve("tiny.svg", {{"Accept-Encoding", "gzip"}}).body == "<svg/>");
}

TEST_CASE("each form of a file is confirmed by its own tag") {
  const auto status = [](const char* known, const char* taken) {
    return serve("app.js", {{"If-None-Match", known}, {"Accept-Encoding", taken}}).status;
  };
  CHECK(status("\"abc-gz\"", "gzip") == 304);
  CHECK(status("\"abc\"", "gzip") == 200);
  CHECK(status("\"abc\"", "br") == 304);
  CHECK(status("\"abc-gz\"", "br") == 200);
  const http::Response confirmed = serve("app.js", {{"If-None-Match", "\"abc-gz\""}, {"Accept-Encoding", "gzip"}});
  CHECK(confirmed.body.empty());
  CHECK(header(confirmed, "Content-Encoding").empty());
}

TEST_CASE("what is not embedded is not there") { CHECK(serve("other", {}).status == 404); }

TEST_CASE("what is compressed in the program is the same file") {
  for (const http::EmbeddedFile& file : http::webui_files()) {
    CAPTURE(file.path);
    if (file.gzip.empty()) continue;
    CHECK(file.gzip.size() < file.bytes.size());
    CHECK(file.gzip.starts_with("\x1f\x8b\x08"));
    // gzip ends with the plain size, little end first.
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
      size |= static_cast<std::uint32_t>(static_cast<unsigned char>(file.gzip[file.gzip.size() - 4 + i])) << (8 * i);
    CHECK(size == file.bytes.size());
  }
}
