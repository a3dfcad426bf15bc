#include "http/embedded_file.h"

#include <algorithm>

namespace backstock::http {
namespace {

// Does a list such as `"a", W/"b"` or `*` name this tag?
bool lists_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view one = list.substr(0, comma);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag || one == "*") return true;
    if (comma == list.npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

Response serve_file(std::span<const EmbeddedFile> files, std::string_view path, const Request& request) {
  const auto file = std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& f) { return f.path == path; });
  if (file == files.end()) return problem(404, "Not found", "there is no such page");
  Response response;
  // no-cache: kept, but asked about each time, so that an upgraded daemon never meets the page of the old one.
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", std::string(file->etag)}};
  const auto known = request.header("If-None-Match");
  if (known && lists_etag(*known, file->etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = file->content_type;
  response.body = file->bytes;
  return response;
}

}  // namespace backstock::http
